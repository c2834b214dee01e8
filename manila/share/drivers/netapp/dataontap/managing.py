"""Volumes and snapshots that exist: taking them under management, and letting them go again."""
from manila import exception
from manila.i18n import _
from manila.share import share_types
from manila.share.drivers.netapp.dataontap import naming, shares, specs
from manila.share.drivers.netapp.dataontap.client import values

# Capabilities of a pool that a share type may ask for and that cannot be changed.
_FIXED = ('netapp_disk_type', 'netapp_raid_type')


class Managing:
    """What the driver does with what it has not made."""

    def manage_existing(self, share, driver_options):
        """Take the volume over whose junction the export location names: it gets the name of the share.

        :raises manila.exception.ManageInvalidShare: when it cannot be a share of this pool
        :raises manila.exception.ManageExistingShareTypeMismatch: when the pool is not what the type asks for
        """
        return self._manage(share, None)

    def manage_existing_with_server(self, share, driver_options, share_server=None):
        """As :meth:`manage_existing`, on a share server."""
        return self._manage(share, share_server)

    def _manage(self, share, share_server):
        place = self.place_of(share_server)
        client, pool, wanted = place.client, self.pool_of(share, place), specs.of_share(share)
        protocol, location = place.exports.protocol(share), share['export_locations'][0]['path']
        volume, cifs_name = self._find_exported(client, protocol, location, share)
        self._check_manageable(client, volume, pool, location)
        self._check_free(client, volume, self.names.junction(share), location)
        self._check_type(share, place, pool)
        self._check_wanted(wanted)
        size, junction = naming.gib(volume.size), self.names.junction(share)
        volume = self._rename(client, share, volume, junction)
        if cifs_name is not None and f'/{cifs_name}' != junction:
            client.cifs.delete(cifs_name)       # its path has gone
        client.volumes.modify(volume, self._as_wanted(client, share, volume, wanted, size))
        self.fpolicy.ensure(client, share, volume.name, wanted)
        protocol.publish(client, share, volume, junction)
        return {'size': size, 'export_locations': self.locations_of(place, share, pool),
                'created_at': volume.created_at}

    def _find_exported(self, client, protocol, location, share):
        """(volume behind an export location, name of its CIFS share or None)."""
        name, junction = None, None
        if protocol.protocol == values.CIFS:
            name = location.rpartition('\\')[2]
            found = client.cifs.find(name)
            junction = found.path if found else None
        else:
            _address, separator, rest = location.rpartition(':/')
            junction = f'/{rest}' if separator else None
        volume = client.volumes.find(junction=junction) if junction else None
        if volume is None:      # an attempt that was interrupted may have renamed it already
            volume = client.volumes.find(self.names.volume(share['id']), detail=True)
        if volume is None:
            _refuse(location, _('there is no volume of that path'))
        return volume, name

    def _check_manageable(self, client, volume, pool, location):
        style = 'FlexGroup' if pool.is_flexgroup else 'FlexVol'
        if volume.is_flexgroup != pool.is_flexgroup:
            _refuse(location, _('it is not a %s volume, as pool %s has') % (style, pool.name))
        if set(volume.aggregates) != set(pool.aggregates):
            _refuse(location, _('it lies in %(place)s, not in pool %(pool)s') % {
                'place': ', '.join(volume.aggregates), 'pool': pool.name})
        if volume.type != values.READ_WRITE or volume.is_root or not volume.online:
            _refuse(location, _('it is not a data volume that can be written to'))
        if volume.junction and client.volumes.junctions_below(volume.junction):
            _refuse(location, _('other volumes are mounted in it'))
        if client.volumes.has_luns(volume):
            _refuse(location, _('it holds LUNs'))
        if client.volumes.is_mirrored(volume):
            _refuse(location, _('it is mirrored by SnapMirror'))

    @staticmethod
    def _check_free(client, volume, junction, location):
        """Nothing else may be where the volume is to be mounted."""
        if volume.junction != junction:
            other = client.volumes.find(junction=junction)
            if other is not None and other.name != volume.name:
                _refuse(location, _('volume %(name)s is mounted at %(junction)s') % {
                    'name': other.name, 'junction': junction})

    @staticmethod
    def _check_type(share, place, pool):
        """The pool has to be what the share type asks for."""
        wanted = share_types.get_extra_specs_from_share(share)
        report = next((each for each in place.pools.report(lambda node: 0) if each['pool_name'] == pool.name), {})
        for key in _FIXED:
            has = report.get(key)
            if key in wanted and has and wanted[key] not in (has if isinstance(has, list) else has.split()):
                raise exception.ManageExistingShareTypeMismatch(
                    reason=_('%(key)s of the pool is %(has)s') % {'key': key, 'has': has})

    def _rename(self, client, share, volume, junction):
        """Give a volume the name and junction of its share; what it was called is noted."""
        name = self.names.volume(share['id'])
        if volume.name == name and volume.junction == junction:
            return volume
        if self.private_storage is not None and volume.name != name:
            self.private_storage.update(share['id'], {
                'original_name': volume.name, 'original_junction_path': volume.junction or '',
                'managed_at': self.utc_now().isoformat()})
        if volume.junction:
            client.volumes.modify(volume, values.VolumeChange(junction=''))
        client.volumes.modify(volume, values.VolumeChange(name=name, junction=junction))
        self.fpolicy.rename(client, volume.name, name)
        return values.replaced(volume, name=name, junction=junction)

    def _as_wanted(self, client, share, volume, wanted, size):
        """What has to change of a volume to be as its share type says."""
        keeps = volume.snapshot_policy in self.configuration.netapp_volume_snapshot_policy_exceptions
        return values.VolumeChange(
            thin=wanted.thin, files_max=shares.files_for(volume, wanted, size), efficiency=wanted.efficiency,
            tiering_policy=wanted.tiering_policy, autosize=wanted.autosize,
            snapshot_policy=None if keeps else wanted.snapshot_policy,
            snapdir_visible=None if keeps else not wanted.hide_snapdir,
            qos=self.qos.adopt(client, volume, share, wanted, size), tags=self.names.tags(share) or None)

    def unmanage(self, share):
        """Nothing changes on the array."""

    def unmanage_with_server(self, share, share_server=None):
        """Nothing changes on the array."""

    def manage_existing_snapshot(self, snapshot, driver_options):
        """Take a snapshot over whose name ``provider_location`` is.

        :raises manila.exception.ManageInvalidShareSnapshot: when the volume does not have it, or is mirrored
        """
        return self._manage_snapshot(snapshot, None)

    def manage_existing_snapshot_with_server(self, snapshot, driver_options, share_server=None):
        """As :meth:`manage_existing_snapshot`, on a share server."""
        return self._manage_snapshot(snapshot, share_server)

    def _manage_snapshot(self, snapshot, share_server):
        name = snapshot.get('provider_location')
        if not name:
            raise exception.ManageInvalidShareSnapshot(reason=_('provider_location has to be the name of a snapshot.'))
        place = self.place_of(share_server)
        volume = self._volume(place, snapshot['share'], detail=True)
        found = place.client.snapshots.find(volume, name)
        if found is None:
            raise exception.ManageInvalidShareSnapshot(reason=_('the volume has no snapshot %s.') % name)
        if place.client.volumes.is_mirrored(volume):
            raise exception.ManageInvalidShareSnapshot(reason=_('the volume is mirrored by SnapMirror.'))
        if self.private_storage is not None:
            self.private_storage.update(snapshot['id'], {'original_name': name})
        return {'size': naming.gib(volume.size), 'provider_location': name, 'created_at': found.created_at}

    def unmanage_snapshot(self, snapshot):
        """Nothing changes on the array."""

    def unmanage_snapshot_with_server(self, snapshot, share_server=None):
        """Nothing changes on the array."""


def _refuse(location, why):
    raise exception.ManageInvalidShare(reason=f'{location}: {why}')
