"""Who may do what with access rules."""
from manila.policy import rule

_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_OLD = 'rule:default'

ALLOW = rule('share:allow_access', _MEMBER, 'Give clients access to a share.', 'POST /shares/{share_id}/action',
             deprecated=_OLD)
DENY = rule('share:deny_access', _MEMBER, 'Take access to a share away.', 'POST /shares/{share_id}/action',
            deprecated=_OLD)
GET_ALL = rule('share:access_get_all', _READER, 'List the access rules of a share.',
               'POST /shares/{share_id}/action', deprecated=_OLD)
GET = rule('share:access_get', _READER, 'Show an access rule.', 'POST /shares/{share_id}/action', deprecated=_OLD)
RULE_INDEX = rule('share_access_rule:index', _READER, 'List the access rules of a share.',
                  'GET /share-access-rules?share_id={share_id}', deprecated=_OLD)
RULE_GET = rule('share_access_rule:get', _READER, 'Show an access rule.', 'GET /share-access-rules/{access_id}',
                deprecated=_OLD)
RULE_UPDATE = rule('share_access_rule:update', _MEMBER, 'Change the level of an access rule.',
                   'PUT /share-access-rules/{access_id}', deprecated=_OLD)
UPDATE_METADATA = rule('share_access_metadata:update', _MEMBER, 'Set metadata of an access rule.',
                       'PUT /share-access-rules/{access_id}/metadata', deprecated=_OLD)
DELETE_METADATA = rule('share_access_metadata:delete', _MEMBER, 'Remove metadata of an access rule.',
                       'DELETE /share-access-rules/{access_id}/metadata/{key}', deprecated=_OLD)

RULES = [ALLOW, DENY, GET_ALL, GET, RULE_INDEX, RULE_GET, RULE_UPDATE, UPDATE_METADATA, DELETE_METADATA]
