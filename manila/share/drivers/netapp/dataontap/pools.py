"""Pools: aggregates, and groups of aggregates for FlexGroup volumes; what they are and how much room they have."""
import dataclasses
import math
import re

from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import naming
from manila.share.drivers.netapp.dataontap.cached import Cached
from manila.share.drivers.netapp.dataontap.client import values

LOG = log.getLogger(__name__)

_HOUR = 3600
_AUTOMATIC = 'flexgroup_auto'
_MOST_UTILISED = 70         # percent from which on a node gets no new shares, unless filter_function says otherwise
_FLEXGROUP_GIB = 400        # smallest FlexGroup share per aggregate, likewise
_UNIFIED_SINCE = values.Version(9, 10, 1)


@dataclasses.dataclass(frozen=True)
class Pool:
    """A pool and its aggregates: one for FlexVol volumes, several for FlexGroup volumes."""

    name: str
    aggregates: tuple
    is_flexgroup: bool = False

    @property
    def style(self):
        """The style of its volumes."""
        return values.FLEXGROUP if self.is_flexgroup else values.FLEXVOL


class Pools:
    """The pools of an SVM.

    :param array: :class:`manila.share.drivers.netapp.dataontap.array.Array`
    :param options: configuration of the back end
    :param svm: name of the SVM
    """

    def __init__(self, array, options, svm):
        self._array = array
        self._options = options
        self._svm = svm
        self._pools = {}
        self._facts = Cached(self._ask_facts, _HOUR)
        self._spaces = Cached(self._ask_spaces, 0)

    # --- which there are

    def find(self):
        """Look for aggregates and make pools of them.

        :raises manila.exception.NetAppException: when there is none, or options name others
        """
        aggregates = self._matching()
        if not aggregates:
            raise exception.NetAppException(
                _('No aggregate of SVM %(svm)s fits %(pattern)s.') % {
                    'svm': self._svm, 'pattern': self._options.netapp_aggregate_name_search_pattern})
        pools = [] if self._options.netapp_flexgroup_pool_only and self._options.netapp_enable_flexgroup else [
            Pool(name, (name,)) for name in aggregates]
        pools += self._flexgroups(aggregates)
        self._pools = {pool.name: pool for pool in pools}
        self._facts.forget()

    def _matching(self):
        try:
            pattern = re.compile(self._options.netapp_aggregate_name_search_pattern)
        except re.error as error:
            _refuse(_('netapp_aggregate_name_search_pattern is no regular expression: %s.') % error)
        found = self._array.client.svms.get(self._svm).aggregates
        if not found:
            raise exception.NetAppException(_('No aggregate is delegated to SVM %s.') % self._svm)
        if self._array.has_rights:      # aggregates of the nodes' root volumes can be delegated, too
            data = set(self._array.client.aggregates.names())
            found = [name for name in found if name in data]
        return sorted(name for name in found if pattern.match(name))

    def _flexgroups(self, aggregates):
        wanted = _named_pools(self._options.netapp_flexgroup_pools)
        if not self._options.netapp_enable_flexgroup:
            if wanted:
                _refuse(_('netapp_flexgroup_pools needs netapp_enable_flexgroup.'))
            return []
        if not wanted:
            return [Pool(_AUTOMATIC, tuple(aggregates), True)]
        seen = {}
        for name, members in wanted.items():
            if name in aggregates:
                _refuse(_('FlexGroup pool %s is called like an aggregate.') % name)
            if not members:
                _refuse(_('FlexGroup pool %s has no aggregates.') % name)
            if len(set(members)) != len(members):
                _refuse(_('FlexGroup pool %s names an aggregate twice.') % name)
            if unknown := sorted(set(members) - set(aggregates)):
                _refuse(_('FlexGroup pool %(name)s has unknown aggregates: %(unknown)s.') % {
                    'name': name, 'unknown': ', '.join(unknown)})
            other = seen.setdefault(frozenset(members), name)
            if other != name:
                _refuse(_('FlexGroup pools %(name)s and %(other)s are the same.') % {'name': name, 'other': other})
        return [Pool(name, tuple(members), True) for name, members in wanted.items()]

    def get(self, name):
        """The :class:`Pool` of a name.

        :raises manila.exception.InvalidHost: when there is none
        """
        if name not in self._pools:
            raise exception.InvalidHost(reason=_('there is no pool %s') % name)
        return self._pools[name]

    def of_volume(self, volume):
        """The :class:`Pool` that a volume lies in, or None."""
        for pool in self._pools.values():
            if pool.is_flexgroup == volume.is_flexgroup and set(pool.aggregates) == set(volume.aggregates):
                return pool
        return None

    @property
    def all(self):
        """All pools."""
        return list(self._pools.values())

    @property
    def has_flexgroups(self):
        """Whether there are pools for FlexGroup volumes."""
        return any(pool.is_flexgroup for pool in self._pools.values())

    # --- what they are

    def _ask_facts(self):
        names = sorted({name for pool in self._pools.values() for name in pool.aggregates})
        if not names or not self._array.has_rights:
            return {}
        return {aggregate.name: aggregate for aggregate in self._array.client.aggregates.list(names)}

    def facts(self, pool):
        """:class:`values.Aggregate` of a pool's aggregates; empty with an account of the SVM."""
        known = self._facts()
        return [known[name] for name in pool.aggregates if name in known]

    def is_encrypted(self, pool):
        """Whether all aggregates of a pool are encrypted; None when that cannot be known."""
        facts = self.facts(pool)
        return all(fact.encrypted for fact in facts) if facts else None

    def home_nodes(self, pool):
        """Names of the nodes that a pool's aggregates belong to; empty when that cannot be known."""
        return {fact.home_node for fact in self.facts(pool)}

    def refresh(self):
        """Look at the aggregates again, at the next occasion."""
        self._facts.forget()

    # --- what they report

    def _ask_spaces(self):
        if self._array.has_rights:
            return self._array.client.aggregates.spaces(
                sorted({name for pool in self._pools.values() for name in pool.aggregates}))
        return self._array.client.svms.spaces(self._svm)

    def report(self, load_of):
        """A dict for each pool.

        :param load_of: function from a node's name to its load
        """
        spaces = self._spaces()
        found = []
        for pool in self._pools.values():
            missing = [name for name in pool.aggregates if name not in spaces]
            if missing:
                LOG.warning('Pool %s is not reported: there is no aggregate %s', pool.name, ', '.join(missing))
                continue
            found.append({**self._capacity(pool, [spaces[name] for name in pool.aggregates]),
                          **self._nature(pool, load_of)})
        return found

    def _capacity(self, pool, spaces):
        """A FlexGroup is as large as its smallest member lets it be."""
        count = len(spaces)
        total, free = min(space.total for space in spaces) * count, min(space.free for space in spaces) * count
        used = max(space.used for space in spaces) * count if count > 1 else spaces[0].used
        options, reserved = self._options, self._options.reserved_share_percentage
        return {
            'pool_name': pool.name,
            'total_capacity_gb': _in_gib(total) if total else 'unknown',
            'free_capacity_gb': _in_gib(free), 'allocated_capacity_gb': _in_gib(used),
            'reserved_percentage': reserved,
            'reserved_snapshot_percentage': options.reserved_share_from_snapshot_percentage or reserved,
            'reserved_share_extend_percentage': options.reserved_share_extend_percentage or reserved,
            'max_over_subscription_ratio': options.max_over_subscription_ratio,
        }

    def _nature(self, pool, load_of):
        array, rights = self._array, self._array.has_rights
        facts = self.facts(pool)
        loads = [load_of(fact.node) for fact in facts]
        return {
            'qos': rights, 'qos_type_support': rights, 'dedupe': [True, False], 'compression': [True, False],
            'thin_provisioning': [True, False], 'netapp_flexvol_encryption': array.encrypts_volumes,
            'netapp_aggregate_encryption': bool(self.is_encrypted(pool)), 'snapshot_support': True,
            'create_share_from_snapshot_support': True, 'revert_to_snapshot_support': array.restores,
            'mount_point_name_support': True, 'netapp_cluster_name': array.cluster_name or '',
            'netapp_aggregate': ' '.join(pool.aggregates), 'netapp_flexgroup': pool.is_flexgroup,
            'utilization': round(max(loads), 2) if loads else 50,
            'security_service_update_support': False, 'share_server_multiple_subnet_support': False,
            'share_replicas_migration_support': False, 'encryption_support': None,
            'filter_function': self.filter_function(pool), **self._make(facts),
        }

    def _make(self, facts):
        """What only accounts of the cluster see."""
        if not facts:
            return {}
        types = sorted({each for fact in facts for each in fact.disk_types})
        if self._array.client.version >= _UNIFIED_SINCE:
            snaplock = ['compliance', 'enterprise']
        else:
            snaplock = _joined(fact.snaplock_type for fact in facts)
        return {'netapp_raid_type': _joined(fact.raid_type for fact in facts),
                'netapp_hybrid_aggregate': _joined(str(fact.hybrid).lower() for fact in facts),
                'netapp_disk_type': types, 'netapp_is_home': all(fact.home_node == fact.node for fact in facts),
                'netapp_snaplock_type': snaplock}

    def filter_function(self, pool):
        """The expression that says whether a pool takes a share: the option's, or else our own."""
        if self._options.filter_function:
            return self._options.filter_function
        if pool.is_flexgroup:
            return f'share.size >= {_FLEXGROUP_GIB * len(pool.aggregates)}'
        return f'capabilities.utilization < {_MOST_UTILISED}'


def _joined(texts):
    return ' '.join(sorted(set(texts)))


def _named_pools(option):
    """Name -> members, from a dict or the list of dicts that the option is when given several times."""
    found = {}
    for part in option if isinstance(option, list) else [option or {}]:
        for name, members in part.items():
            if name in found:
                _refuse(_('FlexGroup pool %s is named twice.') % name)
            found[name] = members.split()
    return found


def _in_gib(size):
    return math.floor(100 * size / naming.GIB) / 100


def _refuse(reason):
    raise exception.BadConfigurationException(reason=reason)
