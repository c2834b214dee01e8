"""Choose at random."""
from manila.scheduler.drivers import filter


class ChanceScheduler(filter.FilterScheduler):
    """Takes any pool of a back end that is up and enabled, whatever it can do."""

    def filters(self):
        return []

    extend_filters = group_filters = weighers = filters
