"""What every filter is: a yes or no for one pool and one request, and for a no also the reason."""


class BaseHostFilter:
    """Base of filters, also of those outside this project.

    One object serves all threads, so a filter keeps nothing about a request on itself.
    """

    def host_passes(self, host_state, filter_properties):
        """Whether the pool can take the request.

        :param host_state: :class:`manila.scheduler.pools.PoolState`
        :param filter_properties: dict that :func:`manila.scheduler.request.build` makes
        """
        raise NotImplementedError

    def reason(self, host_state, filter_properties):
        """Why a pool that did not pass is passed over, for the user: no host names in it."""
        return f'refused by {type(self).__name__}'


class ExplainingFilter(BaseHostFilter):
    """Base of filters for which the test and its explanation are one piece of code: :meth:`refusal`."""

    def refusal(self, host_state, filter_properties):
        """Why the pool cannot take the request; None when it can."""
        raise NotImplementedError

    def host_passes(self, host_state, filter_properties):
        return self.refusal(host_state, filter_properties) is None

    def reason(self, host_state, filter_properties):
        return (self.refusal(host_state, filter_properties)
                or super().reason(host_state, filter_properties))


def extra_specs(filter_properties):
    """Extra specs of the share type asked for."""
    return (filter_properties.get('resource_type') or {}).get('extra_specs') or {}


def request_spec(filter_properties):
    """What was asked for."""
    return filter_properties.get('request_spec') or {}


def hints(filter_properties):
    """Scheduler hints of the request."""
    return filter_properties.get('scheduler_hints') or {}
