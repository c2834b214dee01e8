"""Turn a request for a share into what filters and weighers read: the filter properties.

A request spec is the plain dict that the API writes; nothing here changes it.
"""
import json
import os

from oslo_log import log

from manila import exception
from manila.common import constants
from manila.conf import CONF

LOG = log.getLogger(__name__)

BOOLEAN_SPECS = ('driver_handles_share_servers', 'snapshot_support', 'create_share_from_snapshot_support',
                 'revert_to_snapshot_support', 'mount_snapshot_support',
                 'snapshot_inherit_share_access_support')

#: Hints that outlive the request in the metadata of the share.
KEPT_HINTS = constants.AFFINITY_HINTS


def build(context, request_spec, hints=None, tried=None, host_admin=None, hosts_of=None, size=None,
          size_increase=None, share_group_type=None):
    """Make the filter properties of a request.

    :param context: who asks
    :param request_spec: dict with share_properties, share_instance_properties, share_type and so on
    :param hints: scheduler hints; without any, those kept in the share's metadata count
    :param tried: dict of pool host -> error text, for pools that refused this request
    :param host_admin: whether the hint ``only_host`` is honoured; by default for administrators
    :param hosts_of: function of a share id that gives the full hosts of its instances, None for an unknown
        share; needed when hints name shares
    :param size: GiB to place, when it is not the size of the share
    :param size_increase: GiB by which the share grows; makes this a request to extend
    :param share_group_type: dict with ``group_specs``, for a share group
    :raises manila.exception.DefaultShareTypeNotConfigured: when the request has no share type
    """
    if not request_spec.get('share_type'):
        raise exception.DefaultShareTypeNotConfigured()
    share = request_spec.get('share_properties') or {}
    instance = request_spec.get('share_instance_properties') or {}
    share_type = {**request_spec['share_type'], 'extra_specs': _specs_to_match(request_spec, share)}
    extending = size_increase is not None or bool(request_spec.get('is_share_extend'))
    hints = hints or kept_hints(share.get('metadata'))
    tried = dict(tried or {})
    return {
        'context': context,
        'host_admin': bool(context and context.is_admin) if host_admin is None else host_admin,
        'request_spec': {**request_spec, 'share_type': share_type, 'is_share_extend': extending,
                         'resource_properties': {**share, **instance}},
        'config_options': config_options(),
        'share_type': share_type,
        'resource_type': share_type,
        'share_group': request_spec.get('share_group'),
        'share_group_type': share_group_type,
        'size': (share.get('size') or 0) if size is None else size,
        'size_increase': size_increase,
        'is_share_extend': extending,
        'availability_zone_id': (request_spec.get('availability_zone_id')
                                 or instance.get('availability_zone_id')),
        'user_id': share.get('user_id'),
        'metadata': share.get('metadata'),
        'snapshot_id': request_spec.get('snapshot_id') or share.get('snapshot_id'),
        'scheduler_hints': hints,
        'hosts_of_shares': _hosts_of_hinted(hints, hosts_of),
        'tried': tried,
        'retry': {'num_attempts': len(tried) + 1, 'hosts': list(tried)},
    }


def locate(request, pools):
    """Add to filter properties what the known pools tell about places that the request names.

    These are ``replication_domain`` of the active replica or the snapshot, ``snapshot_availability_zone_id``
    and ``server_pools_mapping`` of all back ends.

    :param pools: :class:`manila.scheduler.pools.Pools`
    """
    spec = request['request_spec']
    source = spec.get('active_replica_host') or spec.get('snapshot_host')
    pool = pools.find(source) if source else None
    request['replication_domain'] = pool.replication_domain if pool else None
    snapshot_pool = pools.find(spec['snapshot_host']) if spec.get('snapshot_host') else None
    request['snapshot_availability_zone_id'] = snapshot_pool.availability_zone_id if snapshot_pool else None
    request['server_pools_mapping'] = {server: names for pool in pools.all()
                                       for server, names in (pool.server_pools_mapping or {}).items()}


def kept_hints(metadata):
    """Hints that the metadata of a share remembers.

    :param metadata: dict of a share's metadata, or None
    """
    metadata = metadata or {}
    return {hint: metadata[key] for hint, key in KEPT_HINTS.items() if metadata.get(key)}


def _specs_to_match(request_spec, share):
    """Extra specs of the share type in the form that is compared with capabilities."""
    specs = dict(request_spec['share_type'].get('extra_specs') or {})
    for key in BOOLEAN_SPECS:
        if key in specs and not str(specs[key]).lower().startswith('<is>'):
            specs[key] = f'<is> {specs[key]}'
    protocol = request_spec.get('share_proto') or share.get('share_proto')
    if protocol:
        specs.setdefault('storage_protocol', f'<in> {protocol}')
    if request_spec.get('active_replica_host') or request_spec.get('snapshot_host'):
        specs.pop('share_backend_name', None)
    return specs


def _hosts_of_hinted(hints, hosts_of):
    """Hosts of each share that hints name, so that filters need no database."""
    ids = {share_id.strip() for hint in KEPT_HINTS for share_id in (hints.get(hint) or '').split(',')}
    return {share_id: hosts_of(share_id) for share_id in ids if share_id} if hosts_of else {}


_options = (None, {})    # what the JSON file was like when it was last read, and its content


def config_options():
    """Content of the file ``scheduler_json_config_location``; read again after it changed."""
    global _options
    path = CONF.scheduler_json_config_location
    if not path:
        return {}
    try:
        status = os.stat(path)
        state = (path, status.st_mtime_ns, status.st_size)
        if state != _options[0]:
            with open(path, encoding='utf-8') as file:
                _options = (state, json.load(file))
        return _options[1]
    except (OSError, ValueError) as error:
        LOG.error('Scheduler options of %s cannot be read, the last good ones stay in use: %s', path, error)
        return _options[1] if _options[0] and _options[0][0] == path else {}
