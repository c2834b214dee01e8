"""Payloads of notifications, made from rows.

Names are those that consumers of usage know (``share_id``, ``size``, ``proto`` ...). What opens anything never gets in:
no access key, no key of a transfer, no password; whom a rule lets in may be hidden by a lock, and is left out too.
"""

_SHARE = ('user_id', 'project_id', 'snapshot_id', 'share_group_id', 'size', 'is_public', 'availability_zone', 'host',
          'status', 'share_type_id', 'access_rules_status')
_SNAPSHOT = ('snapshot_id', 'user_id', 'project_id', 'size', 'share_proto', 'host', 'status')
_REQUEST = ('id', 'size', 'user_id', 'project_id', 'snapshot_id', 'share_proto', 'is_public', 'share_type_id',
            'share_group_id')


def share(row, **more):
    """A share: from its row, or from an instance merged with its share.

    :param more: further keys of the payload
    """
    found = {name: row.get(name) for name in _SHARE}
    found.update(
        share_id=row.get('share_id') or row['id'], name=row.get('display_name'),
        description=row.get('display_description'), proto=row.get('share_proto'),
        share_type=row.get('share_type_name'), created_at=_time(row.get('created_at')),
        launched_at=_time(row.get('launched_at')))
    if row.get('share_id'):
        found['share_instance_id'] = row['id']
    return {**found, **more}


def snapshot(row, **more):
    """A snapshot, from an instance merged with its snapshot."""
    found = {name: row.get(name) for name in _SNAPSHOT}
    found.update(snapshot_instance_id=row['id'], share_id=row.get('parent_id'), name=row.get('display_name'),
                 created_at=_time(row.get('created_at')))
    return {**found, **more}


def rules(found):
    """Access rules, as drivers see them."""
    return [{'access_id': rule['access_id'], 'access_type': rule['access_type'],
             'access_level': rule.get('access_level'), 'state': rule['state']} for rule in found]


def refusal(method, args, target, error):
    """A request that the scheduler found no place for."""
    spec = args.get('request_spec') or {}
    wanted = spec.get('share_properties') or {}
    return {'method': method, 'share_id': spec.get('share_id'), 'share_instance_id': target, 'state': 'error',
            'reason': str(error), 'share_properties': {name: wanted.get(name) for name in _REQUEST}}


def transfer(row, share_row, **more):
    """A transfer of a share."""
    return share(share_row, transfer_id=row['id'], source_project_id=row['source_project_id'],
                 destination_project_id=row.get('destination_project_id'), **more)


def share_type(row):
    """A share type."""
    return {'share_type_id': row['id'], 'name': row['name'], 'description': row.get('description'),
            'is_public': row.get('is_public'), 'extra_specs': dict(row.get('extra_specs') or {})}


def qos_type(row):
    """A QoS type."""
    return {'qos_type_id': row['id'], 'name': row['name'], 'description': row.get('description'),
            'specs': dict(row.get('specs') or {})}


def _time(value):
    return None if value is None else value.isoformat()
