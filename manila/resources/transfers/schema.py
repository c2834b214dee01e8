"""What goes into and comes out of the operations on share transfers."""
from manila.api import links, types
from manila.api.fields import Field, Fields


class StrippedName(types.Text):
    """A name without blanks around it."""

    def parse(self, value, where):
        return super().parse(value, where).strip()


LIST = Fields(
    None,
    Field('all_tenants', types.BOOLEAN, doc='Transfers of all projects; for administrators.'),
    *(Field(name) for name in ('name', 'name~', 'id', 'resource_type', 'resource_id', 'source_project_id',
                               'destination_project_id')))

CREATE = Fields(
    'transfer',
    Field('share_id', types.UUID, required=True),
    Field('name', StrippedName()))

ACCEPT = Fields(
    'accept',
    Field('auth_key', types.TEXT(255, 1), required=True, doc='The key that the creation answered.'),
    Field('clear_access_rules', types.BOOLEAN, default=False,
          doc='Remove all access rules of the share on the way.'))

SUMMARY = Fields(
    'transfer',
    Field('id', types.UUID),
    Field('name', get='display_name'),
    Field('resource_type', get=lambda row, req: 'share'),
    Field('resource_id', types.UUID, get='share_id'),
    links.field('share-transfers'))

TRANSFER = SUMMARY.extend(
    Field('created_at', types.DATETIME),
    Field('source_project_id'),
    Field('destination_project_id', doc='The project that is accepting it at the moment.'),
    Field('accepted', types.BOOLEAN, get=lambda row, req: False,
          doc='False: a transfer that was carried out is gone.'),
    Field('expires_at', types.DATETIME))

CREATED = TRANSFER.extend(Field('auth_key', doc='Lets another project accept it; told only here.'))
