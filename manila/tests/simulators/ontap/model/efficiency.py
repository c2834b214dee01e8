"""Storage efficiency of volumes (deduplication, compression) and the policies that schedule it."""

import dataclasses

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, new_uuid, operation

MODES = ('none', 'background', 'inline', 'both', 'mixed')


@dataclasses.dataclass(eq=False)
class Policy:
    name: str
    type: str = 'scheduled'
    schedule: str = ''
    enabled: bool = True
    comment: str = ''
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class Efficiency:
    """What is on at a volume. `scanning_until` is the time at which a running scan ends."""

    enabled: bool = False
    dedupe: str = 'none'
    compression: str = 'none'
    policy: str = '-'
    scanning_until: float = 0.0
    configured: bool = False

    @property
    def state(self):
        return 'enabled' if self.enabled else 'disabled'


@operation('efficiency.enable')
def enable(volume):
    """Switch deduplication on. Refused when it is on already or a scan is running."""
    now = volume.cluster.now()
    if volume.efficiency.scanning_until > now:
        raise errors.Refused('efficiency.active', 'A sis operation is currently active on volume "%s".' % volume.name)
    if volume.efficiency.enabled:
        raise errors.Refused('efficiency.enabled', 'Storage efficiency on volume "%s" has already been enabled.' % (
            volume.name))
    volume.require_online()
    volume.efficiency.enabled = volume.efficiency.configured = True
    volume.efficiency.dedupe = 'background'


@operation('efficiency.disable')
def disable(volume):
    if not volume.efficiency.enabled:
        raise errors.Refused('efficiency.disabled', 'Storage efficiency on volume "%s" is already disabled.' % (
            volume.name))
    volume.efficiency = Efficiency(configured=True)


@operation('efficiency.configure')
def configure(volume, compression=None, policy=None, inline=None):
    """Compression needs deduplication; a policy must exist in the SVM ('-' takes it away)."""
    settings = volume.efficiency
    if compression and not settings.enabled:
        raise errors.Refused('efficiency.needs_dedupe', 'Compression needs deduplication to be enabled on volume '
                             '"%s".' % volume.name)
    if policy is not None:
        check_policy(volume.svm, policy)
        settings.policy = policy
    if compression is not None:
        settings.compression = 'background' if compression else 'none'
    if inline:
        settings.compression = 'both'


def check_policy(svm, name):
    if name not in ('', '-', 'none') and find(svm.efficiency_policies, name=name) is None:
        raise errors.missing('volume efficiency policy', name)


def set_modes(volume, dedupe=None, compression=None, policy=None):
    """Set what REST names modes: none, background, inline or both."""
    for field, mode in (('efficiency.dedupe', dedupe), ('efficiency.compression', compression)):
        if mode is not None and mode not in MODES:
            raise errors.invalid(field, mode)
    settings = volume.efficiency
    after = dedupe if dedupe is not None else settings.dedupe
    if compression not in (None, 'none') and after == 'none':
        raise errors.Refused('efficiency.needs_dedupe', 'Compression needs deduplication on volume "%s".' % (
            volume.name), 'efficiency.compression')
    if policy is not None:
        check_policy(volume.svm, policy)
    if dedupe is not None:
        settings.dedupe = dedupe
        settings.enabled = dedupe != 'none'
        if dedupe == 'none':
            settings.compression = 'none'
    if compression is not None:
        settings.compression = compression
    if policy is not None:
        settings.policy = policy
