"""Helpers around hosts, pools, access rules and replicas, for drivers and services."""
from manila import exception
from manila.common import constants
from manila.i18n import _

DEFAULT_POOL_NAME = '_pool0'


def extract_host(host, level='backend', default_pool_name=False):
    """A part of a host such as ``node@backend#pool``.

    :param level: 'host' for ``node``, 'backend' for ``node@backend``, 'backend_name' for ``backend``,
        'pool' for ``pool``
    :param default_pool_name: whether a host without pool has the default one, instead of None
    """
    backend, _sign, pool = host.partition('#')
    if level == 'backend':
        return backend
    if level == 'host':
        return backend.partition('@')[0]
    if level == 'backend_name':
        return backend.partition('@')[2] or backend
    if level == 'pool':
        return pool or (DEFAULT_POOL_NAME if default_pool_name else None)
    raise exception.InvalidParameterValue(err=_('%s is no part of a host.') % level)


def append_host(host, pool):
    """The host with a pool: ``node@backend#pool``; an empty host or pool changes nothing."""
    return f'{host}#{pool}' if host and pool else host


def cast_access_object_to_dict_in_readonly(rules):
    """The same access rules, for reading only."""
    return [{**rule, 'access_level': constants.ACCESS_LEVEL_RO} for rule in rules]


def change_rules_to_readonly(access_rules, add_rules, delete_rules):
    """The arguments of ``update_access`` with all rules for reading only."""
    return tuple(cast_access_object_to_dict_in_readonly(rules)
                 for rules in (access_rules, add_rules, delete_rules))


def get_active_replica(replica_list):
    """The active one of the replicas of a share, or None."""
    for replica in replica_list:
        if replica['replica_state'] == constants.REPLICA_STATE_ACTIVE:
            return replica
    return None


def get_recent_db_migration_id():
    """The version of the database's schema, as text; None for an empty database."""
    from manila.db import migration
    return migration.version()
