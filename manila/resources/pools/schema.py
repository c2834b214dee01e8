"""What goes into and comes out of the operations on pools."""
from manila.api import types
from manila.api.fields import Field, Fields

LIST = Fields(
    None,
    Field('host', types.TEXT(255), doc='Regular expression for the host of a pool.'),
    Field('backend', types.TEXT(255), doc='Regular expression for the back end of a pool.'),
    Field('pool', types.TEXT(255), doc='Regular expression for the name of a pool.'),
    Field('capabilities', types.DICT_LITERAL, doc='What a pool must offer, compared like extra specs.'),
    Field('share_type', types.TEXT(255), since='2.23',
          doc='Name or id of a share type; its extra specs count instead of the capabilities.'))

POOL = Fields('pool', Field('name'), Field('host'), Field('backend'), Field('pool'))
DETAIL = POOL.extend(Field('capabilities', types.OBJECT, doc='What the back end has reported.'))
