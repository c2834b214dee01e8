"""Extra specs of share types: read, checked, and turned into what a volume is to be.

Names and meaning of the specs are those that operators of Manila know; doc/source/admin/netapp.rst lists them.
"""
import dataclasses
import math
import re

from manila import exception
from manila.i18n import _
from manila.share import share_types
from manila.share.drivers.netapp.dataontap.client import values

# Specs that every back end understands -> our own of the same meaning.
_STANDARD = {'thin_provisioning': 'netapp:thin_provisioned', 'dedupe': 'netapp:dedup',
             'compression': 'netapp:compression'}
_LIMITS = {     # spec -> (limit of the policy, per GiB, in bytes a second)
    'netapp:maxiops': ('max_throughput_iops', False, False), 'netapp:maxbps': ('max_throughput_mbps', False, True),
    'netapp:maxiopspergib': ('max_throughput_iops', True, False),
    'netapp:maxbpspergib': ('max_throughput_mbps', True, True),
    'netapp:miniops': ('min_throughput_iops', False, False), 'netapp:minbps': ('min_throughput_mbps', False, True),
    'netapp:miniopspergib': ('min_throughput_iops', True, False),
    'netapp:minbpspergib': ('min_throughput_mbps', True, True),
}
_PERIOD = re.compile(r'^\d+\s*(minutes?|hours?|days?|months?|years?)$')
_RETENTION_WORDS = ('infinite',)
_TIERING = ('all', 'auto', 'none', 'snapshot_only')
_AUTOSIZE = ('off', 'grow', 'grow_shrink')
FILE_OPERATIONS = ('close', 'create', 'create_dir', 'delete', 'delete_dir', 'getattr', 'link', 'lookup', 'open', 'read',
                   'write', 'rename', 'rename_dir', 'setattr', 'symlink')
_MIB = 1024 ** 2
# An inode takes one of so many KiB; more inodes than the cap are not possible however large the volume is.
_KIB_PER_FILE = 33.6925
_MOST_FILES = 204010945
_MOST_FILES_FACTOR = 8


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a share type asks of a volume. ``qos`` are limits (fixed) before scaling: spec -> number."""

    thin: bool = False
    dedupe: bool = False
    compression: bool = False
    split: bool = False
    hide_snapdir: bool = False
    snapshot_policy: str = None
    language: str = None
    max_files: int = None
    max_files_multiplier: float = None
    adaptive_qos: str = None
    efficiency_policy: str = None
    force_delete_minutes: int = 0
    encrypt_volume: bool = False
    encrypted_aggregate: bool = False
    snaplock: values.SnapLock = None
    tiering_policy: str = None
    autosize: values.Autosize = None
    limits: tuple = ()
    extensions_to_include: str = None
    extensions_to_exclude: str = None
    file_operations: tuple = ()

    @property
    def efficiency(self):
        """Storage efficiency: compression needs deduplication, so it brings it along."""
        return values.Efficiency(self.dedupe or self.compression, self.compression, self.efficiency_policy)

    @property
    def has_fpolicy(self):
        """Whether files are to be watched by their extensions."""
        return bool(self.extensions_to_include or self.extensions_to_exclude)

    def files(self, size):
        """Inodes for a volume of that many GiB, or None for the array's own choice."""
        if self.max_files_multiplier is not None:
            return min(int(size * 1024 ** 2 * self.max_files_multiplier / _KIB_PER_FILE), _MOST_FILES)
        return self.max_files

    def qos_limits(self, size):
        """Limits of a QoS policy for a share of that many GiB, as the array counts them."""
        found = {}
        for key, number in self.limits:
            name, per_gib, in_bytes = _LIMITS[key]
            total = number * size if per_gib else number
            found[name] = max(1, math.ceil(total / _MIB)) if in_bytes else total
        return found


def of_share(share):
    """What the share type of a share asks for.

    :raises manila.exception.InvalidExtraSpec: when it cannot be understood
    """
    return read(share_types.get_extra_specs_from_share(share))


def read(extra_specs):
    """What extra specs ask for, contradictions refused."""
    specs = _renamed(extra_specs)
    wanted = Wanted(
        thin=_truth(specs, 'netapp:thin_provisioned'), dedupe=_truth(specs, 'netapp:dedup'),
        compression=_truth(specs, 'netapp:compression'), split=_truth(specs, 'netapp:split_clone_on_create'),
        hide_snapdir=_truth(specs, 'netapp:hide_snapdir'), snapshot_policy=specs.get('netapp:snapshot_policy'),
        language=specs.get('netapp:language'), max_files=_whole(specs, 'netapp:max_files'),
        max_files_multiplier=_factor(specs, 'netapp:max_files_multiplier'),
        adaptive_qos=specs.get('netapp:adaptive_qos_policy_group'),
        efficiency_policy=specs.get('netapp:efficiency_policy'),
        force_delete_minutes=_whole(specs, 'netapp:force_delete_time_minutes') or 0,
        encrypt_volume=_truth(specs, 'netapp_flexvol_encryption'),
        encrypted_aggregate=_truth(specs, 'netapp_aggregate_encryption'), snaplock=_snaplock(specs),
        tiering_policy=_one_of(specs, 'netapp:tiering_policy', _TIERING),
        autosize=_autosize(specs), limits=_limits(specs),
        extensions_to_include=specs.get('netapp:fpolicy_extensions_to_include'),
        extensions_to_exclude=specs.get('netapp:fpolicy_extensions_to_exclude'),
        file_operations=_operations(specs))
    _refuse_conflicts(specs, wanted)
    return wanted


