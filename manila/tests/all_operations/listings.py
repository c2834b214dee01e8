"""All operations that answer with a list, as the declarations have them, and how to call each."""
import itertools
import re
from urllib import parse

from manila.api import app

_SORTABLE = re.compile(r'Sort key "none-of-them" is not one of (.*?)\.')


class Listing:
    """One list operation over its span of microversions.

    :param operation: the declaration
    """

    def __init__(self, operation):
        self.operation = operation
        self.fields = {field.name: field for field in operation.query or ()}
        #: What has to be named before there is a list.
        self.parents = (*operation.variables, *(name for name, field in self.fields.items() if field.required))

    def __str__(self):
        return f'{self.operation.name}-{self.operation.span}'

    @property
    def newest(self):
        """The last microversion that has it."""
        return str(self.operation.span.until)

    @property
    def oldest(self):
        """The first microversion that has it."""
        return str(self.operation.span.since)

    def everywhere(self):
        """The query by which administrators see the rows of all projects."""
        return {name: '1' for name in ('all_tenants', 'all_projects') if name in self.fields}

    def send(self, who, parents, version=None, **query):
        """Ask for the list; returns the answer.

        :param parents: name -> id of what is to be named
        """
        path = self.operation.path.format(**parents)
        query.update({name: value for name, value in parents.items() if name not in self.operation.variables})
        if query:
            path = f'{path}?{parse.urlencode(query)}'
        body = {self.operation.action: None} if self.operation.action else None
        return who(self.operation.method, path, body, version=version or self.newest,
                   **{'X-OpenStack-Manila-API-Experimental': 'True'})

    def page(self, who, parents, **query):
        """(rows, path of the next page or None, the whole content) of an answer that must be a good one."""
        answer = self.send(who, parents, **query)
        assert answer.status_int == 200, (str(self), query, answer.text)
        return self.read(answer)

    def read(self, answer):
        """(rows, path of the next page or None, the whole content) of an answer."""
        content = answer.json
        links = {link['rel']: link['href'] for link in content.get(self.operation.collection_links, ())}
        following = links.get('next')
        return content[self.operation.collection], following and following.partition('/v2')[2], content

    def sort_keys(self, who, parents):
        """The names by which the service sorts it, as it tells those who name another."""
        answer = self.send(who, parents, sort_key='none-of-them')
        return _SORTABLE.search(answer.json['badRequest']['message'])[1].split(', ')

    def fullest(self, who, ids):
        """The parents whose list is longest.

        :param ids: name -> what it may stand for
        """
        choices = [dict(zip(self.parents, values))
                   for values in itertools.product(*(ids[name] for name in self.parents))]
        return max(choices, key=lambda parents: self._length(who, parents))

    def _length(self, who, parents):
        answer = self.send(who, parents, **self.everywhere())
        return len(self.read(answer)[0]) if answer.status_int == 200 else -1


def all_listings():
    """Every list operation."""
    return [Listing(item) for item in app.operations() if item.collection]
