"""Which transport a back end gets."""
import pytest

from manila.share.drivers.netapp.dataontap.client import errors, factory


@pytest.fixture
def connect(settings):
    """A function that connects as an option says."""
    made = []

    def run(legacy):
        client = factory.connect(settings(netapp_use_legacy_client=legacy))
        made.append(client)
        return client
    yield run
    for client in made:
        client.close()


@pytest.mark.parametrize(('legacy', 'wanted'), [(True, 'zapi'), (False, 'rest')])
def test_the_option_decides_where_the_array_has_both(connect, sim, legacy, wanted):
    client = connect(legacy)
    assert (client.transport, client.has_cluster_rights) == (wanted, True)
    assert {entry.transport for entry in sim.log.entries()} == {wanted}


def test_arrays_without_zapi_get_rest(connect, sim):
    sim.control.settings(zapi=False)
    assert connect(True).transport == 'rest'
    sim.control.settings(zapi=True)


@pytest.mark.parametrize('release', ['9.8.0', '9.11.1'])
def test_releases_too_old_for_rest_get_zapi(connect, release):
    assert connect(False).transport == 'zapi'


@pytest.mark.parametrize('release', ['9.11.1'])
@pytest.mark.parametrize('legacy', [True, False])
def test_arrays_with_neither_are_refused(connect, sim, release, legacy):
    sim.control.settings(zapi=False)
    with pytest.raises(errors.Unsupported, match='ZAPI' if legacy else '9.12.1'):
        connect(legacy)
    sim.control.settings(zapi=True)
