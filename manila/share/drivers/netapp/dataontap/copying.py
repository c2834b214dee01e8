"""Shares made from snapshots: FlexClones, which for another pool are separated from their parent and moved there.

How far that is can always be seen on the array, so nothing is noted elsewhere and every step can be repeated.
"""
import time

from oslo_log import log

from manila import exception
from manila.common import constants
from manila.i18n import _
from manila.share import utils as share_utils
from manila.share.drivers.netapp.dataontap import naming, specs
from manila.share.drivers.netapp.dataontap.client import errors, values

LOG = log.getLogger(__name__)

_STEPS = _START, _CUT_OVER = 'start', 'cut-over'
_HALF = 50      # the separation counts as the first half of the work, the move as the second


class Copying:
    """Making shares from snapshots."""

    def create_share_from_snapshot(self, context, share, snapshot, share_server=None, parent_share=None):
        """Make a FlexClone of a snapshot's volume, with the properties of the new share's type.

        In the parent's pool it is ready at once; in another pool of the back end :meth:`get_share_status` tells when.

        :raises manila.exception.NetAppException: when the pool cannot be reached from the parent's
        """
        place = self.place_of(share_server)
        pool, wanted = self.pool_of(share, place), specs.of_share(share)
        parent = parent_share or snapshot['share']
        elsewhere = self._is_elsewhere(share, parent, place, pool)
        protocol, junction = place.exports.protocol(share), self.names.junction(share)
        place.exports.require_interface(protocol)
        self.array.require_protocol(protocol.protocol)
        self._check_wanted(wanted)
        volume = self._clone(place.client, values.CloneSpec(
            name=self.names.volume(share['id']), parent=self.names.volume(snapshot['share_id']),
            snapshot=naming.snapshot(snapshot), junction=junction,
            export_policy=protocol.policy_of_new(place.client, share['id']),
            qos=self.qos.ensure(place.client, share, wanted)))
        place.client.volumes.modify(volume, values.VolumeChange(
            size=share['size'] * naming.GIB, thin=wanted.thin, snapshot_policy=wanted.snapshot_policy,
            snapdir_visible=not wanted.hide_snapdir, files_max=self._files(place, share, wanted),
            efficiency=wanted.efficiency, tiering_policy=wanted.tiering_policy, autosize=wanted.autosize,
            security_style=protocol.security_style, tags=self.names.tags(share) or None))
        self.fpolicy.ensure(place.client, share, volume.name, wanted)
        if wanted.split or elsewhere:
            place.client.volumes.start_split(volume.name)
        protocol.publish(place.client, share, volume, junction, new=True)
        locations = self.locations_of(place, share, pool)
        if elsewhere:
            return {'status': constants.STATUS_CREATING_FROM_SNAPSHOT, 'export_locations': locations}
        return locations

    def _is_elsewhere(self, share, parent, place, pool):
        """Whether the new share lies in another pool than its parent; refuse pools that cannot be reached."""
        if share['host'] == parent['host']:
            return False
        if share_utils.extract_host(share['host']) != share_utils.extract_host(parent['host']):
            raise exception.NetAppException(
                _('A share cannot be made from a snapshot of another back end yet.'))
        source = place.pools.get(share_utils.extract_host(parent['host'], level='pool'))
        if source.is_flexgroup or pool.is_flexgroup:
            raise exception.NetAppException(
                _('Shares made from snapshots cannot change between pools when FlexGroup volumes are involved.'))
        self.array.require_rights(_('Making a share from a snapshot in another pool'))
        return True

    @staticmethod
    def _clone(client, spec):
        try:
            return client.volumes.clone(spec)
        except errors.Duplicate:
            volume = client.volumes.find(spec.name, detail=True)
            if volume is None:
                raise
            LOG.info('Volume %s exists and is completed', spec.name)
            client.volumes.modify(volume, values.VolumeChange(
                junction=spec.junction if volume.junction != spec.junction else None,
                export_policy=spec.export_policy, qos=spec.qos))
            return volume
        except errors.NotFound as error:
            raise exception.SnapshotResourceNotFound(name=spec.snapshot) from error

    def get_share_status(self, share, share_server=None):
        """How far a volume is on its way to another pool; takes the next step when it is time for one."""
        place = self.place_of(share_server)
        pool = self.pool_of(share, place)
        volume = place.client.volumes.find(self.names.volume(share['id']))
        if volume is None:
            LOG.error('The volume of share %s, which is being made from a snapshot, is gone', share['id'])
            return {'status': constants.STATUS_ERROR}
        if set(volume.aggregates) == set(pool.aggregates):
            for step in _STEPS:
                self.waiting.pop((share['id'], step), None)
            return {'status': constants.STATUS_AVAILABLE, 'progress': '100%',
                    'export_locations': self.locations_of(place, share, pool)}
        return self._go_on(place.client, share, volume, pool)

    def _go_on(self, client, share, volume, pool):
        move = client.volumes.move_status(volume)
        if move is not None and move.phase == 'failed':
            LOG.error('The volume of share %s could not be moved to %s: %s', share['id'], pool.name, move.reason)
            return {'status': constants.STATUS_ERROR}
        if move is not None and move.phase != 'done':
            if move.phase == 'cutover_wait':
                client.volumes.cut_over(volume)
                if self._lasts_too_long(share, _CUT_OVER, self.configuration.netapp_volume_move_cutover_timeout):
                    return {'status': constants.STATUS_ERROR}
            return _going_on(_HALF + move.percent // 2)
        percent = client.volumes.split_percent(volume)
        if percent == 100:
            try:
                client.volumes.start_move(volume, pool.aggregates[0])
            except (errors.CloneSplitting, errors.Busy) as error:
                LOG.info('The volume of share %s cannot be moved yet: %s', share['id'], error)
                if self._lasts_too_long(share, _START, self.configuration.netapp_start_volume_move_timeout):
                    return {'status': constants.STATUS_ERROR}
            return _going_on(_HALF)
        if not volume.splitting:
            client.volumes.start_split(volume.name)
        return _going_on((percent or 0) // 2)

    def _lasts_too_long(self, share, step, seconds):
        """Whether a share has waited for a step for more than some seconds since that was first asked."""
        since = self.waiting.setdefault((share['id'], step), time.monotonic())
        if time.monotonic() - since <= seconds:
            return False
        del self.waiting[share['id'], step]
        LOG.error('Share %s has waited for the %s of its move for more than %s s', share['id'], step, seconds)
        return True


def _going_on(percent):
    return {'status': constants.STATUS_CREATING_FROM_SNAPSHOT, 'progress': f'{percent}%'}
