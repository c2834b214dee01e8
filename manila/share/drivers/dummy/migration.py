"""Migration of shares from one dummy back end to another."""
from manila.share import utils as share_utils
from manila.share.configuration import Configuration
from manila.share.driver import share_opts
from manila.share.drivers.dummy import snapshots


class Migration:
    """Moving shares; called at the source."""

    def _is_dummy(self, host):
        """Whether a host is a back end with this driver, as far as this node's configuration tells."""
        group = share_utils.extract_host(host, level='backend_name')
        return Configuration(share_opts, group).share_driver == self.configuration.share_driver

    def migration_check_compatibility(self, context, source_share, destination_share, share_server=None,
                                      destination_share_server=None):
        """Between dummy back ends everything is possible."""
        possible = self._is_dummy(destination_share['host'])
        return dict.fromkeys(('compatible', 'writable', 'preserve_metadata', 'nondisruptive',
                              'preserve_snapshots'), possible)

    def migration_start(self, context, source_share, destination_share, source_snapshots, snapshot_mappings,
                        share_server=None, destination_share_server=None):
        """Begin; the share is moved when it has been continued twice."""
        self._begin('migration', source_share['id'])

    def migration_continue(self, context, source_share, destination_share, source_snapshots,
                           snapshot_mappings, share_server=None, destination_share_server=None):
        """Go on."""
        return self._advance('migration', source_share['id']) == 100

    def migration_get_progress(self, context, source_share, destination_share, source_snapshots,
                               snapshot_mappings, share_server=None, destination_share_server=None):
        """How far it is."""
        return {'total_progress': self._progress('migration', source_share['id'])}

    def migration_cancel(self, context, source_share, destination_share, source_snapshots, snapshot_mappings,
                         share_server=None, destination_share_server=None):
        """Give up."""
        self._finish('migration', source_share['id'])

    def migration_complete(self, context, source_share, destination_share, source_snapshots,
                           snapshot_mappings, share_server=None, destination_share_server=None):
        """Make the share and its snapshots at the destination and remove them here."""
        self._finish('migration', source_share['id'])
        there = self.array.sibling(share_utils.extract_host(destination_share['host'], level='backend_name'))
        with self._lock:
            record = self._share(source_share, share_server)
            if there is not None:
                there.put('share', destination_share['id'], {
                    **record, 'name': destination_share['name'],
                    'pool': share_utils.extract_host(destination_share['host'], level='pool'),
                    'server': destination_share_server and destination_share_server['id']})
            for snapshot in source_snapshots:
                target = snapshot_mappings[snapshot['id']]
                if there is not None:
                    there.put('snapshot', target['id'], snapshots.snapshot_record(target))
                self.array.remove('snapshot', snapshot['id'])
            self.array.remove('share', source_share['id'])
        return {
            'export_locations': self._locations(destination_share, destination_share_server),
            'snapshot_updates': {target['id']: self._snapshot_update(target, destination_share_server)
                                 for target in snapshot_mappings.values()},
        }
