"""What goes into and comes out of the operations on user messages."""
from manila.api import links, types
from manila.api.fields import Field, Fields
from manila.resources.messages import fields

LIST = Fields(
    None,
    *(Field(name) for name in ('action_id', 'detail_id', 'message_level', 'request_id', 'resource_id',
                               'resource_type')),
    Field('created_since', types.DATETIME, since='2.52', doc='Only messages from then on.'),
    Field('created_before', types.DATETIME, since='2.52', doc='Only messages up to then.'))

MESSAGE = Fields(
    'message',
    Field('id', types.UUID),
    Field('project_id'),
    Field('action_id'),
    Field('detail_id'),
    Field('message_level'),
    Field('created_at', types.DATETIME),
    Field('expires_at', types.DATETIME),
    Field('request_id'),
    links.field('messages'),
    Field('resource_type'),
    Field('resource_id'),
    Field('user_message', get=lambda row, req: fields.user_message(row['action_id'], row['detail_id'],
                                                                   row['reason']),
          doc='What was being done and what was the matter.'))
