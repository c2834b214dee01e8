"""What goes into and comes out of the operations on share types."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.conf import CONF
from manila.resources.types import specs

OLD_IS_PUBLIC = 'os-share-type-access:is_public'
IS_PUBLIC = 'share_type_access:is_public'
_ALL = ('all', 'none')


class Name(types.Text):
    """A name that is not blank."""

    def __init__(self):
        super().__init__(255, 1)

    def parse(self, value, where):
        super().parse(value, where)
        if not value.strip():
            types.refuse(where, 'must not be blank')
        return value.strip()


class Visibility(types.Boolean):
    """True, false, or None for both."""

    null = True

    def parse(self, value, where):
        if isinstance(value, str) and value.strip().lower() in _ALL:
            return None
        return super().parse(value, where)

    def json_schema(self, version=None, output=False):
        return {'type': ['boolean', 'string']}


class Project(types.Text):
    """The id of a project: a UUID, with or without hyphens."""

    def parse(self, value, where):
        return types.UUID.parse(value, where)


LIST = Fields(
    None,
    Field('is_public', Visibility(),
          doc='Only public or only private types; "all" for both. For administrators.'),
    Field('extra_specs', types.DICT_LITERAL, since='2.43', doc='Extra specs that a type must have.'),
    Field('extra_specs', types.UNKNOWN, until='2.42'))


def _body(*fields):
    """The body of a request, which may name its object in the old way too."""
    inside = types.OBJECT(Fields(None, *fields))
    return Fields(None, Field('share_type', inside, required=True, aliases=('volume_type',)))


CREATE = _body(
    Field('name', Name(), required=True),
    Field('extra_specs', types.EXTRA_SPECS(integers=True), required=True,
          doc='Must have driver_handles_share_servers.'),
    Field('description', types.TEXT(255), since='2.41'),
    Field('description', types.UNKNOWN, until='2.40'),
    Field(IS_PUBLIC, types.BOOLEAN, since='2.7', default=True, aliases=(OLD_IS_PUBLIC,)),
    Field(IS_PUBLIC, types.BOOLEAN, until='2.6', default=True, aliases=(OLD_IS_PUBLIC,)))

UPDATE = _body(
    Field('name', Name(), nullable=True),
    Field('description', types.TEXT(255), doc='An empty one removes it.'),
    Field(IS_PUBLIC, types.BOOLEAN, nullable=True))

ACCESS_CHANGE = Fields(None, Field('project', Project(), required=True, doc='Id of the project.'))

SPECS = Fields(None, Field('extra_specs', types.EXTRA_SPECS, required=True))


def _extra_specs(inferred):
    def get(row, req):
        if req.context.is_admin:
            return row['extra_specs']
        return specs.visible(row['extra_specs'], inferred)
    return get


def _required(row, req):
    return {key: value for key, value in row['extra_specs'].items() if key == specs.REQUIRED}


def _is_default(row, req):
    return row['name'] == CONF.default_share_type


TYPE = Fields(
    'share_type',
    Field('id', types.UUID),
    Field('name'),
    Field('extra_specs', types.OBJECT, until='2.23', get=_extra_specs(())),
    Field('extra_specs', types.OBJECT, since='2.24', until='2.98', get=_extra_specs(specs.INFERRED)),
    Field('extra_specs', types.OBJECT, since='2.99', get=_extra_specs(specs.INFERRED_SINCE_299)),
    Field('required_extra_specs', types.OBJECT, get=_required),
    Field(OLD_IS_PUBLIC, types.BOOLEAN, until='2.6', get='is_public'),
    Field(IS_PUBLIC, types.BOOLEAN, since='2.7', get='is_public'),
    Field('description', since='2.41'),
    Field('is_default', types.BOOLEAN, since='2.46', get=_is_default))

ACCESS = Fields('share_type_access', Field('share_type_id', types.UUID), Field('project_id'))