def _renamed(extra_specs):
    specs = {}
    for key, value in extra_specs.items():
        key = key.removeprefix('capabilities:')
        lower = key.lower()
        specs[lower if lower in _LIMITS else key] = str(value).strip()
    for standard, own in _STANDARD.items():
        if standard in specs:
            specs.setdefault(own, specs[standard])
    return specs


def _refuse_conflicts(specs, wanted):
    def given(key):
        return key in specs

    if given('netapp:dedup') and not wanted.dedupe and wanted.compression:
        _refuse(_('netapp:compression needs netapp:dedup'))
    if wanted.max_files is not None and wanted.max_files_multiplier is not None:
        _refuse(_('netapp:max_files and netapp:max_files_multiplier exclude each other'))
    if wanted.adaptive_qos and wanted.limits:
        _refuse(_('netapp:adaptive_qos_policy_group and QoS limits exclude each other'))
    if wanted.adaptive_qos and given('replication_type'):
        _refuse(_('netapp:adaptive_qos_policy_group and replication_type exclude each other'))
    if wanted.encrypt_volume and wanted.encrypted_aggregate:
        _refuse(_('netapp_flexvol_encryption and netapp_aggregate_encryption exclude each other'))
    if wanted.file_operations and not wanted.has_fpolicy:
        _refuse(_('netapp:fpolicy_file_operations needs a list of extensions'))
    if wanted.has_fpolicy and given('replication_type'):
        _refuse(_('FPolicy and replication_type exclude each other'))


def _refuse(reason):
    raise exception.InvalidExtraSpec(reason=reason)


def _truth(specs, key):
    """A boolean; our own specs take true and false only, capabilities also what the scheduler understands."""
    value = specs.get(key)
    if value is None:
        return False
    if value.lower() in ('true', 'false'):
        return value.lower() == 'true'
    if key.startswith('netapp:') and key not in _STANDARD.values():
        _refuse(_('%(key)s must be true or false, not %(value)s') % {'key': key, 'value': value})
    return share_types.parse_boolean_extra_spec(key, value)


def _whole(specs, key):
    value = specs.get(key)
    if value is None:
        return None
    if not value.isdigit():
        _refuse(_('%(key)s must be a whole number from 0 on, not %(value)s') % {'key': key, 'value': value})
    return int(value)


def _factor(specs, key):
    value = specs.get(key)
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 0 < number <= _MOST_FILES_FACTOR:
        _refuse(_('%(key)s must be a number above 0, at most %(most)s, not %(value)s') % {
            'key': key, 'most': _MOST_FILES_FACTOR, 'value': value})
    return number


def _one_of(specs, key, known):
    value = specs.get(key)
    if value is not None and value not in known:
        _refuse(_('%(key)s must be one of %(known)s, not %(value)s') % {
            'key': key, 'known': ', '.join(known), 'value': value})
    return value


def _autosize(specs):
    mode = _one_of(specs, 'netapp:autosize_mode', _AUTOSIZE)
    return values.Autosize(mode=mode) if mode else None


def _operations(specs):
    text = specs.get('netapp:fpolicy_file_operations')
    if text is None:
        return ()
    found = tuple(each.strip() for each in text.split(',') if each.strip())
    unknown = [each for each in found if each not in FILE_OPERATIONS]
    if unknown or not found:
        _refuse(_('netapp:fpolicy_file_operations knows %(known)s, not %(value)s') % {
            'known': ', '.join(FILE_OPERATIONS), 'value': text})
    return found


def _limits(specs):
    """QoS limits, which count only with ``qos`` set; at most one of each end."""
    if 'qos' not in specs or not share_types.parse_boolean_extra_spec('qos', specs['qos']):
        return ()
    found = tuple((key, _whole(specs, key)) for key in _LIMITS if key in specs)
    for end in ('netapp:max', 'netapp:min'):
        if len([key for key, _number in found if key.startswith(end)]) > 1:
            _refuse(_('only one limit %s can be set') % end)
    if not found:
        if specs.get('netapp:adaptive_qos_policy_group'):
            return ()
        _refuse(_('qos is set, but no limit; possible are %s') % ', '.join(_LIMITS))
    return found


def _snaplock(specs):
    kind = _one_of(specs, 'netapp_snaplock_type', ('compliance', 'enterprise'))
    periods = {name: specs.get(f'netapp:snaplock_{name}_period')
               for name in ('autocommit', 'min_retention', 'max_retention', 'default_retention')}
    if kind is None:
        if any(periods.values()):
            _refuse(_('SnapLock periods need netapp_snaplock_type'))
        return None
    for name, text in periods.items():
        words = _RETENTION_WORDS if name != 'autocommit' else ()
        if name == 'default_retention':
            words = (*words, 'min', 'max')
        if text is not None and text not in words and not _PERIOD.match(text):
            _refuse(_('netapp:snaplock_%(name)s_period must be a period such as 10 days, not %(text)s') % {
                'name': name, 'text': text})
    default = periods['default_retention']
    default = {'min': periods['min_retention'], 'max': periods['max_retention']}.get(default, default)
    return values.SnapLock(kind, periods['autocommit'], periods['min_retention'], periods['max_retention'], default)
