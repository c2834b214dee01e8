"""A small resource for the tests of the framework: toys, kept in a dict."""
import datetime

from manila import exception
from manila.api import links, types
from manila.api.fields import Field, Fields
from manila.api.operation import Operations, Page
from manila.policy import HOST_ADMIN, rule

READ = '(rule:context_is_admin) or (rule:project-reader)'
WRITE = '(rule:context_is_admin) or (rule:project-member)'
GET = rule('toy:get', READ, 'Show toys.', 'GET /toys/{toy_id}', deprecated='rule:default')
CREATE = rule('toy:create', WRITE, 'Make a toy.', 'POST /toys', deprecated='')
GROW = rule('toy:grow', WRITE, 'Change the size of a toy.', 'POST /toys/{toy_id}/action')
ADMIN = rule('toy:admin', 'rule:context_is_admin', 'Everything else.', 'GET /boxes',
             deprecated='rule:admin_api')
RULES = [GET, CREATE, GROW, ADMIN]

PROJECT = 'abc123'
MADE = datetime.datetime(2026, 1, 2, 3, 4, 5, 678)

SUMMARY = Fields('toy', Field('id'), Field('name'), links.field('toys'))
DETAIL = SUMMARY.extend(
    Field('size', types.INTEGER),
    Field('created_at', types.DATETIME),
    Field('state', get=lambda row, req: 'good' if req.since('2.20') else 'ok', until='2.30'),
    Field('state', since='2.31'),
    Field('host', only=HOST_ADMIN),
    Field('colour', since='2.10', optional=True))
NEW = Fields(
    'toy',
    Field('size', types.SIZE, required=True),
    Field('name', types.NAME, aliases=('display_name',)),
    Field('is_public', types.BOOLEAN, default=False),
    Field('colour', types.ENUM('red', 'blue'), since='2.10'),
    Field('metadata', types.METADATA))
LIST = Fields(None, Field('name'), Field('is_public', types.BOOLEAN), Field('metadata', types.DICT_LITERAL))

toys = Operations('toys', 'Toys')


def row(toy_id='1', **values):
    return {'id': toy_id, 'name': f'toy {toy_id}', 'size': 1, 'created_at': MADE, 'state': 'fine',
            'host': 'h', 'project_id': PROJECT, 'user_id': 'u', **values}


@toys.get('/toys', policy=GET, query=LIST, view=SUMMARY, collection='toys', paged=True)
def index(req):
    """List toys."""
    rows = [row(str(number)) for number in range(5)]
    first = req.page.offset
    return Page(rows[first:first + req.page.limit])


@toys.get('/toys/detail', policy=GET, query=LIST, view=DETAIL, collection='toys', paged=True)
def detail(req):
    """List toys in full."""
    req.environ['toys.query'] = req.query
    return Page([row('1', colour='red'), row('2')], has_more=True, count=7)


@toys.get('/colours', policy=GET, view=Fields(None, Field('name')), collection='colours')
def colours(req):
    """List colours."""
    return [{'name': 'red'}, {'name': 'blue'}]


@toys.get('/toys/{toy_id}', policy=GET, view=DETAIL, also='plaything')
def show(req, toy_id):
    """Show a toy."""
    if toy_id == 'broken':
        raise TypeError('a secret detail')
    if toy_id == 'unknown':
        raise exception.ShareNotFound(share_id=toy_id)
    found = row(toy_id, project_id='other' if toy_id == 'foreign' else PROJECT)
    req.context.authorize(found)
    return found


@toys.post('/toys', policy=CREATE, body=NEW, view=DETAIL, missing=422)
def create(req, body):
    """Make a toy."""
    req.environ['toys.body'] = body
    if body['size'] > 100:
        raise exception.ShareLimitExceeded(allowed=100)
    return row(size=body['size'], name=body.get('name'))


@toys.put('/toys/{toy_id}', policy=CREATE, since='2.5', body=Fields('toy', Field('name'), strict=True))
def update(req, toy_id, body):
    """Change a toy."""
    req.environ['toys.body'] = body


@toys.delete('/toys/{toy_id}', policy=CREATE, status=202)
def remove(req, toy_id):
    """Remove a toy."""


@toys.action('/toys/{toy_id}/action', 'grow', legacy='os-grow', policy=GROW,
             body=Fields('grow', Field('new_size', types.SIZE, required=True)))
def grow(req, toy_id, body):
    """Make a toy larger."""
    req.environ['toys.body'] = body
    if toy_id == 'busy':
        raise exception.Conflict(err='The toy is busy.')
    if toy_id == 'grown':
        req.answer_status = 200


@toys.action('/toys/{toy_id}/action', 'paint', since='2.22', experimental=('2.22', '2.95'), policy=GROW,
             view=SUMMARY)
def paint(req, toy_id):
    """Paint a toy."""
    return row(toy_id)


@toys.get('/boxes', legacy_path='/os-boxes', policy=ADMIN, view=types.OBJECT, wrap='boxes')
def boxes(req):
    """List boxes."""
    return {'big': 1}


@toys.get('/limits', policy=None, public=True, view=types.OBJECT, wrap='limits')
def limits(req):
    """Show limits."""
    return {'free': float('inf')}


@toys.put('/toys/{toy_id}/labels', policy=CREATE, body=types.METADATA, view=types.OBJECT)
def label(req, toy_id, body):
    """Put labels on a toy."""
    return body
