"""Whether a pool can do what the share type, the group type and the back end's own expression ask."""
from oslo_log import log

from manila import exception
from manila.scheduler import capabilities
from manila.scheduler.evaluator import evaluator
from manila.scheduler.filters import base_host

LOG = log.getLogger(__name__)


class CapabilitiesFilter(base_host.ExplainingFilter):
    """Passes pools that satisfy the extra specs of the share type."""

    def refusal(self, host_state, filter_properties):
        specs = base_host.extra_specs(filter_properties)
        match = capabilities.extra_specs_satisfied(host_state.capabilities, specs)
        if not match.satisfied:
            offered = 'nothing' if match.offered is None else match.offered
            return f'capabilities: {match.key} wants {match.wanted}, the pool offers {offered}'
        if specs.get('default_qos_type') and not capabilities.satisfies(
                host_state.capabilities.get('qos_type_support'), '<is> True'):
            return 'capabilities: the pool has no quality of service types'
        return None


class ConsistentSnapshotFilter(base_host.ExplainingFilter):
    """Passes pools whose group snapshots are as consistent as the share group type wants."""

    def refusal(self, host_state, filter_properties):
        group_type = filter_properties.get('share_group_type') or {}
        wanted = (group_type.get('group_specs') or {}).get('consistent_snapshot_support')
        offered = host_state.sg_consistent_snapshot_support
        if wanted in (None, offered):
            return None
        return f'capabilities: consistent group snapshots by {wanted} wanted, the pool offers {offered}'


class DriverFilter(base_host.ExplainingFilter):
    """Passes pools whose ``filter_function`` is true; an expression that fails refuses."""

    def refusal(self, host_state, filter_properties):
        function = host_state.filter_function
        request = base_host.request_spec(filter_properties)
        if function is None or ('share.size' in str(function) and not request.get('share_id')):
            return None
        try:
            passes = evaluate(function, host_state, filter_properties)
        except exception.EvaluatorParseException as error:
            LOG.warning('Filter function of pool %s: %s', host_state.host, error)
            return f'driver: the filter function failed: {error}'
        return None if passes else f'driver: {function} is not true'


def evaluate(function, host_state, filter_properties):
    """The value of a pool's filter or goodness function for a request.

    :raises manila.exception.EvaluatorParseException: when the function is no expression, or fails
    """
    request = base_host.request_spec(filter_properties)
    return evaluator.evaluate(function, stats=vars(host_state), capabilities=host_state.capabilities,
                              extra=base_host.extra_specs(filter_properties),
                              share=request.get('resource_properties') or {})
