"""QoS policy groups: one for each share with limits of its own, or one for all shares of a QoS type."""
from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share import qos_types
from manila.share.drivers.netapp.dataontap import naming
from manila.share.drivers.netapp.dataontap.client import errors, values

LOG = log.getLogger(__name__)

_FIXED = ('max_throughput_iops', 'max_throughput_mbps', 'min_throughput_iops', 'min_throughput_mbps')
_ADAPTIVE = {'expected_iops': int, 'peak_iops': int, 'absolute_min_iops': int, 'block_size': str,
             'expected_iops_allocation': str, 'peak_iops_allocation': str}
_BLOCK_SIZES = ('4k', '8k', '16k', '32k', '64k', '128k', 'any')
_ALLOCATIONS = ('used_space', 'allocated_space')


class Qos:
    """QoS policies of the shares of a back end.

    :param array: :class:`manila.share.drivers.netapp.dataontap.array.Array`
    :param names: :class:`manila.share.drivers.netapp.dataontap.naming.Names`
    """

    def __init__(self, array, names):
        self._array = array
        self._names = names

    def ensure(self, client, share, wanted, size=None):
        """Make the policy that a share needs, or make it what it should be.

        :param wanted: :class:`manila.share.drivers.netapp.dataontap.specs.Wanted`
        :param size: GiB, if not the present size
        :returns: :class:`values.Qos` for its volume, or None
        :raises manila.exception.NetAppException: when the account may not make policies, or kinds contradict
        """
        of_type = qos_types.get_specs_from_share(share)
        if not (of_type or wanted.limits or wanted.adaptive_qos):
            return None
        self._array.require_rights(_('Quality of service'))
        if bool(of_type) + bool(wanted.limits) + bool(wanted.adaptive_qos) > 1:
            raise exception.NetAppException(
                _('A QoS type, QoS limits and an adaptive QoS policy group exclude each other.'))
        if wanted.adaptive_qos:
            return values.Qos(wanted.adaptive_qos, adaptive=True)
        if wanted.limits:
            name = self._names.qos(share['id'])
            self._put(client, name, wanted.qos_limits(size or share['size']), False)
            return values.Qos(name)
        limits, adaptive = limits_of_type(of_type)
        name = self._names.qos_of_type(client.svm, qos_types.get_qos_type_name_from_share(share), adaptive)
        self._put(client, name, limits, adaptive)
        return values.Qos(name, adaptive)

    def _put(self, client, name, limits, adaptive):
        """One call when the policy is new, which it mostly is."""
        try:
            client.qos.create(name, limits, adaptive)
        except errors.Duplicate:
            policy = client.qos.find(name)
            if policy is None or _fits(policy, limits):
                return
            if policy.adaptive != adaptive:
                raise exception.NetAppException(
                    _('QoS policy group %s is of another kind than wanted.') % name) from None
            client.qos.modify(policy, limits)

    def adopt(self, client, volume, share, wanted, size):
        """The policy for a volume that comes under management: its own one, renamed, if nobody else uses that."""
        name = self._names.qos(share['id'])
        if wanted.limits and volume.qos_policy not in (None, name) and not client.qos.find(name):
            policy = client.qos.find(volume.qos_policy)
            if policy is not None and policy.users <= 1 and not policy.adaptive:
                client.qos.modify(policy, wanted.qos_limits(size))
                client.qos.rename(policy, name)
                return values.Qos(name)
        return self.ensure(client, share, wanted, size)

    def scale(self, client, share, wanted, size):
        """Adapt limits that depend on the size."""
        if wanted.limits and self._array.has_rights:
            self._put(client, self._names.qos(share['id']), wanted.qos_limits(size), False)

    def remove(self, client, share_id):
        """Remove the policy of a share that is gone; put it aside for housekeeping while it is in use."""
        if not self._array.has_rights:
            return
        policy = client.qos.find(self._names.qos(share_id))
        if policy is None:
            return
        try:
            client.qos.delete(policy)
        except errors.InUse:
            client.qos.rename(policy, naming.deleted(policy.name))


def _fits(policy, limits):
    known = policy.limits
    if policy.adaptive:
        return all(str(known.get(key)) == str(value) for key, value in limits.items())
    return all((known.get(key) or 0) == limits.get(key, 0) for key in _FIXED)


def limits_of_type(specs):
    """(limits, whether adaptive) that the specs of a QoS type describe.

    :raises manila.exception.NetAppException: when they are wrong or incomplete
    """
    specs = {key.removeprefix('netapp:'): value for key, value in specs.items()}
    kind = specs.pop('policy_type', None)
    if kind == 'fixed':
        return _fixed(specs), False
    if kind == 'adaptive':
        return _adaptive(specs), True
    _refuse(_('policy_type must be fixed or adaptive, not %s') % kind)


def _fixed(specs):
    shared = specs.pop('capacity_shared', None)
    limits = {key: _number(key, value) for key, value in specs.items() if key in _FIXED}
    _refuse_unknown(specs, _FIXED)
    if not limits:
        _refuse(_('at least one limit is needed: %s') % ', '.join(_FIXED))
    if str(shared).lower() not in ('true', 'false', 'none'):
        _refuse(_('capacity_shared must be true or false, not %s') % shared)
    if str(shared).lower() == 'true':
        limits['capacity_shared'] = True
    return limits


def _adaptive(specs):
    _refuse_unknown(specs, _ADAPTIVE)
    for key in ('expected_iops', 'peak_iops'):
        if key not in specs:
            _refuse(_('%s is missing') % key)
    if specs.get('block_size', 'any') not in _BLOCK_SIZES:
        _refuse(_('block_size must be one of %s') % ', '.join(_BLOCK_SIZES))
    for key in ('expected_iops_allocation', 'peak_iops_allocation'):
        if specs.get(key, 'used_space') not in _ALLOCATIONS:
            _refuse(_('%(key)s must be one of %(known)s') % {'key': key, 'known': ', '.join(_ALLOCATIONS)})
    return {key: _number(key, value) if _ADAPTIVE[key] is int else value for key, value in specs.items()}


def _refuse_unknown(specs, known):
    if unknown := sorted(set(specs) - set(known)):
        _refuse(_('unknown: %s') % ', '.join(unknown))


def _number(key, value):
    if not str(value).isdigit():
        _refuse(_('%(key)s must be a whole number, not %(value)s') % {'key': key, 'value': value})
    return int(value)


def _refuse(reason):
    raise exception.NetAppException(_('The QoS type cannot be used: %s.') % reason)
