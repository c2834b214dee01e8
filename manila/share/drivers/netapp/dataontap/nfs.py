"""NFS: each share has an export policy of its own; a change of rules puts a complete new one in its place.

The clients of a volume see either all old or all new rules: the volume is given the new policy in one call. The steps
around that one can be interrupted anywhere; names tell the next attempt how far the last one came.
"""
import ipaddress
import uuid

from oslo_log import log

from manila import exception
from manila.common import constants
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import naming
from manila.share.drivers.netapp.dataontap.client import errors, values

LOG = log.getLogger(__name__)

DEFAULT_POLICY = 'default'
NOBODY = 65534


class Nfs:
    """How shares are served over NFS.

    :param flavours: function that returns the security flavours clients of a :class:`client.face.Client` have to use
    """

    protocol = values.NFS
    access_types = ('ip',)
    security_style = None

    def __init__(self, flavours):
        self._flavours = flavours

    def policy_of_new(self, client, share_id):
        """Make the export policy for a new volume, without rules; returns its name."""
        name = naming.export_policy(share_id)
        try:
            client.exports.create(name)
        except errors.Duplicate:
            pass
        return name

    def publish(self, client, share, volume, junction, new=False):
        """See to it that the volume has a policy of its own, under its proper name; a new one was made with it.

        :returns: whether it had another one, so that access rules have to be put in force anew
        """
        if new:
            return False
        self._settle(client, share['id'], volume)
        return volume.export_policy not in _both(share['id'])

    def path(self, address, junction):
        """Export path: ``address:/junction``."""
        return f'[{address}]:{junction}' if ':' in address else f'{address}:{junction}'

    def withdraw(self, client, share_id, junction):
        """Remove the policies of a share whose volume uses them no more."""
        for policy in client.exports.find(_both(share_id)).values():
            _remove(client, policy)

    # --- rules

    def apply(self, client, share, volume, junction, rules):
        """Put rules in force, all at once.

        :param rules: access rules of the share, all of them
        :returns: nothing; afterwards exactly these rules count
        """
        squash = str((share.get('metadata') or {}).get('all_squash', '')).lower() == 'true'
        wanted = export_rules(rules, self._flavours(client), squash)
        final, new = _both(share['id'])
        present = self._settle(client, share['id'], volume)
        made = client.exports.create(new, wanted)
        change = values.VolumeChange(export_policy=new)
        if squash and any(rule.anonymous for rule in wanted) and volume.type != values.DATA_PROTECTION:
            change = values.VolumeChange(export_policy=new, owner=NOBODY)
        client.volumes.modify(volume, change)
        _remove(client, present)
        client.exports.rename(made, final)

    def _settle(self, client, share_id, volume):
        """Bring the policies of a volume into order, whatever was begun before; returns the one it has now."""
        final, new = _both(share_id)
        current = volume.export_policy or DEFAULT_POLICY
        found = client.exports.find({final, new, current})
        if new in found and current != new:
            _remove(client, found[new])
        if current == final:
            return found[final]
        if current != DEFAULT_POLICY and final in found:
            _remove(client, found.pop(final))
        if current == new:      # a change was interrupted when all but the name was done
            client.exports.rename(found[new], final)
            return values.ExportPolicy(final, found[new].id)
        return self._take_over(client, volume, final, found)

    def _take_over(self, client, volume, final, found):
        """Give a volume a policy of its own in place of the default or somebody else's, whose rules go on to count."""
        other = found.get(volume.export_policy) if volume.export_policy != DEFAULT_POLICY else None
        policy = found.get(final) or client.exports.create(final, client.exports.rules(other) if other else ())
        client.volumes.modify(volume, values.VolumeChange(export_policy=final))
        if other is not None:
            try:
                client.exports.delete(other)
            except errors.InUse:
                LOG.info('Export policy %s is left to the other volumes that use it', other.name)
        return policy


def _both(share_id):
    return [naming.export_policy(share_id), naming.new_export_policy(share_id)]


def _remove(client, policy):
    """Delete a policy, or put it aside for housekeeping while the array still counts it as used."""
    try:
        client.exports.delete(policy)
    except errors.InUse:
        aside = naming.deleted(policy.name)
        try:
            client.exports.rename(policy, aside)
        except errors.Duplicate:        # the one before it still waits
            client.exports.rename(policy, f'{aside}_{uuid.uuid4().hex[:8]}')


def export_rules(rules, flavours=('sys',), squash=False):
    """Export rules for access rules: the last one for a client wins; in descending order of addresses.

    :param squash: whether everybody who may write is to be nobody
    :raises manila.exception.InvalidShareAccess: when a rule is not for an address
    """
    by_client = {}
    for rule in rules:
        check(rule)
        by_client[rule['access_to']] = rule
    found = []
    for client in sorted(by_client, key=_descending, reverse=True):
        writes = by_client[client]['access_level'] == constants.ACCESS_LEVEL_RW
        if writes and squash:
            found.append(values.ExportRule(client, ('none',), ('none',), ('none',), str(NOBODY)))
        else:
            found.append(values.ExportRule(client, tuple(flavours), tuple(flavours) if writes else ('never',),
                                           tuple(flavours)))
    return found


def _descending(text):
    """A key by which, in descending order, a machine comes before its network: the first rule that fits counts."""
    network = ipaddress.ip_network(text, strict=False)
    return network.version, int(network.network_address), network.prefixlen


def check(rule):
    """Refuse a rule that NFS does not know."""
    if rule['access_type'] != 'ip':
        raise exception.InvalidShareAccess(reason=_('NFS shares are accessible by IP address only.'))
    if rule['access_level'] not in constants.ACCESS_LEVELS:
        raise exception.InvalidShareAccessLevel(level=rule['access_level'])
