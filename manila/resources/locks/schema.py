"""What goes into and comes out of the operations on resource locks."""
from manila.api import links, types
from manila.api.fields import Field, Fields

TYPE = types.ENUM('share', 'access_rule')
ACTION = types.ENUM('delete', 'show')
REASON = types.TEXT(1023)

LIST = Fields(
    None,
    Field('all_projects', types.BOOLEAN, doc='Locks of all projects; for administrators and services.'),
    *(Field(name) for name in ('project_id', 'user_id', 'id', 'resource_id')),
    Field('resource_type', TYPE),
    Field('resource_action', ACTION),
    Field('lock_context', types.ENUM('user', 'admin', 'service')),
    Field('lock_reason', REASON),
    Field('lock_reason~', REASON),
    Field('created_since', types.DATETIME),
    Field('created_before', types.DATETIME),
    Field('with_count', types.BOOLEAN))

CREATE = Fields(
    'resource_lock',
    Field('resource_id', types.UUID, required=True),
    Field('resource_type', TYPE, default='share', nullable=False),
    Field('resource_action', ACTION, default='delete', nullable=False,
          doc='What nobody may do; show is for access rules only.'),
    Field('lock_reason', REASON),
    strict=True)

UPDATE = Fields(
    'resource_lock',
    Field('resource_action', ACTION, nullable=True),
    Field('lock_reason', REASON),
    strict=True)

LOCK = Fields(
    'resource_lock',
    Field('id', types.UUID),
    Field('user_id'),
    Field('project_id'),
    Field('lock_context', doc='Who made it: a user, an administrator (admin) or a service.'),
    Field('resource_type'),
    Field('resource_id', types.UUID),
    Field('resource_action'),
    Field('lock_reason', REASON),
    Field('created_at', types.DATETIME),
    Field('updated_at', types.DATETIME),
    links.field('resource-locks'))
