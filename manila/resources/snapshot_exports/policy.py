"""Who may see export locations of snapshots."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_READER = '(rule:context_is_admin) or (rule:project-reader)'
_OF_SNAPSHOT = '/snapshots/{snapshot_id}/export-locations'
_OF_INSTANCE = '/snapshot-instances/{snapshot_instance_id}/export-locations'

INDEX = rule('share_snapshot_export_location:index', _READER, 'List the export locations of a snapshot.',
             f'GET {_OF_SNAPSHOT}/', deprecated='rule:default')
SHOW = rule('share_snapshot_export_location:show', _READER, 'Show an export location of a snapshot.',
            f'GET {_OF_SNAPSHOT}/{{export_location_id}}', deprecated='rule:default')
INSTANCE_INDEX = rule('share_snapshot_instance_export_location:index', _ADMIN,
                      'List the export locations of a snapshot instance.', f'GET {_OF_INSTANCE}',
                      deprecated='rule:admin_api')
INSTANCE_SHOW = rule('share_snapshot_instance_export_location:show', _ADMIN,
                     'Show an export location of a snapshot instance.',
                     f'GET {_OF_INSTANCE}/{{export_location_id}}', deprecated='rule:admin_api')

RULES = [INDEX, SHOW, INSTANCE_INDEX, INSTANCE_SHOW]
