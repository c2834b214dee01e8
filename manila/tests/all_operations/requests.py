"""One request that succeeds for each operation, about what belongs to a project.

What is not said here follows from the names of an operation's variables. An operation with a body that is not
described makes the tests fail: whoever adds one describes it.
"""
import sqlalchemy as sa

from manila.db import session
from manila.tests.fuzz.world import HOST, PRIVATE, PROJECTS

#: Variables and keys of bodies that name what belongs to a project.
OWNED = ('share_id', 'snapshot_id', 'access_id', 'lock_id', 'transfer_id', 'message_id', 'share_instance_id',
         'snapshot_instance_id', 'share_replica_id', 'project_id', 'resource_id')

_QUERIES = {
    'share_id': "SELECT s.id FROM shares s WHERE display_description = :private AND NOT EXISTS "
                "(SELECT 1 FROM share_snapshots x WHERE x.share_id = s.id) AND NOT EXISTS "
                "(SELECT 1 FROM share_access_rules x WHERE x.share_id = s.id) AND NOT EXISTS "
                "(SELECT 1 FROM transfers x WHERE x.share_id = s.id)",
    'lock_id': "SELECT id FROM resource_locks WHERE resource_type = 'share' AND because_of IS NULL",
    'access_id': 'SELECT r.id FROM share_access_rules r WHERE NOT EXISTS '
                 '(SELECT 1 FROM resource_locks l WHERE l.access_rule_id = r.id)',
    'ruled': 'SELECT share_id FROM share_access_rules WHERE id = :access_id',
    'snapshot_rule': 'SELECT id FROM share_snapshot_access_rules',
    'snapshot_id': 'SELECT snapshot_id FROM share_snapshot_access_rules',
    'snapshotted': 'SELECT share_id FROM share_snapshots WHERE id = :snapshot_id',
    'transfer_id': 'SELECT id FROM transfers',
    'message_id': 'SELECT id FROM messages WHERE project_id = :member',
    'share_instance_id': 'SELECT id FROM share_instances WHERE share_id = :share_id',
    'snapshot_instance_id': 'SELECT id FROM share_snapshot_instances WHERE snapshot_id = :snapshot_id',
    'export_location_id': 'SELECT id FROM share_export_locations WHERE share_instance_id = :share_instance_id '
                          'AND NOT is_admin_only',
    'snapshot_location': 'SELECT id FROM share_snapshot_export_locations WHERE '
                         'snapshot_instance_id = :snapshot_instance_id AND NOT is_admin_only',
    'share_type_id': "SELECT id FROM share_types WHERE name = 'full'",
    'plain': "SELECT id FROM share_types WHERE name = 'plain'",
    'closed': "SELECT id FROM share_types WHERE name = 'closed'",
    'qos_type_id': "SELECT id FROM qos_types WHERE name = 'gold'",
    'share_group_type_id': "SELECT id FROM share_group_types WHERE name = 'open'",
    'closed_group_type': "SELECT id FROM share_group_types WHERE name = 'closed'",
    'share_replica_id': 'SELECT i.id FROM share_instances i JOIN shares s ON s.id = i.share_id '
                        'WHERE i.replica_state IS NOT NULL AND s.project_id = :member',
    'replica_location': 'SELECT id FROM share_export_locations WHERE share_instance_id = :share_replica_id '
                        'AND NOT is_admin_only',
}

_RULE = {'access_type': 'ip', 'access_to': '192.0.2.200'}
_SNAPSHOT_LOCATION = {'export_location_id': 'snapshot_location'}
_COLOR, _SPEED, _SPEC = {'color': 'blue'}, {'speed': '8'}, {'mount_snapshot_support': 'False'}


def _metadata(**variables):
    return {'variables': variables, 'body': {'metadata': _COLOR}}


