"""Who may do what with share transfers."""
from manila.policy import rule

_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_OLD = 'rule:default'

GET_ALL = rule('share_transfer:get_all', _READER, 'List share transfers.', 'GET /share-transfers',
               'GET /share-transfers/detail', deprecated=_OLD)
GET_ALL_PROJECTS = rule('share_transfer:get_all_tenant', 'rule:context_is_admin',
                        'List the share transfers of all projects.', 'GET /share-transfers',
                        'GET /share-transfers/detail', deprecated='rule:admin_api')
CREATE = rule('share_transfer:create', _MEMBER, 'Offer a share to another project.', 'POST /share-transfers',
              deprecated=_OLD)
GET = rule('share_transfer:get', _READER, 'Show a share transfer.', 'GET /share-transfers/{transfer_id}',
           deprecated=_OLD)
ACCEPT = rule('share_transfer:accept', _MEMBER, 'Accept a share transfer.',
              'POST /share-transfers/{transfer_id}/accept', deprecated=_OLD)
DELETE = rule('share_transfer:delete', _MEMBER, 'Withdraw a share transfer.',
              'DELETE /share-transfers/{transfer_id}', deprecated=_OLD)

RULES = [GET_ALL, GET_ALL_PROJECTS, CREATE, GET, ACCEPT, DELETE]
