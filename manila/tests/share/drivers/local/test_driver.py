"""The driver where no server is needed: its declarations, its refusals, its names."""
import subprocess
import sys

import pytest
from oslo_utils import importutils

from manila import exception
from manila.share import configuration, driver
from manila.share.drivers.local import managing, probe
from manila.share.drivers.local.options import local_opts

GROUP = 'localtest'


@pytest.fixture
def make(conf):
    def make(**options):
        config = configuration.Configuration([*driver.share_opts, *local_opts], config_group=GROUP)
        conf.config(group=GROUP, **{'driver_handles_share_servers': False, **options})
        return importutils.import_class('manila.share.drivers.local.LocalDriver')(configuration=config)
    return make


def test_driver_declares_what_it_can(make):
    made = make(local_export_ips=['10.0.0.1', 'fd00::1'])
    assert made.create_is_idempotent and made.ipv6_implemented
    assert made.snapshots_are_supported and made.creating_shares_from_snapshots_is_supported
    assert made.get_configured_ip_versions() == [4, 6]
    assert made.get_pool({}) == 'pool'


def test_setup_says_all_that_is_missing(make, monkeypatch):
    monkeypatch.setattr(probe, 'missing_for_nfs', lambda makes_pool: ['No root.', 'No btrfs.'])
    monkeypatch.setattr(probe, 'missing_for_smb', lambda: ['No smbd.'])
    with pytest.raises(exception.ShareBackendException, match='No root. No btrfs.$'):
        make().check_for_setup_error()
    with pytest.raises(exception.ShareBackendException, match='No btrfs. No smbd.$'):
        make(local_enable_smb='yes').check_for_setup_error()


def test_share_servers_are_refused(make):
    with pytest.raises(exception.ManilaException):
        make(driver_handles_share_servers=True)


@pytest.mark.parametrize('location, path', (
    ('10.0.0.1:/shares/x', '/shares/x'), ('[fd00::1]:/shares/x', '/shares/x'), ('/imported/y', '/imported/y'),
    ('10.0.0.1:/a/../b', '/b'), (r'\\10.0.0.1\name', 'name')))
def test_path_is_found_in_an_export_location(location, path):
    assert managing._path_of(location) == path


def test_export_host_does_not_load_the_driver():
    """It must stay small: it runs beside manila-share all the time."""
    code = 'import sys; import manila.share.drivers.local.exporter; print(*sorted(sys.modules))'
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert 'manila.share.drivers.local.exporter' in loaded
    assert not {'manila.share.driver', 'oslo_config', 'jeepney', 'sqlalchemy'} & set(loaded)
