"""What a REST resource is: where its objects are, how one is rendered, and what may be done to it."""

import dataclasses
import typing
import urllib.parse

from manila.tests.simulators.ontap.model import jobs
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import body as bodies, catalogue, query

RESERVED = ('fields', 'max_records', 'return_records', 'return_timeout', 'order_by', 'offset', 'continue_on_failure',
            'ignore_unknown_fields', 'pretty', 'query', 'query_fields', 'serial_records', 'privilege_level')
REGISTRY = []


class Made(typing.NamedTuple):
    """What `create` returns when the object's path is not that of what it returns: a job, or nothing."""

    thing: object
    location: str


@dataclasses.dataclass
class Call:
    """One request after login.

    `svm` narrows what is seen: an SVM user's own or the one tunnelled to. `prefix` are the first keys of objects, when
    the path names them; `needed` the outermost names of the fields that matter, None for all.
    """

    cluster: object
    account: object
    svm: object
    method: str
    path: str
    params: dict
    data: object = None
    tunnelled: bool = False
    strict: bool = True
    hal: bool = True
    prefix: tuple = ()
    needed: set = None

    @property
    def is_cluster_user(self):
        return self.account.svm is None

    @property
    def now(self):
        return self.cluster.now()

    def flag(self, name, default=False):
        """A boolean query parameter."""
        value = self.params.get(name)
        return default if value is None else str(value).lower() == 'true'

    def links(self, path):
        return {'self': {'href': '/api' + path}}

    def ref(self, path, thing, **more):
        """A reference to another object: name, uuid and a link to it."""
        if thing is None:
            return None
        found = {'uuid': thing.uuid, 'name': thing.name}
        found.update(more)
        if self.hal:
            found['_links'] = self.links('%s/%s' % (path, thing.uuid))
        return found

    def svm_ref(self, svm):
        return self.ref('/svm/svms', svm)

    def find_svm(self, body, required=True):
        """The SVM a body names, or the one of the tunnel or user. Both must agree."""
        name, uuid = body.get('svm.name'), body.get('svm.uuid')
        if not name and not uuid:
            if self.svm is None and required:
                raise Refused('missing_value', 'Field "svm.name" or "svm.uuid" is required.', 'svm.name')
            return self.svm
        for svm in self.cluster.data_svms:
            if (not name or svm.name == name) and (not uuid or svm.uuid == uuid):
                if self.svm is not None and svm is not self.svm:
                    raise Refused('bad_tunnel', 'SVM "%s" is not the SVM of the request.' % svm.name, 'svm.name')
                return svm
        raise Refused('svm.not_found', 'SVM "%s" does not exist.' % (name or uuid), 'svm.name')