#: Operation -> body (its key, if it has one, is put around it), the names of other variables than those of the same
#: name, query, and an action of the member that comes before it. ``@name`` in a body stands for an id.
_SAID = {
    'access.allow_access': {'body': _RULE},
    'access.deny_access': {'variables': {'share_id': 'ruled'}, 'body': {'access_id': '@access_id'}},
    'access.access_list': {'variables': {'share_id': 'ruled'}},
    'access.index': {'query': {'share_id': 'ruled'}},
    'access.update': {'body': {'access_level': 'ro'}},
    'access.metadata_update': {'body': {'metadata': _COLOR}},
    'ensuring.ensure_shares': {'body': {'host': 'node@alpha'}},
    'exports.metadata_show': {'key': 'speed'},
    'exports.metadata_create': {'body': {'metadata': _COLOR}},
    'exports.metadata_replace': {'body': {'metadata': _COLOR}},
    'exports.metadata_update': {'body': {'metadata': _COLOR}},
    'exports.metadata_delete': {'key': 'speed'},
    'group_types.create': {'body': {'share_group_type': {'name': 'new', 'share_types': ['plain']}}},
    'group_types.list_access': {'variables': {'share_group_type_id': 'closed_group_type'}},
    'group_types.add_access': {'variables': {'share_group_type_id': 'closed_group_type'},
                               'body': {'project': 'f' * 32}},
    'group_types.remove_access': {'variables': {'share_group_type_id': 'closed_group_type'},
                                  'body': {'project': PROJECTS['member']}},
    'group_types.create_specs': {'body': {'group_specs': _SPEED}},
    'group_types.show_spec': {'key': 'speed'},
    'group_types.update_spec': {'key': 'speed', 'body': _SPEED},
    'group_types.delete_spec': {'key': 'speed'},
    'locks.create': {'body': {'resource_id': '@share_id', 'resource_type': 'share'}},
    'locks.update': {'body': {'lock_reason': 'new'}},
    'managing.manage': {'body': {'service_host': HOST, 'protocol': 'NFS', 'export_path': '192.0.2.10:/unknown',
                                 'share_type': 'full'}},
    'qos.create': {'body': {'name': 'new'}},
    'qos.update': {'body': {'description': 'new'}},
    'qos.create_specs': {'body': {'specs': _SPEED}},
    'qos.show_spec': {'key': 'speed'},
    'qos.update_spec': {'key': 'speed', 'body': _SPEED},
    'qos.delete_spec': {'key': 'speed'},
    'quotas.update': {'body': {'shares': 20}},
    'quotas.update_class': {'body': {'shares': 20}},
    'recycle_bin.restore': {'before': {'soft_delete': None}},
    'replicas.location_show': {'variables': {'export_location_id': 'replica_location'}},
    'replicas.metadata_create': _metadata(),
    'replicas.metadata_replace': _metadata(),
    'replicas.metadata_update': _metadata(),
    'reverts.revert': {'variables': {'share_id': 'snapshotted'}, 'body': {'snapshot_id': '@snapshot_id'}},
    'services.enable': {'body': {'host': 'node@beta', 'binary': 'manila-share'}},
    'services.disable': {'body': {'host': 'node@beta', 'binary': 'manila-share'}},
    'share_instances.reset_status': {'body': {'status': 'error'}},
    'shares.create': {'body': {'share_proto': 'NFS', 'size': 1}},
    'shares.update': {'body': {'display_name': 'new'}},
    'shares.reset_status': {'body': {'status': 'error'}},
    'shares.reset_task_state': {'body': {'task_state': 'migration_error'}},
    'shares.extend': {'body': {'new_size': 3}},
    'shares.shrink': {'body': {'new_size': 1}},
    'shares.metadata_create': _metadata(),
    'shares.metadata_replace': _metadata(),
    'shares.metadata_update': _metadata(),
    'snapshot_access.allow_access': {'body': _RULE},
    'snapshot_access.deny_access': {'body': {'access_id': '@snapshot_rule'}},
    'snapshot_exports.show': {'variables': _SNAPSHOT_LOCATION},
    'snapshot_exports.instance_show': {'variables': _SNAPSHOT_LOCATION},
    'snapshot_instances.reset_status': {'body': {'status': 'error'}},
    'snapshots.create': {'body': {'share_id': '@share_id'}},
    'snapshots.manage': {'body': {'share_id': '@share_id', 'provider_location': 'on-storage'}},
    'snapshots.update': {'body': {'display_name': 'new'}},
    'snapshots.reset_status': {'body': {'status': 'error'}},
    'snapshots.metadata_create': _metadata(),
    'snapshots.metadata_replace': _metadata(),
    'snapshots.metadata_update': _metadata(),
    'transfers.create': {'body': {'share_id': '@share_id'}},
    'transfers.accept': {'body': {'auth_key': '@auth_key'}},
    'types.create': {'body': {'share_type': {
        'name': 'new', 'extra_specs': {'driver_handles_share_servers': 'False'}}}},
    'types.update': {'body': {'share_type': {'description': 'new'}}},
    'types.delete': {'variables': {'share_type_id': 'plain'}},
    'types.list_access': {'variables': {'share_type_id': 'closed'}},
    'types.list_access_by_old_name': {'variables': {'share_type_id': 'closed'}},
    'types.add_access': {'variables': {'share_type_id': 'closed'}, 'body': {'project': 'f' * 32}},
    'types.remove_access': {'variables': {'share_type_id': 'closed'}, 'body': {'project': PROJECTS['member']}},
    'types.create_specs': {'body': {'extra_specs': _SPEC}},
    'types.show_spec': {'key': 'mount_snapshot_support'},
    'types.update_spec': {'key': 'mount_snapshot_support', 'body': _SPEC},
    'types.delete_spec': {'key': 'mount_snapshot_support'},
}


