"""CIFS: a CIFS share on the junction of the volume; access rules are entries of its access list."""
from manila import exception
from manila.common import constants
from manila.i18n import _
from manila.share.drivers.netapp.dataontap.client import errors, values

_PERMISSIONS = {constants.ACCESS_LEVEL_RW: 'full_control', constants.ACCESS_LEVEL_RO: 'read'}
_EVERYONE = 'Everyone'


class Cifs:
    """How shares are served over CIFS."""

    protocol = values.CIFS
    access_types = ('user',)
    security_style = 'ntfs'

    def policy_of_new(self, client, share_id):
        """NFS policies do not matter here."""
        return None

    def publish(self, client, share, volume, junction, new=False):
        """See to it that there is a CIFS share for the volume.

        :param new: whether the share is just being made: then nobody has access to it, whatever was begun before
        :returns: whether there was none, so that access rules have to be put in force anew
        """
        name = _name(junction)
        if volume.security_style not in (None, self.security_style):
            client.volumes.modify(volume, values.VolumeChange(security_style=self.security_style))
        try:
            client.cifs.create(name, junction)
            return True
        except errors.Duplicate:
            found = client.cifs.find(name)
            if found is not None and found.path != junction:
                raise exception.NetAppException(_('There is a CIFS share %(name)s of path %(path)s already.') % {
                    'name': name, 'path': found.path}) from None
            if new:     # the entry that new CIFS shares have may be left
                client.cifs.deny(name, _EVERYONE)
            return False

    def path(self, address, junction):
        r"""Export path: ``\\address\name``."""
        return f'\\\\{address}\\{_name(junction)}'

    def withdraw(self, client, share_id, junction):
        """Stop showing it; a junction of None is that of a share that was never shown."""
        if junction is not None:
            client.cifs.delete(_name(junction))

    def apply(self, client, share, volume, junction, rules):
        """Make the access list what the rules say; only what differs is changed."""
        wanted = {}
        for rule in rules:
            check(rule)
            wanted[rule['access_to']] = _PERMISSIONS[rule['access_level']]
        name = _name(junction)
        found = client.cifs.find(name)
        if found is None:
            raise exception.ShareResourceNotFound(share_id=share['id'])
        present = {user.lower(): (user, permission) for user, permission in found.access.items()}
        keep = {user.lower() for user in wanted}
        for key, (user, _permission) in present.items():
            if key not in keep:
                client.cifs.deny(name, user)
        for user, permission in wanted.items():
            if present.get(user.lower(), (None, None))[1] != permission:
                client.cifs.allow(name, user, permission)


def _name(junction):
    return junction.lstrip('/')


def check(rule):
    """Refuse a rule that CIFS does not know."""
    if rule['access_type'] != 'user':
        raise exception.InvalidShareAccess(reason=_('CIFS shares are accessible by user or group only.'))
    if rule['access_level'] not in constants.ACCESS_LEVELS:
        raise exception.InvalidShareAccessLevel(level=rule['access_level'])
