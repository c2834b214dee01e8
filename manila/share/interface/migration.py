"""Moving shares to another back end, by the storage itself or by copying over the network."""


class Migration:
    """How a driver moves shares.

    ``snapshot_mappings`` is a dict from the id of each snapshot instance of the source to the snapshot
    instance of the destination. All calls go to the driver of the source, except where said.
    """

    def migration_check_compatibility(self, context, source_share, destination_share, share_server=None,
                                      destination_share_server=None):
        """Whether, and with which properties, the storage itself can move a share.

        :returns: dict of booleans: ``compatible``, ``writable``, ``preserve_metadata``, ``nondisruptive``,
            ``preserve_snapshots``
        """
        return {'compatible': False, 'writable': False, 'preserve_metadata': False, 'nondisruptive': False,
                'preserve_snapshots': False}

    def migration_start(self, context, source_share, destination_share, source_snapshots, snapshot_mappings,
                        share_server=None, destination_share_server=None):
        """Begin to move a share; must return soon."""
        raise NotImplementedError

    def migration_continue(self, context, source_share, destination_share, source_snapshots,
                           snapshot_mappings, share_server=None, destination_share_server=None):
        """Go on with a migration.

        :returns: whether the first phase is over, so that the migration can be completed
        """
        raise NotImplementedError

    def migration_complete(self, context, source_share, destination_share, source_snapshots,
                           snapshot_mappings, share_server=None, destination_share_server=None):
        """Switch over to the destination, and remove the source.

        :returns: None, or a dict with ``export_locations`` and ``snapshot_updates``: a dict from destination
            snapshot instance id to what to note about it
        """
        raise NotImplementedError

    def migration_cancel(self, context, source_share, destination_share, source_snapshots, snapshot_mappings,
                         share_server=None, destination_share_server=None):
        """Give a migration up before it is completed; the source stays in use."""
        raise NotImplementedError

    def migration_get_progress(self, context, source_share, destination_share, source_snapshots,
                               snapshot_mappings, share_server=None, destination_share_server=None):
        """How far a migration is.

        :returns: dict with ``total_progress``, a percentage
        """
        raise NotImplementedError

    def connection_get_info(self, context, share, share_server=None):
        """How a data node gets at a share.

        :returns: dict with ``mount`` and ``unmount``, commands in which %(path)s and, in the first,
            %(options)s is to be filled in, and ``access_mapping``, a dict from type of access rule to
            protocols
        """
        return {
            'mount': self._get_mount_command(context, share, share_server),
            'unmount': self._get_unmount_command(context, share, share_server),
            'access_mapping': self._get_access_mapping(context, share, share_server),
        }

    def _get_mount_command(self, context, share_instance, share_server=None):
        return self.configuration.safe_get('share_mount_template') % {
            'proto': share_instance['share_proto'].lower(),
            'export': self._get_mount_export(share_instance, share_server),
            'options': '%(options)s', 'path': '%(path)s',
        }

    def _get_unmount_command(self, context, share_instance, share_server=None):
        return self.configuration.safe_get('share_unmount_template') % {
            'export': self._get_mount_export(share_instance, share_server), 'path': '%(path)s',
        }

    def _get_mount_export(self, share_instance, share_server=None):
        """The path of the first export location for administrators, or of the first one."""
        locations = share_instance['export_locations']
        for location in locations:
            if location['is_admin_only']:
                return location['path']
        return locations[0]['path']

    def _get_access_mapping(self, context, share, share_server):
        protocol = share['share_proto'].lower()
        mapping = self.configuration.safe_get('protocol_access_mapping') or {}
        return {kind: [protocol] for kind, protocols in mapping.items() if protocol in protocols}
