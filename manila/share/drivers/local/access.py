"""From access rules to what the servers can enforce, with a verdict for each rule."""
import ipaddress

from oslo_log import log

from manila.common import constants
from manila.share.drivers.local import ganesha

LOG = log.getLogger(__name__)

ACTIVE, ERROR = constants.ACCESS_STATE_ACTIVE, constants.STATUS_ERROR


def clients_of(rules):
    """(pairs of network and level, rules by verdict) for the address rules of an NFS share."""
    return _granted(rules, 'ip', _network)


def users_of(rules):
    """(pairs of user name and level, rules by verdict) for the user rules of an SMB share."""
    return _granted(rules, 'user', str)


def _granted(rules, kind, normal):
    """Who gets which level, and ``{access id: {'state': …}}``; a bad rule never spoils the others."""
    granted, verdicts = {}, {}
    for rule in rules:
        problem = None
        try:
            who = normal(rule['access_to'])
        except ValueError as failure:
            problem = str(failure)
        if rule['access_type'] != kind:
            problem = f'rules of type {rule["access_type"]} are not supported by this protocol'
        elif rule['access_level'] not in constants.ACCESS_LEVELS:
            problem = f'access level {rule["access_level"]} is not supported'
        elif problem is None and granted.setdefault(who, rule['access_level']) != rule['access_level']:
            problem = 'another rule for the same client has another level'
        if problem:
            LOG.warning('Access rule %s cannot be applied: %s.', rule['access_id'], problem)
        verdicts[rule['access_id']] = {'state': ERROR if problem else ACTIVE}
    return tuple(granted.items()), verdicts


def _network(text):
    network = ipaddress.ip_network(text, strict=False)
    if network.version == 6 and network.prefixlen >= 96 and network.network_address.ipv4_mapped:
        # The server sees such a client as what it is, one of IPv4.
        network = ipaddress.ip_network((network.network_address.ipv4_mapped, network.prefixlen - 96))
    ganesha.client_terms(str(network))      # refused here, where only this rule fails
    return str(network)
