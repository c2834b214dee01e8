"""Drivers and networks for tests of the driver interface; ``make_driver`` in conftest.py makes them."""
from manila.share import driver

GROUP = 'test_interface'


class FakeNetwork:
    """A network plug-in that records what it is asked for."""

    versions = {4, 6}

    def __init__(self, config_group_name=None, label='user'):
        self.group, self.label = config_group_name, label
        self.calls = []

    @property
    def enabled_ip_versions(self):
        return self.versions

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return lambda *args, **kwargs: self.calls.append((name, args[1:], kwargs))


class Driver(driver.ShareDriver):
    """A driver for both modes; needs ports as its attributes say."""

    ports, admin_ports = 1, 0

    def __init__(self, *args, **kwargs):
        super().__init__((True, False), *args, **kwargs)

    def get_network_allocations_number(self):
        return self.ports

    def get_admin_network_allocations_number(self):
        return self.admin_ports


class SnapshotDriver(Driver):
    """A driver that makes snapshots, and fails with those of shares named in ``broken``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.snapshots, self.broken = {}, set()

    def create_snapshot(self, context, snapshot, share_server=None):
        if snapshot['share_id'] in self.broken:
            raise ValueError(snapshot['share_id'])
        self.snapshots[snapshot['id']] = snapshot
        return {'provider_location': f'at-{snapshot["id"]}'}

    def delete_snapshot(self, context, snapshot, share_server=None):
        del self.snapshots[snapshot['id']]

    def create_share_from_snapshot(self, context, share, snapshot, share_server=None, parent_share=None):
        return [f'clone-of-{snapshot["id"]}']
