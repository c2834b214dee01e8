"""Managing and unmanaging shares, snapshots and share servers of the dummy driver.

What is unmanaged stays on the array, under its name; only what is there and not managed can be managed.
"""
from manila import exception
from manila.i18n import _
from manila.share.drivers.dummy import exports


class Managing:
    """Adopting what is on the array, and letting go of it."""

    def _unmanaged(self, kind, name):
        """(id, record) of what is on the array under a name and not managed, or (None, None)."""
        for record_id, record in self.array.all(kind).items():
            if record['name'] == name and not record['managed']:
                return record_id, record
        return None, None

    def manage_existing(self, share, driver_options):
        """Take over an unmanaged share by its export path."""
        return self.manage_existing_with_server(share, driver_options)

    def manage_existing_with_server(self, share, driver_options, share_server=None):
        """Take over an unmanaged share by its export path."""
        path = share['export_locations'][0]['path']
        with self._lock:
            record = self.array.get('share', share['id'])
            if record is None:      # it may have been taken over before, and only the answer was lost
                old_id, record = self._unmanaged('share', exports.tail(path))
                if record is None:
                    raise exception.ManageInvalidShare(reason=_('there is no unmanaged share at %s.') % path)
                self.array.remove('share', old_id)
                self._keep_share(share['id'], {**record, 'name': share['name'], 'managed': True,
                                               'server': share_server and share_server['id']})
        return {'size': record['size'], 'export_locations': self._locations(share, share_server)}

    def unmanage(self, share):
        """Let go of a share."""
        self.unmanage_with_server(share)

    def unmanage_with_server(self, share, share_server=None):
        """Let go of a share."""
        with self._lock:
            record = self._share(share, share_server)
            self.array.put('share', share['id'], {**record, 'managed': False})
            if self._notes is not None:
                self._notes.delete(share['id'])

    def manage_existing_snapshot(self, snapshot, driver_options):
        """Take over an unmanaged snapshot by its provider location."""
        return self.manage_existing_snapshot_with_server(snapshot, driver_options)

    def manage_existing_snapshot_with_server(self, snapshot, driver_options, share_server=None):
        """Take over an unmanaged snapshot by its provider location."""
        location = snapshot['provider_location']
        with self._lock:
            old_id, record = self._unmanaged('snapshot', location)
            if record is None:
                raise exception.ManageInvalidShareSnapshot(
                    reason=_('there is no unmanaged snapshot %s.') % location)
            self.array.remove('snapshot', old_id)
            self.array.put('snapshot', snapshot['id'], {**record, 'managed': True})
        update = self._snapshot_update({**snapshot, 'name': record['name']}, share_server)
        return {'size': record['size'], **update}

    def unmanage_snapshot(self, snapshot):
        """Let go of a snapshot."""
        self.unmanage_snapshot_with_server(snapshot)

    def unmanage_snapshot_with_server(self, snapshot, share_server=None):
        """Let go of a snapshot."""
        with self._lock:
            self.array.put('snapshot', snapshot['id'], {**self._snapshot(snapshot), 'managed': False})

    def get_share_server_network_info(self, context, share_server, identifier, driver_options):
        """The addresses of a share server on the array."""
        details = self._server(identifier)['details']
        return [*details['addresses'].split(','), *filter(None, [details.get('admin_address')])]

    def manage_server(self, context, share_server, identifier, driver_options):
        """Take over an unmanaged share server."""
        record = self._server(identifier)
        with self._lock:
            self.array.put('server', identifier, {**record, 'managed': True})
        return identifier, record['details']

    def unmanage_server(self, server_details, security_services=None):
        """Let go of a share server."""
        identifier = server_details['identifier']
        record = self._server(identifier)
        with self._lock:
            self.array.put('server', identifier, {**record, 'managed': False})

    def _server(self, identifier):
        with self._lock:
            record = self.array.get('server', identifier)
        if record is None:
            raise exception.ManageShareServerError(reason=_('there is no share server %s.') % identifier)
        return record
