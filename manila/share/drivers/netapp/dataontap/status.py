"""What a driver says about itself, and what it does from time to time."""
import json
import socket

from oslo_log import log

from manila.share.drivers.netapp.dataontap import housekeeping, utilisation

LOG = log.getLogger(__name__)

_CONNECTED, _POOLS = 0, 1       # ids of notes in the array's event log


class Status:
    """Reports to the scheduler, notes for the array, housekeeping."""

    def _update_share_stats(self, data=None):
        """Report the pools of the SVM and what can be done with them."""
        place = self.place_of()
        if getattr(self, '_utilisation', None) is None:
            self._utilisation = utilisation.Utilisation(self.array)
        self._utilisation.refresh()
        pools = place.pools.report(self._utilisation.of)
        super()._update_share_stats({
            'vendor_name': 'NetApp', 'driver_version': '1.0', 'storage_protocol': 'NFS_CIFS',
            'netapp_storage_family': self.configuration.netapp_storage_family,
            'qos_type_support': self.array.has_rights, 'qos': self.array.has_rights,
            'revert_to_snapshot_support': self.array.restores, 'mount_point_name_support': True,
            'pools': pools, **(data or {})})

    def get_default_filter_function(self, pool=None):
        """Each pool reports its own."""
        return None

    def get_default_goodness_function(self):
        """The less its nodes do, the better is a pool."""
        return '100 - capabilities.utilization'

    def get_configured_ip_versions(self):
        """The versions of the addresses of the SVM's interfaces."""
        versions = {6 if ':' in address else 4 for address in self.place_of().exports.addresses()}
        return sorted(versions) or [4]

    def get_backend_info(self, context):
        """What export locations and volumes depend on."""
        place = self.place_of()
        return {'snapdir_visibility': self.configuration.netapp_reset_snapdir_visibility, 'svm': place.svm,
                'addresses': ','.join(place.exports.addresses()),
                'pools': ','.join(sorted(pool.name for pool in place.pools.all))}

    def update_share_usage_size(self, context, shares):
        """How much of each volume is used."""
        usage = []
        for share in shares:
            volume = self.place_of(share.get('share_server')).client.volumes.find(
                self.names.volume(share['id']), detail=True)
            if volume is not None:
                usage.append({'id': share['id'], 'used_size': volume.used / 1024 ** 3, 'gathered_at': self.utc_now()})
        return usage

    # --- from time to time

    def clean_up(self):
        """Remove what was put aside to be deleted later."""
        housekeeping.run(self.place_of().client, lambda client: self.fpolicy.tidy(client, self.names.is_volume))

    def look_again(self):
        """Look at aggregates and their disks again, hourly."""
        self.place_of().pools.refresh()

    def note_presence(self):
        """Tell the array's event log that it is used, and how, hourly. AutoSupport messages are not sent."""
        place = self.place_of()
        text = json.dumps({'pools': {
            'vserver': place.svm, 'aggregates': [p.name for p in place.pools.all if not p.is_flexgroup],
            'flexgroups': {p.name: list(p.aggregates) for p in place.pools.all if p.is_flexgroup}}})
        self.array.log_event(_POOLS, text, socket.gethostname(), place.svm)

    def note_connection(self):
        """Tell the event log once that the driver has connected."""
        place = self.place_of()
        version = self.array.client.version
        self.array.log_event(_CONNECTED, f'{self.DRIVER_NAME} connected to ONTAP {version}', socket.gethostname(),
                             place.svm)
