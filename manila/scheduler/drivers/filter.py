"""The usual way to choose: filters pass pools, weighers rank them."""
import random

from manila import exception
from manila.conf import CONF
from manila.scheduler import pick, request as requests


class FilterScheduler:
    """Chooses by the filters and weighers that the configuration names.

    A choice counts against its pool at once, so requests placed one after the other see each other.

    :param pools: :class:`manila.scheduler.pools.Pools`
    :param rng: decides among pools of equal weight
    """

    def __init__(self, pools, rng=random):
        self.pools = pools
        self.rng = rng

    def filters(self):
        """Filters for shares."""
        return pick.filters_named(CONF.scheduler_default_filters)

    def extend_filters(self):
        """Filters for the growth of shares."""
        return pick.filters_named(CONF.scheduler_default_extend_filters)

    def group_filters(self):
        """Filters for the type of a share group."""
        return pick.filters_named(CONF.scheduler_default_share_group_filters)

    def weighers(self):
        """What decides among the pools that passed."""
        return pick.weighers_named(CONF.scheduler_default_weighers)

    def place(self, request):
        """Choose the pool of a share or replica and count its size there.

        :param request: what :func:`manila.scheduler.request.build` made
        :returns: :class:`manila.scheduler.pick.Choice`
        :raises manila.exception.WillNotSchedule: when no back end is known that is up and enabled
        :raises manila.exception.NoValidHost: when none fits; see :func:`manila.scheduler.pick.choose`
        """
        with self.pools.placing:
            candidates = self.candidates(request)
            choice = pick.choose(candidates, request, self.filters(), self.weighers(), self.rng)
            choice.pool.consume(request['size'])
        return choice

    def place_group(self, share_requests, group_request):
        """Choose the pool of a share group.

        :param share_requests: one request of size 0 for each share type of the group; the first one ranks
        :param group_request: a request with the ``share_group_type``
        :returns, raises: as :meth:`place`
        """
        stages = [(request, self.filters()) for request in share_requests]
        stages.append((group_request, self.group_filters()))
        left, passed_over = self.candidates(share_requests[0]), []
        if not left:
            raise pick.nothing_known()
        for request, filters in stages:
            requests.locate(request, self.pools)
            left, refused = pick.sieve(left, request, filters)
            passed_over += refused
            if not left:
                raise pick.nothing_left(passed_over, filters)
        ranked = pick.rank(left, share_requests[0], self.weighers(), self.rng)
        return pick.Choice(ranked[0], ranked, passed_over)

    def check(self, host, request, filters=None):
        """Whether one pool can take a request; counts it there if so.

        :param host: full host of the pool
        :param filters: filter objects, :meth:`filters` by default; :meth:`extend_filters` when a share grows
        :returns: the :class:`manila.scheduler.pools.PoolState`
        :raises manila.exception.NoValidHost: when it cannot, or is not known, up and enabled
        """
        with self.pools.placing:
            pool = next((pool for pool in self.candidates(request) if pool.host == host), None)
            if pool is None:
                raise exception.NoValidHost(reason='the pool has not reported, or is down or disabled',
                                            detail_data={'last_filter': None, 'reasons': []})
            filters = self.filters() if filters is None else filters
            _, passed_over = pick.sieve([pool], request, filters)
            if passed_over:
                raise pick.nothing_left(passed_over, filters)
            grows = request['size_increase']
            pool.consume(request['size'] if grows is None else grows)
        return pool

    def candidates(self, request):
        """Pools to choose from; disabled ones too when a host administrator names the host."""
        requests.locate(request, self.pools)
        named = request['host_admin'] and request['scheduler_hints'].get('only_host')
        return self.pools.all(include_disabled=bool(named))
