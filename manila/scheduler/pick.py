"""Choose the best pool for a request, and say why each other one was passed over."""
import collections
import functools
import random
import typing

from oslo_log import log
from stevedore import extension

from manila import exception
from manila.i18n import _
from manila.scheduler.filters import location
from manila.scheduler.weighers import base_host

LOG = log.getLogger(__name__)

TRIED = location.RetryFilter.__name__
SAME_WEIGHT = 9    # decimals up to which weights are compared: sums of fractions are never quite equal


class PassedOver(typing.NamedTuple):
    """A pool that cannot take the request."""

    host: str
    filter: str
    reason: str


class Choice(typing.NamedTuple):
    """What was chosen.

    :ivar pool: the best :class:`manila.scheduler.pools.PoolState`
    :ivar ranked: all that can take the request, best first
    :ivar passed_over: list of :class:`PassedOver`
    """

    pool: object
    ranked: list
    passed_over: list


def choose(pools, request, filters, weighers, rng=random):
    """Choose a pool.

    :param pools: candidates, :class:`manila.scheduler.pools.PoolState`
    :param request: filter properties as :func:`manila.scheduler.request.build` makes them
    :param filters: filter objects in the order in which they are asked
    :param weighers: weigher objects
    :param rng: decides among equals
    :returns: :class:`Choice`; consuming from the pool is up to the caller
    :raises manila.exception.WillNotSchedule: when there are no candidates at all
    :raises manila.exception.NoValidHost: when none fits; ``detail_data`` holds ``last_filter``, the name of
        the filter that refused the last ones, and ``reasons``, a dict of host, filter, reason for each pool
    """
    if not pools:
        raise nothing_known()
    passed, passed_over = sieve(pools, request, filters)
    if not passed:
        raise nothing_left(passed_over, filters)
    ranked = rank(passed, request, weighers, rng)
    return Choice(ranked[0], ranked, passed_over)


def sieve(pools, request, filters):
    """Split candidates into those that can take a request and :class:`PassedOver` for the others."""
    passed, passed_over = [], []
    tried = request.get('tried') or {}
    for pool in pools:
        refusal = _already_tried(pool, tried) or _refused(pool, request, filters)
        if refusal:
            passed_over.append(refusal)
        else:
            passed.append(pool)
    return passed, passed_over


def _already_tried(pool, tried):
    if pool.host not in tried:
        return None
    error = tried[pool.host]
    return PassedOver(pool.host, TRIED, f'already tried: {error}' if error else 'already tried')


def _refused(pool, request, filters):
    for test in filters:
        if not test.host_passes(pool, request):
            explain = getattr(test, 'reason', None)
            why = explain(pool, request) if explain else f'refused by {type(test).__name__}'
            LOG.debug('%s is passed over by %s: %s', pool.host, type(test).__name__, why)
            return PassedOver(pool.host, type(test).__name__, why)
    return None


def rank(pools, request, weighers, rng=random):
    """Sort pools by the sum of their weights, best first; equals come in random order."""
    candidates = [base_host.WeighedHost(pool) for pool in rng.sample(pools, len(pools))]
    for weigher in weighers:
        multiplier = weigher.weight_multiplier()
        scores = weigher.weigh_objects(candidates, request)
        weights = base_host.normalize(scores, weigher.minval, weigher.maxval)
        for candidate, weight in zip(candidates, weights, strict=True):
            candidate.weight += weight * multiplier
    candidates.sort(key=lambda candidate: round(candidate.weight, SAME_WEIGHT), reverse=True)
    return [candidate.obj for candidate in candidates]


def nothing_known():
    """The exception for a request that comes before any back end has reported."""
    return exception.WillNotSchedule(_('No back end that is up and enabled has reported yet.'))


def nothing_left(passed_over, filters):
    """The exception for a request that no pool can take."""
    order = {type(test).__name__: place for place, test in enumerate(filters)}
    names = [refusal.filter for refusal in passed_over]
    detail = {'last_filter': max(names, key=lambda name: order.get(name, -1)),
              'reasons': [refusal._asdict() for refusal in passed_over]}
    return exception.NoValidHost(reason=summary(passed_over), detail_data=detail)


def summary(passed_over, most=5):
    """One line for people: each reason with the number of pools it was given for, without host names.

    :param most: how many different reasons are named, the most frequent first
    """
    counted = collections.Counter(refusal.reason for refusal in passed_over)
    parts = [f'{reason} ({count} pools)' if count > 1 else reason
             for reason, count in counted.most_common(most)]
    if len(counted) > most:
        parts.append(f'{len(counted) - most} more reasons')
    return '; '.join(parts)


def filters_named(names):
    """Filter objects of these names.

    :raises manila.exception.SchedulerHostFilterNotFound: when no installed package offers one
    """
    known = _plugins('manila.scheduler.filters')
    for name in names:
        if name not in known:
            raise exception.SchedulerHostFilterNotFound(filter_name=name)
    return [known[name] for name in names]


def weighers_named(names):
    """Weigher objects of these names.

    :raises manila.exception.SchedulerHostWeigherNotFound: when no installed package offers one
    """
    known = _plugins('manila.scheduler.weighers')
    for name in names:
        if name not in known:
            raise exception.SchedulerHostWeigherNotFound(weigher_name=name)
    return [known[name] for name in names]


@functools.cache
def _plugins(namespace):
    """One object per entry point of a namespace, by name; what cannot be loaded is logged and left out."""
    def report(manager, entry_point, error):
        LOG.error('Entry point %s of %s cannot be loaded: %s', entry_point, namespace, error)
    manager = extension.ExtensionManager(namespace, invoke_on_load=True, on_load_failure_callback=report)
    return {found.name: found.obj for found in manager}
