"""Whether a pool is in the right place: zone, named host, near or away from other shares, not tried."""
from manila.scheduler.filters import base_host


def backend_of(host):
    """``host@backend`` of a full pool host."""
    return host.partition('#')[0]


class OnlyHostFilter(base_host.ExplainingFilter):
    """Passes the one pool that a host administrator named with the hint ``only_host``."""

    def refusal(self, host_state, filter_properties):
        only = base_host.hints(filter_properties).get('only_host')
        if not only or not filter_properties.get('host_admin') or only == host_state.host:
            return None
        return 'location: not the host named in the request'


class AvailabilityZoneFilter(base_host.ExplainingFilter):
    """Passes pools in the zone of the request and in one of the zones of the share type."""

    def refusal(self, host_state, filter_properties):
        request = base_host.request_spec(filter_properties)
        zone, name = host_state.availability_zone_id, host_state.availability_zone
        wanted = filter_properties.get('availability_zone_id') or request.get('availability_zone_id')
        if wanted and wanted != zone:
            return f'availability zone: {name} is not the one asked for'
        names = request.get('availability_zones')
        if names and name not in names:
            return f'availability zone: {name} is not among {", ".join(names)}'
        subnets = request.get('az_request_multiple_subnet_support_map') or {}
        if subnets.get(zone) and not host_state.share_server_multiple_subnet_support:
            return 'availability zone: the pool cannot use the several subnets of the share network'
        return None


class AffinityFilter(base_host.ExplainingFilter):
    """Passes pools that hold all the shares of the hint ``same_host``."""

    def refusal(self, host_state, filter_properties):
        for share_id, hosts in _hinted(filter_properties, 'same_host'):
            if hosts is None:
                return f'affinity: there is no share {share_id}'
            if host_state.host not in hosts:
                return f'affinity: share {share_id} is elsewhere'
        return None


class AntiAffinityFilter(base_host.ExplainingFilter):
    """Passes pools that hold none of the shares of the hint ``different_host``."""

    def refusal(self, host_state, filter_properties):
        for share_id, hosts in _hinted(filter_properties, 'different_host'):
            if hosts is None:
                return f'affinity: there is no share {share_id}'
            if host_state.host in hosts:
                return f'affinity: share {share_id} is here'
        return None


def _hinted(filter_properties, hint):
    """Pairs of share id and the hosts of its instances (None: no such share) for a hint."""
    text = base_host.hints(filter_properties).get(hint)
    if not text:
        return []
    known = filter_properties.get('hosts_of_shares') or {}
    ids = [part.strip() for part in text.split(',')]
    return [(share_id, known.get(share_id)) for share_id in ids]


class RetryFilter(base_host.ExplainingFilter):
    """Passes pools that were not tried yet for this request."""

    def refusal(self, host_state, filter_properties):
        tried = (filter_properties.get('retry') or {}).get('hosts') or ()
        return 'already tried' if host_state.host in tried else None


class IgnoreAttemptedHostsFilter(RetryFilter):
    """The same under a second name."""


class CreateFromSnapshotFilter(base_host.ExplainingFilter):
    """Passes pools that can reach the snapshot: those of its back end and of the same replication domain."""

    def refusal(self, host_state, filter_properties):
        request = base_host.request_spec(filter_properties)
        source = request.get('snapshot_host')
        if not request.get('snapshot_id') or not source:
            return None
        if backend_of(source) == host_state.backend_host:
            return None
        domain = filter_properties.get('replication_domain')
        if domain and domain == host_state.replication_domain:
            return None
        return 'snapshot: neither on the back end of the snapshot nor in its replication domain'


class ShareReplicationFilter(base_host.ExplainingFilter):
    """Passes pools that can replicate, and for a further replica those that reach the active one."""

    def refusal(self, host_state, filter_properties):
        if not base_host.extra_specs(filter_properties).get('replication_type'):
            return None
        if not host_state.replication_domain:
            return 'replication: the pool is in no replication domain'
        request = base_host.request_spec(filter_properties)
        if not request.get('active_replica_host'):
            return None
        if host_state.replication_domain != filter_properties.get('replication_domain'):
            return 'replication: not in the replication domain of the active replica'
        if host_state.host in _hosts(request.get('all_replica_hosts')):
            return 'replication: the pool has a replica of this share'
        return None


def _hosts(hosts):
    """Hosts given as a list or joined by commas."""
    return hosts.split(',') if isinstance(hosts, str) else hosts or ()
