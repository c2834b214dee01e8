"""What tests of the driver interface share."""
import sys
import types

import pytest

import manila
from manila.share import configuration, driver
from manila.tests.share import fakes


@pytest.fixture
def make_driver(conf, monkeypatch):
    """A function that makes a driver with options in the back end's group; networks are fake."""
    network = types.ModuleType('manila.network')
    network.API = fakes.FakeNetwork
    monkeypatch.setitem(sys.modules, 'manila.network', network)
    monkeypatch.setattr(manila, 'network', network, raising=False)
    settings = configuration.Configuration(driver.share_opts, fakes.GROUP)

    def make(cls=fakes.Driver, dhss=False, **options):
        conf.config(group=fakes.GROUP, driver_handles_share_servers=dhss, **options)
        return cls(configuration=settings)
    return make
