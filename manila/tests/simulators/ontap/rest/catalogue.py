"""Which fields the array knows, with their types and what may be done with them, by path."""

import dataclasses
import functools
import pathlib

import yaml

DIRECTORY = pathlib.Path(__file__).parent / 'fields'
# Fields the field files (release 9.19, vendor client) leave out although arrays accept them.
EXTRA = {
    '/storage/volumes': (
        'restore_to.snapshot.name:s:m restore_to.snapshot.uuid:s:m autosize.reset:b:m clone.parent_volume.name:s:gp'
        ' clone.parent_volume.uuid:s:gp quota.enabled:b:gm error_state.is_inconsistent:b:g guarantee.type:s:gpm'
        ' style:s:gpm nas.export_policy.name:s:gpm encryption.enabled:b:gpm clone.split_initiated:b:gm'
        ' clone.match_parent_storage_tier:b:gp flexgroup.uuid:s:g space.snapshot.reserve_percent:i:gpm'
        ' movement.state:s:gm snapmirror.is_protected:b:g snaplock.type:s:gp'
        ' space.used:i:g validate_only:b:m language:s:gpm'),
    '/storage/volumes/{volume.uuid}/snapshots': 'owners*:s:g name:s:gpm',
    '/svm/svms': ('retention_period:i:gpm is_space_reporting_logical:b:gpm is_space_enforcement_logical:b:gpm'
                  ' subtype:s:gp aggregates*.name:s:gpm certificate.client_enabled:b:gm client_enabled:b:m'),
    '/cluster': 'name:s:gpm',
    '/cluster/jobs': 'svm.name:s:g svm.uuid:s:g node.name:s:g node.uuid:s:g',
    '/network/ip/interfaces': 'services*:s:g location.port.name:s:g location.port.uuid:s:g',
    '/storage/qos/policies': 'adaptive.absolute_min_iops:i:gpm',
    '/svm/migrations': 'action:s:m source.cluster.name:s:gp destination.ipspace.name:s:gp',
    '/protocols/cifs/services': 'force:b:pm',
    '/protocols/cifs/domains': 'server_discovery_mode:s:gm',
    '/protocols/cifs/domains/{svm.uuid}/preferred-domain-controllers': 'skip_config_validation:b:p',
    '/protocols/nfs/kerberos/interfaces': 'interface.name:s:gm interface.uuid:s:g',
    '/storage/aggregates': 'home_node.name:s:gp home_node.uuid:s:gp node.name:s:gp node.uuid:s:gp',
    '/storage/disks': 'aggregates*.name:s:g aggregates*.uuid:s:g',
}
# The first release that knows a field.
SINCE = {
    ('/storage/volumes', '_tags'): (9, 14, 1), ('/storage/volumes', 'autosize.reset'): (9, 19, 1),
    ('/svm/svms', 'retention_period'): (9, 11, 1),
}
# Fields that only come when asked for by name or by '**'.
EXPENSIVE = {
    '/storage/volumes': (
        'aggressive_readahead_mode', 'application', 'autosize', 'clone.parent_snapshot', 'clone.parent_svm',
        'clone.parent_volume', 'clone.split_complete_percent', 'clone.split_estimate', 'clone.split_initiated',
        'convert_unicode', 'efficiency', 'encryption', 'error_state', 'files', 'flexcache_endpoint_type',
        'guarantee', 'is_svm_root', 'max_dir_size', 'movement', 'msid', 'nas.export_policy.id', 'nas.gid',
        'nas.junction_parent', 'nas.path', 'nas.security_style', 'nas.uid', 'nas.unix_permissions', 'qos',
        'queue_for_encryption', 'quota', 'restore_to', 'snaplock', 'space.footprint', 'space.local_tier_footprint',
        'space.metadata', 'space.over_provisioned', 'space.total_footprint', 'snapshot_directory_access_enabled'),
    '/storage/aggregates': ('is_spare_low', 'space.block_storage.inactive_user_data', 'space.footprint'),
    '/storage/volumes/{volume.uuid}/snapshots': ('delta', 'reclaimable_space'),
}

# Fields that only come when asked for by name: the vendor's client does not know them.
HIDDEN = {'/svm/svms': ('retention_period',)}


@dataclasses.dataclass(frozen=True)
class Field:
    """`type`: s i n b t d; `access`: letters of g p m; `listed`: the field is, or is inside, a list."""

    name: str
    type: str
    access: str
    listed: bool
    since: tuple = None


class Fields:
    """The fields of one path."""

    def __init__(self, path, tokens):
        self.path = path
        self.by_name = {}
        self.groups = set()
        for token in tokens.split() + EXTRA.get(path, '').split():
            marked, kind, access = token.rsplit(':', 2)
            name = marked.replace('*', '')
            self.by_name[name] = Field(name, kind, access, '*' in marked, SINCE.get((path, name)))
            parts = name.split('.')
            self.groups.update('.'.join(parts[:i]) for i in range(1, len(parts)))
        self.lists = {m.split('*')[0] for m in (t.rsplit(':', 2)[0] for t in tokens.split()) if '*' in m}
        self.lists |= {t.split('*')[0] for t in EXTRA.get(path, '').split() if '*' in t}

    def get(self, name, version=None):
        """The field of that name that a release knows, or None."""
        field = self.by_name.get(name)
        if field is not None and field.since and version is not None and version < field.since:
            return None
        return field

    def knows(self, name, version=None):
        """Whether it is a field or a group of fields."""
        return self.get(name, version) is not None or name in self.groups

    def hidden(self, name):
        return any(name == h or name.startswith(h + '.') for h in HIDDEN.get(self.path, ()))

    def expensive(self, name):
        return any(name == e or name.startswith(e + '.') for e in EXPENSIVE.get(self.path, ()))


@functools.cache
def load():
    """All fields by path."""
    found = {}
    for path in sorted(DIRECTORY.glob('*.yaml')):
        with open(path, encoding='utf-8') as stream:
            for key, tokens in yaml.safe_load(stream).items():
                found[key] = Fields(key, tokens)
    return found


def fields_of(path):
    """The fields of a path; a path without an entry has none."""
    return load().get(path) or Fields(path, '')
