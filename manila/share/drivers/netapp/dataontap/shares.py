"""Shares: volumes that are made, removed, resized and kept as they should be."""
import functools
import time

from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import naming, nfs, specs
from manila.share.drivers.netapp.dataontap.client import errors, values

LOG = log.getLogger(__name__)

_UNMOUNT_TRIES, _UNMOUNT_PAUSE = 10, 3      # while another job of the array holds the volume
_FLEXGROUP_PAUSE = 5
_MINUTE = 60


def files_for(volume, wanted, size):
    """Inodes for a volume of that many GiB, but no fewer than are in use; None for the array's own choice.

    :param volume: :class:`.client.values.Volume` in detail
    """
    files = wanted.files(size)
    return files and max(files, volume.files_used or 0)


def _snapshot_policy(share, volume, wanted):
    """The snapshot policy of a share's type; the one that its owner has chosen by metadata stays."""
    chosen = (share.get('metadata') or {}).get('snapshot_policy')
    return None if chosen and chosen == volume.snapshot_policy else wanted.snapshot_policy


class Shares:
    """Life cycle of shares."""

    # --- making

    def create_share(self, context, share, share_server=None):
        """Make the volume of a share, complete in as few calls as the array allows, and export it to nobody yet.

        A volume of the share's name is what an interrupted attempt has left: it is completed.
        """
        place = self.place_of(share_server)
        pool, wanted = self.pool_of(share, place), specs.of_share(share)
        protocol = place.exports.protocol(share)
        place.exports.require_interface(protocol)
        self.array.require_protocol(protocol.protocol)
        self._check_wanted(wanted)
        junction = self.names.junction(share)
        spec = values.VolumeSpec(
            name=self.names.volume(share['id']), aggregates=pool.aggregates, style=pool.style, junction=junction,
            size=share['size'] * naming.GIB, security_style=protocol.security_style,
            export_policy=protocol.policy_of_new(place.client, share['id']),
            qos=self.qos.ensure(place.client, share, wanted), tags=self.names.tags(share),
            **self._properties(wanted, share['size'], self._encryption(wanted, place, pool)))
        volume = self._create(place, spec)
        self.fpolicy.ensure(place.client, share, volume.name, wanted)
        protocol.publish(place.client, share, volume, junction, new=True)
        return self.locations_of(place, share, pool)

    def _check_wanted(self, wanted):
        """Refuse what this array, or this driver, cannot do."""
        if wanted.encrypt_volume and self.array.has_rights and not self.array.encrypts_volumes:
            raise exception.NetAppException(_('The array cannot encrypt volumes.'))
        if wanted.snaplock and self.array.has_rights and not self.array.has_compliance_clock:
            raise exception.NetAppException(_('SnapLock needs the compliance clock set on all nodes.'))

    def _properties(self, wanted, size, encrypted):
        """Those fields of a :class:`values.VolumeSpec` that the share type decides."""
        return {
            'thin': wanted.thin, 'snapshot_reserve': self.configuration.netapp_volume_snapshot_reserve_percent,
            'snapshot_policy': wanted.snapshot_policy, 'language': wanted.language, 'encrypted': encrypted,
            'snapdir_visible': False if wanted.hide_snapdir else None, 'files_max': wanted.files(size),
            'efficiency': wanted.efficiency, 'snaplock': wanted.snaplock, 'tiering_policy': wanted.tiering_policy,
            'autosize': wanted.autosize}

    @staticmethod
    def _encryption(wanted, place, pool):
        """Whether to encrypt the volume; left to the aggregate when that is encrypted, or may be."""
        if wanted.encrypt_volume:
            return True
        return False if place.pools.is_encrypted(pool) is False else None

    def _create(self, place, spec):
        """Make a volume, or complete one of that name."""
        try:
            if spec.style == values.FLEXGROUP:
                return self._create_flexgroup(place.client, spec)
            return place.client.volumes.create(spec)
        except errors.Duplicate:
            volume = place.client.volumes.find(spec.name, detail=True)
            if volume is None:
                raise
            LOG.info('Volume %s exists and is completed', spec.name)
            return self._complete(place.client, volume, spec)

    def _create_flexgroup(self, client, spec):
        """Only one FlexGroup volume at a time can be made on an aggregate."""
        options = self.configuration
        end = time.monotonic() + options.netapp_flexgroup_aggregate_not_busy_timeout
        while True:
            try:
                return client.volumes.create(spec, timeout=options.netapp_flexgroup_volume_online_timeout)
            except errors.FlexGroupBusy:
                if time.monotonic() >= end:
                    raise
                time.sleep(_FLEXGROUP_PAUSE)

    @staticmethod
    def _complete(client, volume, spec):
        """Make a volume what it would be had it been made by one undisturbed call."""
        if volume.state != 'online':
            client.volumes.modify(volume, values.VolumeChange(state='online'))
        client.volumes.modify(volume, values.VolumeChange(
            size=spec.size if volume.size != spec.size else None, thin=spec.thin,
            junction=spec.junction if volume.junction != spec.junction else None, export_policy=spec.export_policy,
            security_style=spec.security_style, snapshot_reserve=spec.snapshot_reserve,
            snapshot_policy=spec.snapshot_policy, snapdir_visible=spec.snapdir_visible, files_max=spec.files_max,
            qos=spec.qos, efficiency=spec.efficiency, snaplock=spec.snaplock, tiering_policy=spec.tiering_policy,
            autosize=spec.autosize, tags=spec.tags or None))
        return volume

    # --- removing

    def delete_share(self, context, share, share_server=None):
        """Remove the volume of a share and everything made for it; what is gone already is no error."""
        try:
            self._delete_share(self.place_of(share_server), share)
        except errors.SvmNotFound:
            LOG.warning('Share %s is gone with its SVM', share['id'])

    def _delete_share(self, place, share):
        client = place.client
        name, junction = self.names.volume(share['id']), self.names.junction(share)
        if self._may_have_fpolicy(share):
            self.fpolicy.detach(client, share['id'], name)
        volume = client.volumes.find(name)
        withdraw = functools.partial(self._withdraw, place, share, name, junction)
        if volume is not None:
            self._delete_volume(client, volume, share, withdraw)
        else:
            withdraw()
        self.qos.remove(client, share['id'])
        if self.private_storage is not None:
            self.private_storage.delete(share['id'])

    @staticmethod
    def _withdraw(place, share, name, junction):
        """Take away what clients reach a share by; one of another protocol was refused before it had any."""
        try:
            protocol = place.exports.protocol(share)
        except exception.InvalidShare:
            return
        if share.get('mount_point_name'):
            other = place.client.volumes.find(junction=junction)
            if other is not None and other.name != name:
                junction = None     # another share has the name: this one never got it
        protocol.withdraw(place.client, share['id'], junction)

    def _delete_volume(self, client, volume, share, withdraw):
        if volume.splitting:
            client.volumes.stop_split(volume)
        if volume.online:
            self._unmount(client, volume)
        withdraw()
        if volume.state != 'offline':
            self._stop(client, volume)
        try:
            client.volumes.delete(volume, force=self._is_young(share))
        except errors.HasClones:
            # Housekeeping separates the clones and deletes it.
            client.volumes.modify(volume, values.VolumeChange(name=naming.deleted(volume.name)))
        except errors.NotFound:
            pass

    def _stop(self, client, volume):
        """Take a volume offline; a move that goes on is given up."""
        change = values.VolumeChange(state='offline')
        try:
            client.volumes.modify(volume, change)
        except errors.Busy:
            if not self.array.has_rights:
                raise
            client.volumes.abort_move(volume)
            client.volumes.modify(volume, change)

    @staticmethod
    def _unmount(client, volume):
        """Take a volume out of the namespace and off its export policy, once no other job holds it."""
        change = values.VolumeChange(
            junction='', export_policy=None if volume.export_policy == nfs.DEFAULT_POLICY else nfs.DEFAULT_POLICY)
        for left in reversed(range(_UNMOUNT_TRIES)):
            try:
                return client.volumes.modify(volume, change)
            except errors.Busy:
                if not left:
                    raise
                time.sleep(_UNMOUNT_PAUSE)

    @staticmethod
    def _may_have_fpolicy(share):
        try:
            return specs.of_share(share).has_fpolicy
        except exception.ManilaException:
            return True

    @staticmethod
    def _is_young(share):
        """Whether the volume may skip the recovery queue: its type says for how many minutes that is allowed."""
        try:
            minutes = specs.of_share(share).force_delete_minutes
        except exception.ManilaException as error:
            LOG.warning('Share %s is deleted with a stay in the recovery queue: %s', share['id'], error)
            return False
        age = share.get('duration_seconds')
        return bool(minutes) and age is not None and age < minutes * _MINUTE

    # --- changing

    def _volume(self, place, share, detail=False):
        """The volume of a share.

        :raises manila.exception.ShareResourceNotFound: when it is gone
        """
        volume = place.client.volumes.find(self.names.volume(share['id']), detail=detail)
        if volume is None:
            raise exception.ShareResourceNotFound(share_id=share['id'])
        return volume

    def _files(self, place, share, wanted):
        """As :func:`files_for`, for a share whose volume has content from elsewhere."""
        if wanted.files(share['size']) is None:
            return None
        return files_for(self._volume(place, share, detail=True), wanted, share['size'])

    def extend_share(self, share, new_size, share_server=None):
        """Make a volume larger, with what depends on its size."""
        self._resize(share, new_size, share_server)

    def shrink_share(self, share, new_size, share_server=None):
        """Make a volume smaller if the array finds that it holds less than that."""
        try:
            self._resize(share, new_size, share_server)
        except (errors.TooSmall, errors.NotModifiable) as error:
            LOG.warning('Share %s cannot be made smaller: %s', share['id'], error)
            raise exception.ShareShrinkingPossibleDataLoss(share_id=share['id']) from error

    def _resize(self, share, size, share_server):
        place, wanted = self.place_of(share_server), specs.of_share(share)
        follows = wanted.max_files_multiplier is not None
        volume = self._volume(place, share, detail=follows)
        if volume.fixed_size:       # it was the destination of a mirror
            place.client.volumes.modify(volume, values.VolumeChange(fixed_size=False))
        place.client.volumes.modify(volume, values.VolumeChange(
            size=size * naming.GIB, files_max=files_for(volume, wanted, size) if follows else None))
        self.qos.scale(place.client, share, wanted, size)

    def update_share_from_metadata(self, context, share, metadata, share_server=None):
        """Act upon metadata: ``snapshot_policy`` is given to the volume."""
        policy = metadata.get('snapshot_policy')
        if policy:
            place = self.place_of(share_server)
            place.client.volumes.modify(self._volume(place, share), values.VolumeChange(snapshot_policy=policy))

    # --- keeping

    def ensure_shares(self, context, shares):
        """Give volumes again what their types say; a share with which that fails is told as in error."""
        updates = {}
        for share in shares:
            try:
                locations, lost = self._ensure(share, self.place_of(share.get('share_server')))
                updates[share['id']] = {'export_locations': locations, 'reapply_access_rules': lost}
            except (errors.Unreachable, exception.StorageCommunicationException):
                raise
            except exception.ShareResourceNotFound:
                LOG.error('Share %s does not exist any more.', share['id'])
                updates[share['id']] = {'status': 'error'}
            except Exception:
                LOG.exception('Share %s cannot be checked.', share['id'])
        return updates

    def ensure_share(self, context, share, share_server=None):
        """As :meth:`ensure_shares` for one share."""
        return self._ensure(share, self.place_of(share_server))[0]

    def _ensure(self, share, place):
        """Give a volume again what its type says; returns its locations, and whether access rules were lost."""
        wanted = specs.of_share(share)
        volume = self._volume(place, share, detail=True)
        pool = place.pools.of_volume(volume) or self.pool_of(share, place)
        protocol, junction = place.exports.protocol(share), self.names.junction(share)
        change = self._differing(volume, values.VolumeChange(
            thin=wanted.thin, snapshot_policy=_snapshot_policy(share, volume, wanted),
            snapdir_visible=self._snapdir(wanted), files_max=files_for(volume, wanted, share['size']),
            tiering_policy=wanted.tiering_policy, qos=self.qos.ensure(place.client, share, wanted),
            efficiency=wanted.efficiency if volume.type == values.READ_WRITE else None, autosize=wanted.autosize,
            tags=self.names.tags(share) or None,
            junction=junction if volume.junction is None else None))
        if change:
            place.client.volumes.modify(volume, change)
        self.fpolicy.ensure(place.client, share, volume.name, wanted)
        lost = protocol.publish(place.client, share, volume, junction)
        return self.locations_of(place, share, pool), lost

    def _snapdir(self, wanted):
        """Whether the snapshot directory is to be seen; None leaves it."""
        option = self.configuration.netapp_reset_snapdir_visibility
        if option != 'default':
            return option == 'visible'
        return False if wanted.hide_snapdir else None

    @staticmethod
    def _differing(volume, change):
        """The part of a change that would change anything, as far as that can be seen."""
        kept = {'thin': volume.thin, 'snapshot_policy': volume.snapshot_policy, 'files_max': volume.files_max,
                'snapdir_visible': volume.snapdir_visible, 'tags': volume.tags}
        drop = {name: None for name, value in kept.items() if getattr(change, name) == value}
        if change.qos is not None and change.qos.name == volume.qos_policy:
            drop['qos'] = None
        return values.replaced(change, **drop)

    def get_pool(self, share):
        """The pool a share's volume lies in, or None."""
        place = self.place_of(share.get('share_server'))
        volume = place.client.volumes.find(self.names.volume(share['id']))
        pool = volume and place.pools.of_volume(volume)
        return pool.name if pool else None
