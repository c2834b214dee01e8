"""Who may do what with user messages."""
from manila.policy import rule

_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_OLD_OWNER = 'rule:default'

GET = rule('message:get', _READER, 'Show a user message.', 'GET /messages/{message_id}',
           deprecated=_OLD_OWNER)
GET_ALL = rule('message:get_all', _READER, 'List user messages.', 'GET /messages', deprecated=_OLD_OWNER)
DELETE = rule('message:delete', _MEMBER, 'Delete a user message.', 'DELETE /messages/{message_id}',
              deprecated=_OLD_OWNER)

RULES = [GET, GET_ALL, DELETE]