class NotDescribed(Exception):
    """It is not said in this file how an operation is called."""


class Requests:
    """Makes the requests about what belongs to the member of a world."""

    def __init__(self, world):
        self.ids = {'project_id': PROJECTS['member'], 'class_name': 'default', 'alias': 'none', 'key': 'color',
                    'auth_key': world.auth_key}
        known = {'private': PRIVATE, 'member': PROJECTS['member']}
        with session.reader(world.context) as connection:
            for name, query in _QUERIES.items():
                statement = sa.text(f'{query} ORDER BY 1')
                known_here = {key: value for key, value in {**known, **self.ids}.items() if f':{key}' in query}
                self.ids[name] = connection.scalar(statement, known_here)
                assert self.ids[name], name

    def make(self, operation):
        """(path, body) of a request for an operation.

        :raises NotDescribed: for one that nobody has described
        """
        said = _SAID.get(operation.name, {})
        names = {**{name: name for name in operation.variables}, **said.get('variables', {})}
        if operation.has_body and 'body' not in said or not set(names.values()) <= set(self.ids):
            raise NotDescribed(operation.name)
        values = {name: self.ids[key] for name, key in names.items()}
        if 'key' in said:
            values['key'] = said['key']
        path = operation.path.format(**values)
        query = '&'.join(f'{name}={self.ids[key]}' for name, key in said.get('query', {}).items())
        return f'{path}?{query}' if query else path, self._body(operation, said.get('body'))

    def _body(self, operation, content):
        if isinstance(content, dict):
            content = {key: self.ids[value[1:]] if isinstance(value, str) and value.startswith('@') else value
                       for key, value in content.items()}
        name = operation.action or getattr(operation.body, 'name', None)
        return {name: content} if name else content

    def before(self, operation):
        """(path, body) of the request that has to come first, or None."""
        action = _SAID.get(operation.name, {}).get('before')
        return action and (operation.path.format(**self.ids), action)

    def is_owned(self, operation):
        """Whether an operation is about something that belongs to a project."""
        said = _SAID.get(operation.name, {})
        named = {*operation.variables, *said.get('query', ()), *(said.get('body') or ())}
        return bool(named & set(OWNED))
