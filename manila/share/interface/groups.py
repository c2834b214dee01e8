"""Share groups. The defaults do with each member what is done with a single share or snapshot."""
from oslo_log import log

from manila import exception
from manila.common import constants
from manila.i18n import _

LOG = log.getLogger(__name__)


class Groups:
    """What a driver does with share groups and their snapshots."""

    def create_share_group(self, context, share_group_dict, share_server=None):
        """Make an empty share group; returns None or what to note about it."""

    def delete_share_group(self, context, share_group_dict, share_server=None):
        """Remove a share group without shares; returns None or what to note about it."""

    def create_share_group_from_share_group_snapshot(self, context, share_group_dict,
                                                     share_group_snapshot_dict, share_server=None):
        """Make a share group with a share for each member of a group snapshot.

        :returns: (None or what to note about the group, None or a list of dicts with ``id``,
            ``export_locations`` and ``status`` for the shares)
        """
        if not share_group_snapshot_dict['share_group_snapshot_members']:
            return None, None
        servers = {'share_server': share_server} if self.driver_handles_share_servers else {}
        updates = []
        for clone in self._collate_share_group_snapshot_info(share_group_dict, share_group_snapshot_dict):
            answer = self.create_share_from_snapshot(context, clone['share'], clone['snapshot'], **servers)
            updates.append({'id': clone['share']['id'], **_clone_update(answer)})
        return None, updates

    def create_share_group_snapshot(self, context, snap_dict, share_server=None):
        """Take a snapshot of all shares of a group.

        :returns: (None or what to note about the group snapshot, None or a list of dicts with ``id``,
            ``provider_location``, ``size``, ``status`` for the members)
        :raises manila.exception.ShareGroupSnapshotNotSupported: when the driver makes no snapshots
        """
        if not self._stats.get('snapshot_support', self.snapshots_are_supported):
            raise exception.ShareGroupSnapshotNotSupported(share_group=snap_dict['share_group_id'])
        done, updates = [], []
        try:
            for member in snap_dict['share_group_snapshot_members']:
                snapshot = _member_snapshot(member)
                answer = self.create_snapshot(context, snapshot, share_server=share_server)
                done.append(snapshot)
                if answer:
                    updates.append({**answer, 'id': member['id']})
        except Exception:
            for snapshot in done:
                self._cleanup_group_share_snapshot(context, snapshot, share_server)
            raise
        return None, updates or None

    def delete_share_group_snapshot(self, context, snap_dict, share_server=None):
        """Remove a group snapshot; answers as :meth:`create_share_group_snapshot`."""
        for member in snap_dict['share_group_snapshot_members']:
            self.delete_snapshot(context, _member_snapshot(member), share_server=share_server)
        return None, None

    def _collate_share_group_snapshot_info(self, share_group_dict, share_group_snapshot_dict):
        """Pair the new shares of a group with the members of the snapshot they come from.

        :returns: list of dicts with ``share`` and ``snapshot``
        """
        members = {member['id']: member
                   for member in share_group_snapshot_dict['share_group_snapshot_members']}
        pairs = []
        for share in share_group_dict['shares']:
            member = members.get(share['source_share_group_snapshot_member_id'])
            if member is None:
                raise exception.InvalidShareGroup(
                    reason=_('share %s comes from no member of the group snapshot.') % share['id'])
            pairs.append({'share': share, 'snapshot': _member_snapshot(member)})
        return pairs

    def _cleanup_group_share_snapshot(self, context, share_snapshot, share_server):
        """Remove the snapshot of a member because that of another one failed."""
        try:
            self.delete_snapshot(context, share_snapshot, share_server=share_server)
        except Exception:
            LOG.exception('Snapshot %s, left over from a failed group snapshot, could not be removed.',
                          share_snapshot['id'])


def _member_snapshot(member):
    """A member of a group snapshot in the form of a snapshot."""
    share = member['share']
    return {
        **member,
        'snapshot_id': member['share_group_snapshot_id'],
        'share_id': share['id'], 'share_instance_id': share['id'], 'share_name': share['name'],
        'share_size': share['size'], 'share_proto': share['share_proto'],
    }


def _clone_update(answer):
    """What to note about a share made from a snapshot, from either form of the driver's answer."""
    if not isinstance(answer, dict):
        return {'export_locations': answer, 'status': constants.STATUS_AVAILABLE}
    allowed = (constants.STATUS_AVAILABLE, constants.STATUS_CREATING_FROM_SNAPSHOT)
    if answer.get('status') not in allowed:
        raise exception.InvalidShareInstance(
            reason=_('the driver must answer with one of the states %(states)s, not %(status)s.') % {
                'states': ', '.join(allowed), 'status': answer.get('status')})
    return {'export_locations': answer.get('export_locations', []), 'status': answer['status']}
