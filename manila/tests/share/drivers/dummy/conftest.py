"""What tests of the dummy driver share."""
import itertools
import uuid

import pytest

from manila.share import configuration, driver
from manila.share.drivers.dummy import DummyDriver, options

_numbers = itertools.count()


@pytest.fixture
def make_dummy(conf):
    """A function that makes a dummy driver; with the ``name`` of an earlier one it is that one restarted."""
    def make(name=None, private_storage=None, **values):
        group = name or f'dummy{next(_numbers)}'
        settings = configuration.Configuration(driver.share_opts, group)
        settings.append_config_values(options.dummy_opts)
        values.setdefault('driver_handles_share_servers', False)
        conf.config(group=group, share_driver='manila.share.drivers.dummy.DummyDriver', **values)
        return DummyDriver(configuration=settings, private_storage=private_storage)
    return make


@pytest.fixture
def new_share():
    """A function that describes a new share as the service does."""
    def make(size=1, **values):
        share_id = str(uuid.uuid4())
        return {'id': share_id, 'name': f'share-{share_id}', 'size': size, 'share_proto': 'NFS',
                'host': 'node@dummy#pool0', **values}
    return make


@pytest.fixture
def new_snapshot():
    """A function that describes a new snapshot of a share."""
    def make(share, **values):
        snapshot_id = str(uuid.uuid4())
        return {'id': snapshot_id, 'name': f'share-snapshot-{snapshot_id}', 'share_id': share['id'],
                'share_instance_id': share['id'], 'share': share, 'share_proto': share['share_proto'],
                'size': share['size'], 'share_size': share['size'], **values}
    return make
