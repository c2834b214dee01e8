"""What goes into and comes out of the operations on share group types."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.conf import CONF
from manila.resources.types.schema import ACCESS_CHANGE, Name, Visibility  # noqa: F401

#: Until then clients must say that they accept experimental operations.
EXPERIMENTAL = ('2.31', '2.54')

LIST = Fields(
    None,
    Field('is_public', Visibility(),
          doc='Only public or only private types; "all" for both. For administrators.'),
    Field('group_specs', types.DICT_LITERAL, since='2.66', doc='Group specs that a type must have.'),
    Field('group_specs', types.UNKNOWN, until='2.65'))

CREATE = Fields(None, Field('share_group_type', types.OBJECT(Fields(
    None,
    Field('name', Name(), required=True),
    Field('share_types', types.LIST(types.TEXT(255, 1), low=1), required=True, doc='Their ids or names.'),
    Field('group_specs', types.EXTRA_SPECS),
    Field('is_public', types.BOOLEAN, default=True))), required=True))

SPECS = Fields(None, Field('group_specs', types.EXTRA_SPECS, required=True))


def _is_default(row, req):
    return row['name'] == CONF.default_share_group_type


TYPE = Fields(
    'share_group_type',
    Field('id', types.UUID),
    Field('name'),
    Field('is_public', types.BOOLEAN),
    Field('group_specs', types.OBJECT),
    Field('share_types', types.LIST(types.UUID)),
    Field('is_default', types.BOOLEAN, since='2.46', get=_is_default))

ACCESS = Fields('share_group_type_access', Field('share_group_type_id', types.UUID), Field('project_id'))