def nest(into, leaves):
    """Put values with dotted names into a nested record, without overwriting what is there."""
    for name, value in leaves.items():
        parts = name.split('.')
        place = into
        for part in parts[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place.setdefault(parts[-1], value)
    return into


def resource(kind):
    """Class decorator: make one instance known to the router."""
    REGISTRY.append(kind())
    return kind


class Resource:
    """Base of all resources.

    `scope` is 'cluster' for what SVM users may not see, 'svm' for what belongs to SVMs, 'any' otherwise.
    `flags` are query parameters of write requests that are no fields. `quick` maps fields to cheap getters.
    `special` are field groups that must not be kept as plain settings when nobody deals with them.
    `linked` says whether records carry a link to themselves; `delete_body` are keys a DELETE may bring along.
    """

    path = ''
    keys = ('uuid',)
    scope = 'svm'
    identity = ('uuid', 'name')
    flags = ()
    quick = {}
    special = ()
    singleton = False
    since = (9, 6, 0)
    fields_path = None
    linked = True
    missing_on_change = 'not_found'
    delete_body = ()

    @property
    def fields(self):
        return catalogue.fields_of(self.fields_path or self.path)

    # --- to be given by resources ---------------------------------------------------------------------------
    def all(self, call, *parents):
        """Every object of the resource, in the order of creation."""
        raise NotImplementedError

    def render(self, call, thing):
        """The whole record of an object as nested dicts. What is dear to compute may be a function."""
        raise NotImplementedError

    def create(self, call, body, *parents):
        raise self._unsupported(call)

    def modify(self, call, thing, body):
        raise self._unsupported(call)

    def remove(self, call, thing, data):
        raise self._unsupported(call)

    def svm_of(self, thing):
        return getattr(thing, 'svm', None)

    def key(self, thing):
        """The key values of an object as texts, as they stand in its URL."""
        return (str(thing.uuid),)

    def place(self, thing):
        """The path of the collection an object is in; other than `path` when that has parents in it."""
        return self.path

    # --- common ---------------------------------------------------------------------------------------------
    def _unsupported(self, call):
        return Refused('unsupported', 'The method %s is not supported on "%s".' % (call.method, self.path))

    def location(self, thing):
        return '/'.join([self.place(thing)] + [urllib.parse.quote(k, safe='') for k in self.key(thing)])

    def visible(self, call, *parents):
        """The objects this call may see."""
        things = self.all(call, *parents)
        if self.scope == 'svm' and call.svm is not None:
            things = [t for t in things if self.svm_of(t) is call.svm]
        if call.prefix:
            things = [t for t in things if self.key(t)[:len(call.prefix)] == call.prefix]
        return list(things)

    def find(self, call, parents, keys):
        wanted = tuple(urllib.parse.unquote(k) for k in keys)
        for thing in self.visible(call, *parents):
            if tuple(k.lower() for k in self.key(thing)) == tuple(k.lower() for k in wanted):
                return thing
        raise Refused('not_found', "entry doesn't exist", self.keys[0])

    def record(self, call, thing):
        record = self.render(call, thing)
        for key in [k for k, value in record.items() if callable(value)]:
            if call.needed is None or key in call.needed:
                record[key] = record[key]()
            else:
                del record[key]
        nest(record, getattr(thing, 'attributes', None) or {})
        if self.linked:
            record['_links'] = call.links(self.location(thing))
        return record

    def filters(self, call):
        """The query parameters that are conditions on fields."""
        found = {}
        for name, text in call.params.items():
            if name in RESERVED or name in self.flags or name.startswith('start.'):
                continue
            if not self.fields.knows(name, call.cluster.version):
                if call.flag('ignore_unknown_fields'):
                    continue
                raise Refused('unknown_field', 'Unexpected argument "%s".' % name, name)
            found[name] = text
        return found

    def select(self, call, parents):
        """(object, record, flat record) of all objects that satisfy the query."""
        filters = self.filters(call)
        cheap = {name: self.quick[name] for name in filters if name in self.quick}
        across = [n for n in call.params.get('query_fields', '').split(',') if n]
        found = []
        for thing in self.visible(call, *parents):
            if not all(query.matches(_listed(get(thing)), filters[name]) for name, get in cheap.items()):
                continue
            record = self.record(call, thing)
            flat = query.flatten(record)
            if not all(query.matches(flat.get(n, []), text) for n, text in filters.items() if n not in cheap):
                continue
            if across and not any(query.matches(flat.get(n, []), call.params.get('query', '*')) for n in across):
                continue
            found.append((thing, flat, record))
        return found

    def body(self, call, data, access):
        if not isinstance(data, dict):
            raise Refused('bad_json', 'The body is not a JSON object.')
        return bodies.Body(data, self.fields, access, call.cluster.version, call.strict)


def _listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def job_links(call, job):
    return {'uuid': job.uuid, '_links': call.links('/cluster/jobs/%s' % job.uuid)}


def run(call, description, operation, svm, /, **arguments):
    """Start a job for a write request."""
    return jobs.start(call.cluster, description, operation, svm, **arguments)
