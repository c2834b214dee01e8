"""The service that requests go to: a real database with rows of two projects and of an administrator.

No back end works on the orders that requests leave. Instead :meth:`World.restore` puts all tables back to how they
were, every few hundred requests.
"""
import json
import pathlib
import uuid

import bcrypt
import sqlalchemy as sa

from manila import context as contexts, policy
from manila.api import app
from manila.conf import CONF
from manila.db import models, session
from manila.resources.exports import store as exports
from manila.resources.messages import fields, service as messages
from manila.resources.quotas import service as quotas
from manila.resources.services import store as services
from manila.resources.snapshot_exports import store as snapshot_exports
from manila.resources.transfers import service as transfers
from manila.resources.zones import service as zones
from manila.tests.fuzz.messages import BASE, PASSWORD, VERSION_HEADER, Request, send

PASTE = pathlib.Path(__file__).parents[3] / 'etc' / 'manila' / 'api-paste.ini'
ROLES = {'admin': 'admin', 'member': 'member', 'stranger': 'member', 'reader': 'reader'}
PROJECTS = {who: uuid.uuid5(uuid.NAMESPACE_DNS, f'{who}.fuzz').hex for who in ('admin', 'member', 'stranger')}
PROJECTS['reader'] = PROJECTS['member']
#: Stands in what belongs to the member; no answer to the stranger may have it.
PRIVATE = 'for-members-only'
HOST = 'node@alpha#pool0'
SPECS = {'driver_handles_share_servers': 'False', 'snapshot_support': 'True', 'mount_snapshot_support': 'True',
         'create_share_from_snapshot_support': 'True', 'revert_to_snapshot_support': 'True'}
REPORT = {'share_backend_name': 'ALPHA', 'storage_protocol': 'NFS', 'driver_handles_share_servers': False,
          'pools': [{'pool_name': 'pool0', 'total_capacity_gb': 100, 'free_capacity_gb': 50, 'qos': True}]}


def locations(name):
    """Export locations of a share."""
    return [{'path': f'192.0.2.10:/{name}', 'is_admin_only': False, 'metadata': {'preferred': 'True', 'speed': '9'}},
            {'path': f'198.51.100.1:/{name}', 'is_admin_only': True, 'metadata': {}}]


def settings(folder):
    """Group -> options of a service for these requests; writes the password file and the accounts.

    :param folder: existing directory
    """
    folder = pathlib.Path(folder)
    digest = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    (folder / 'htpasswd').write_text(''.join(f'{who}:{digest}\n' for who in ROLES))
    (folder / 'accounts.yaml').write_text(''.join(
        f'{who}:\n  project_id: "{PROJECTS[who]}"\n  roles: [{roles}]\n' for who, roles in ROLES.items()))
    return {None: {'auth_strategy': 'http_basic', 'api_paste_config': str(PASTE), 'default_share_type': 'full',
                   'default_share_group_type': 'open', 'osapi_max_limit': 50, 'service_down_time': 10 ** 6},
            'oslo_middleware': {'http_basic_auth_user_file': str(folder / 'htpasswd')},
            'standalone': {'accounts_file': str(folder / 'accounts.yaml')},
            'quota': {'shares': 40, 'gigabytes': 400, 'per_share_gigabytes': 100}}


