"""URLs in answers."""
from urllib import parse

from manila.api import types
from manila.api.fields import Field
from manila.conf import CONF


def base_url(req):
    """URL of the service without ``/v2``: the configured one, or that by which the client came."""
    if CONF.osapi_share_base_URL:
        return CONF.osapi_share_base_URL.rstrip('/')
    return req.host_url + req.script_name.removesuffix('/v2')


def of_row(req, collection, row_id):
    """The links of a row: where the API has it, and a bookmark that outlives API versions."""
    prefix = f'{req.path_project}/' if req.path_project else ''
    tail = f'{prefix}{collection}/{row_id}'
    return [{'rel': 'self', 'href': f'{req.base_url}/v2/{tail}'},
            {'rel': 'bookmark', 'href': f'{req.base_url}/{tail}'}]


def next_page(req, last_id):
    """URL of the page that starts after a row."""
    query = {key: value for key, value in req.parameters.items() if key not in ('marker', 'offset')}
    query['marker'] = last_id
    return f'{req.base_url}/v2{parse.quote(req.path_info)}?{parse.urlencode(query)}'


def field(collection):
    """The field ``links`` of a view."""
    return Field('links', types.LIST(types.OBJECT), get=lambda row, req: req.links(collection, row['id']),
                 doc='Where the object is.')