class World:
    """The application, and rows to hit; configuration and the empty database are there already.

    :ivar application: WSGI application
    :ivar ids: name of a path variable -> what it may stand for
    :ivar together: names of variables of one path -> what they may stand for together
    """

    def __init__(self):
        self.application = app.load()
        self._patience, transfers.PATIENCE = transfers.PATIENCE, 0      # nobody will carry out what is accepted
        self.context = contexts.get_admin_context()
        self._fill()
        self._saved = self.read()
        self.ids = self._find_ids()
        self.together = self._find_together()

    def close(self):
        """Forget what the process keeps of the service."""
        transfers.PATIENCE = self._patience
        policy.reset()

    # ---- rows

    def call(self, who, method, path, body=None, version='2.99'):
        """Send a request that must succeed; returns its content."""
        headers = {VERSION_HEADER: version, 'Content-Type': 'application/json'}
        answer = send(self.application, Request(who, method, BASE + path, headers=headers,
                                                body=None if body is None else json.dumps(body).encode()))
        assert answer.status < 300, (method, path, body, answer)
        return answer.json if answer.body else None

    def _fill(self):
        self._make_services()
        member = self._make_shares()
        self._make_snapshots(member)
        first, second, *_rest, last = member
        self._make_rules(first, second)
        self.call('member', 'POST', '/resource-locks', {'resource_lock': {
            'resource_id': second, 'resource_type': 'share', 'lock_reason': PRIVATE}})
        made = self.call('member', 'POST', '/share-transfers', {'transfer': {'share_id': last, 'name': 'mine'}})
        self.auth_key = made['transfer']['auth_key']
        self._make_replicas()
        self.call('admin', 'PUT', f'/quota-sets/{PROJECTS["member"]}', {'quota_set': {'shares': 30}})
        self._settle()

    def _make_services(self):
        zone = zones.ensure(self.context, 'nova')
        services.register(self.context, 'node', 'manila-scheduler', 'topic', zone)
        for host in ('node@alpha', 'node@beta'):
            row = services.register(self.context, host, 'manila-share', 'topic', zone)
            services.save_report(self.context, row['id'], json.dumps(REPORT))
        for name, specs in (('full', SPECS), ('plain', {'driver_handles_share_servers': 'False'})):
            self.call('admin', 'POST', '/types', {'share_type': {'name': name, 'extra_specs': specs}})
        made = self.call('admin', 'POST', '/types', {'share_type': {
            'name': 'closed', 'extra_specs': SPECS, 'share_type_access:is_public': False}})
        self.call('admin', 'POST', f'/types/{made["share_type"]["id"]}/action',
                  {'addProjectAccess': {'project': PROJECTS['member']}})
        for name in ('gold', 'silver'):
            self.call('admin', 'POST', '/qos-types', {'qos_type': {'name': name, 'specs': {'speed': '9'}}})
        for name, is_public in (('open', True), ('closed', False)):
            made = self.call('admin', 'POST', '/share-group-types', {'share_group_type': {
                'name': name, 'share_types': ['full'], 'group_specs': {'speed': '9'}, 'is_public': is_public}})
        self.call('admin', 'POST', f'/share-group-types/{made["share_group_type"]["id"]}/action',
                  {'addProjectAccess': {'project': PROJECTS['member']}})

    def _make_shares(self):
        def make(who, note):
            return self.call(who, 'POST', '/shares', {'share': {
                'share_proto': 'NFS', 'size': 2, 'name': f'of {who}', 'description': note, 'share_type': 'full',
                'metadata': {'color': 'red', 'note': note}}})['share']['id']
        member = [make('member', PRIVATE) for _ in range(6)]
        public = make('member', 'for everybody')
        self.call('admin', 'PUT', f'/shares/{public}', {'share': {'is_public': True}})
        for who in ('stranger', 'admin'):
            make(who, who)
        with session.writer(self.context) as connection:
            for instance_id, note in connection.execute(sa.text(
                    'SELECT share_instances.id, display_description FROM share_instances '
                    'JOIN shares ON shares.id = share_id')).all():
                exports.insert(connection, instance_id, locations(note))
        self._settle()
        return member

    def _make_snapshots(self, shares):
        def make(share_id):
            return self.call('member', 'POST', '/snapshots', {'snapshot': {
                'share_id': share_id, 'name': 'snap', 'description': PRIVATE,
                'metadata': {'color': 'red'}}})['snapshot']['id']
        made = [make(share_id) for share_id in (shares[0], shares[2], shares[3])]
        with session.writer(self.context) as connection:
            for row in connection.execute(sa.text('SELECT id FROM share_snapshot_instances')).all():
                snapshot_exports.insert(connection, row[0], locations(PRIVATE))
        self._settle()
        self.call('member', 'POST', f'/snapshots/{made[0]}/action',
                  {'allow_access': {'access_type': 'ip', 'access_to': '192.0.2.77'}})
        self.call('member', 'DELETE', f'/snapshots/{made[2]}')

    def _make_replicas(self):
        self.call('admin', 'POST', '/types', {'share_type': {
            'name': 'mirrored', 'extra_specs': {**SPECS, 'replication_type': 'readable'}}})
        for who in ('member', 'stranger'):
            self.call(who, 'POST', '/shares', {'share': {
                'share_proto': 'NFS', 'size': 1, 'name': f'of {who}', 'share_type': 'mirrored'}})
            replica, = self.call(who, 'GET', '/share-replicas')['share_replicas']
            self.call(who, 'POST', f'/share-replicas/{replica["id"]}/metadata',
                      {'metadata': {'color': PRIVATE if who == 'member' else 'red'}})
            with session.writer(self.context) as connection:
                exports.insert(connection, replica['id'], locations(who))

    def _make_rules(self, first, second):
        for share_id, more in ((first, {}), (second, {'lock_visibility': True, 'lock_deletion': True})):
            for last in (1, 2):
                self.call('member', 'POST', f'/shares/{share_id}/action', {'allow_access': {
                    'access_type': 'ip', 'access_to': f'192.0.2.{last}', 'metadata': {'color': PRIVATE}, **more}})

    def _settle(self):
        """Have everything done that was asked for, and one snapshot fail."""
        with session.writer(self.context) as connection:
            for statement in (
                    'DELETE FROM jobs',
                    f"UPDATE share_instances SET host = '{HOST}', access_rules_status = 'active'",
                    "UPDATE share_instances SET status = 'available' WHERE status = 'creating'",
                    "UPDATE share_access_rule_states SET state = 'active'",
                    "UPDATE share_snapshot_access_rule_states SET state = 'active'",
                    "UPDATE share_snapshot_instances SET status = 'error' WHERE status = 'deleting'",
                    "UPDATE share_snapshot_instances SET status = 'available' WHERE status = 'creating'"):
                connection.execute(sa.text(statement))
        for who in ('member', 'stranger'):
            self._message(who)

    def _message(self, who):
        caller = contexts.RequestContext(project_id=PROJECTS[who], user_id=who, roles=['member'], is_admin=False,
                                         overwrite=False)
        messages.add(caller, fields.Action.CREATE, 'SHARE', str(uuid.uuid4()),
        detail=fields.Detail.UNEXPECTED_NETWORK)

    # ---- tables

    def read(self):
        """All rows: table -> list of dicts."""
        with session.reader(self.context) as connection:
            return {table: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                    for table in models.metadata.sorted_tables}

    def restore(self):
        """Put all rows back to how they were in the beginning."""
        with session.writer(self.context) as connection:
            mysql = connection.dialect.name == 'mysql'
            if mysql:       # which looks at references row by row, also at those to rows of the same statement
                connection.exec_driver_sql('SET SESSION foreign_key_checks = 0')
            for table in reversed(models.metadata.sorted_tables):
                connection.execute(sa.delete(table))
            for table, rows in self._saved.items():
                if rows:
                    connection.execute(sa.insert(table), rows)
            if mysql:
                connection.exec_driver_sql('SET SESSION foreign_key_checks = 1')

    def drift(self):
        """What the quota usage and a new count of what it counts differ by; nothing, if all is well."""
        return quotas.check(self.context)

    def _find_ids(self):
        columns = {
            'share_id': 'shares.id', 'snapshot_id': 'share_snapshots.id', 'share_type_id': 'share_types.id',
            'access_id': 'share_access_rules.id', 'qos_type_id': 'qos_types.id', 'lock_id': 'resource_locks.id',
            'snapshot_instance_id': 'share_snapshot_instances.id', 'transfer_id': 'transfers.id',
            'message_id': 'messages.id', 'export_location_id': 'share_export_locations.id',
            'share_instance_id': 'share_instances.id', 'share_group_type_id': 'share_group_types.id',
            'share_replica_id': 'share_instances.id'}      # most of them are none
        ids = {'project_id': sorted(set(PROJECTS.values())), 'class_name': ['default', 'gold'],
               'key': ['color', 'note', 'speed', 'snapshot_support'], 'alias': ['fuzz']}
        for name, column in columns.items():
            table, _dot, id_column = column.partition('.')
            ids[name] = sorted(row[id_column] for row in self._saved[models.metadata.tables[table]])
        return ids

    def _find_together(self):
        """Variables of one path -> what they may stand for together."""
        share = 'share_instances i ON i.id = l.share_instance_id'
        snapshot = 'share_snapshot_instances i ON i.id = l.snapshot_instance_id'
        queries = {
            ('share_id', 'export_location_id', 'key'):
                f'SELECT i.share_id, l.id, m.{{key}} FROM share_export_locations l JOIN {share} '
                'JOIN share_export_location_metadata m ON m.export_location_id = l.id',
            ('share_id',
            'export_location_id'): f'SELECT i.share_id, l.id FROM share_export_locations l JOIN {share}',
            ('share_replica_id', 'export_location_id'):
                f'SELECT i.id, l.id FROM share_export_locations l JOIN {share} WHERE i.replica_state IS NOT NULL',
            ('share_instance_id', 'export_location_id'): 'SELECT share_instance_id, id FROM share_export_locations',
            ('snapshot_id', 'export_location_id'):
                f'SELECT i.snapshot_id, l.id FROM share_snapshot_export_locations l JOIN {snapshot}',
            ('snapshot_instance_id', 'export_location_id'):
                'SELECT snapshot_instance_id, id FROM share_snapshot_export_locations',
            ('share_id', 'key'): 'SELECT share_id, {key} FROM share_metadata',
            ('snapshot_id', 'key'): 'SELECT snapshot_id, {key} FROM share_snapshot_metadata',
            ('access_id', 'key'): 'SELECT access_id, {key} FROM share_access_rule_metadata',
            ('share_type_id', 'key'): 'SELECT share_type_id, {key} FROM share_type_extra_specs',
            ('qos_type_id', 'key'): 'SELECT qos_type_id, {key} FROM qos_type_specs',
            ('share_group_type_id', 'key'): 'SELECT share_group_type_id, {key} FROM share_group_type_specs',
            ('share_replica_id', 'key'): 'SELECT share_instance_id, {key} FROM share_instance_metadata'}
        with session.reader(self.context) as connection:
            key = connection.dialect.identifier_preparer.quote('key')
            return {names: sorted(tuple(row) for row in connection.execute(sa.text(query.format(key=key))))
                    for names, query in queries.items()}

    def is_secret(self):
        """Whether all that was the member's alone in the beginning still is, after the requests so far."""
        shares = models.metadata.tables['shares']
        secret = [row['id'] for row in self._saved[shares] if row['display_description'] == PRIVATE]
        given = sa.or_(shares.c.is_public, shares.c.project_id != PROJECTS['member'])
        with session.reader(self.context) as connection:
            return not connection.scalar(sa.select(sa.func.count()).where(given, shares.c.id.in_(secret)))

    def hints(self):
        """Name of a field or parameter -> values that get far."""
        ids = self.ids
        return {
            **ids, 'share_proto': ['NFS', 'CIFS'], 'size': [1, 2, 3], 'new_size': [1, 2, 3, 5],
            'share_type': ['full', 'plain', *ids['share_type_id']], 'volume_type': ['full'],
            'access_type': ['ip', 'user'], 'access_to': ['192.0.2.1', '192.0.2.9', '198.51.100.0/24', '2001:db8::1',
                                                         'someone'],
            'access_level': ['rw', 'ro'], 'status': ['available', 'error', 'creating'],
            'availability_zone': ['nova'], 'zone': ['nova'], 'host': ['node@alpha', 'node', HOST, 'node@beta'],
            'binary': ['manila-share', 'manila-scheduler'], 'resource_id': [*ids['share_id'], *ids['access_id']],
            'resource_type': ['share', 'access_rule', 'SHARE'], 'project': ids['project_id'],
            'tenant_id': ids['project_id'], 'user_id': list(ROLES), 'id': [*ids['share_id'], *ids['lock_id']],
            'source_project_id': ids['project_id'], 'share_group_id': [None], 'share_network_id': [None],
            'name': [lambda random: f'new {random.random()}', 'of member', 'of stranger', 'snap', 'full'],
            'metadata': [{'color': 'red'}, {'note': 'blue'}],
            'extra_specs': [SPECS, {'snapshot_support': 'False'}], 'specs': [{'speed': '8'}],
            'sort_key': ['id', 'created_at', 'name', 'status', 'display_name', 'host', 'share_type'],
            'sort_dir': ['asc', 'desc'], 'limit': [0, 1, 2, 50, 1000], 'offset': [0, 1, 5],
            'marker': [*ids['share_id'], *ids['snapshot_id'], *ids['message_id']],
            'service_host': [HOST], 'protocol': ['NFS'], 'export_path': ['192.0.2.10:/unknown'],
            'provider_location': ['snapshot-on-storage'], 'auth_key': ['0123456789abcdef', self.auth_key],
            'snapshot_id': ids['snapshot_id']}


def configure(folder, connection):
    """Set the options of :func:`settings` and the database on the global configuration."""
    for group, options in settings(folder).items():
        for name, value in options.items():
            CONF.set_override(name, value, group)
    CONF.set_override('connection', connection, 'database')
