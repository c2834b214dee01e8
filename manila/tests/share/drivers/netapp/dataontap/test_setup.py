"""Starting: what is found out, what is refused and with which words, and what is done from time to time."""
import gc
import json

import pytest

from manila import exception
from manila.share.drivers.netapp import common
from manila.share.drivers.netapp.dataontap import periodic
from manila.share.drivers.netapp.dataontap.client import connection, errors
from manila.share.drivers.netapp.dataontap.client.rest import client
from manila.tests.fixtures.roles import wait_until


def test_the_entry_point_makes_the_driver_of_the_mode(settings):
    driver = common.NetAppDriver(configuration=settings())
    assert driver.DRIVER_NAME == 'NetApp_Cluster_SingleSVM' and driver.driver_handles_share_servers is False
    assert driver.create_is_idempotent and driver.safe_for_several_workers


def test_share_servers_are_refused_for_now(settings):
    with pytest.raises(exception.BadConfigurationException, match='driver_handles_share_servers = True'):
        common.NetAppDriver(configuration=settings(driver_handles_share_servers=True))
    with pytest.raises(exception.InvalidInput):
        common.NetAppDriver()


@pytest.mark.parametrize('values, text', [
    ({'netapp_vserver': None}, 'netapp_vserver'), ({'netapp_server_hostname': None}, 'netapp_server_hostname'),
    ({'netapp_password': None}, 'netapp_password'), ({'netapp_api_trace_pattern': '('}, 'netapp_api_trace_pattern')])
def test_incomplete_options_are_named(make_driver, values, text):
    with pytest.raises(exception.BadConfigurationException, match=text):
        make_driver(**values)


def test_a_wrong_password_is_said(make_driver, transport):
    with pytest.raises(errors.NotAuthenticated):
        make_driver(transport, netapp_password='wrong')


def test_an_unknown_svm_is_said(make_driver, transport):
    with pytest.raises(exception.VserverNotFound):
        make_driver(transport, netapp_vserver='nobody')


def test_the_account_of_another_svm_is_refused(make_driver, transport):
    with pytest.raises((exception.VserverNotFound, exception.NetAppException)):
        make_driver(transport, 'svm', netapp_vserver='other')


def test_certificates_are_checked_unless_that_is_switched_off(make_driver, transport):
    with pytest.raises(errors.Unreachable):
        make_driver(transport, netapp_ssl_cert_path=None)
    assert make_driver(transport, netapp_ssl_cert_path=None, netapp_ssl_cert_verify=False).array.client


def test_nobody_there_is_a_matter_of_trying_again(make_driver, transport, monkeypatch):
    monkeypatch.setattr('time.sleep', lambda seconds: None)
    with pytest.raises(exception.StorageCommunicationException):
        make_driver(transport, netapp_server_port=1)


def test_rest_is_used_where_the_older_interface_is_gone(make_driver, sim, specs, make):
    sim.control.settings(zapi=False)
    driver = make_driver(netapp_use_legacy_client=True)
    assert driver.array.client.transport == 'rest'
    driver.create_share(None, make.share())
    sim.control.settings(zapi=True)


@pytest.mark.parametrize('release', ['9.10.1'])
def test_rest_is_refused_by_old_releases(make_driver, sim):
    options = make_driver(set_up=False).configuration
    with pytest.raises(errors.Unsupported, match='9.12.1'):
        client.make(connection.from_options(options)).connect()


@pytest.mark.parametrize('release', ['9.12.1', '9.16.1'])
def test_releases_differ_in_tags_only(make_driver, specs, make, svm, release):
    driver = make_driver()
    driver.create_share(None, make.share())
    volume = next(v for v in svm.volumes if not v.is_root)
    assert bool(volume.tags) == (release == '9.16.1')


def test_the_event_log_is_told_of_connection_and_pools(make_driver, transport, sim):
    make_driver(transport)
    notes = sim.control.messages()
    assert len(notes) == 2
    texts = [note.get('event_description') or note.get('event-description') for note in notes]
    assert 'connected to ONTAP 9.14.1' in texts[0]
    assert json.loads(texts[1])['pools']['aggregates'] == ['aggr1', 'aggr2', 'aggr3', 'aggr4']


def test_an_event_log_that_takes_nothing_is_no_reason_to_fail(make_driver, sim):
    sim.faults.add(match={'path': 'application-logs'}, action={
        'error': {'code': '6', 'message': 'not authorized', 'status': 403}})
    make_driver()


def test_calls_of_the_driver_are_traced_where_options_say_so(make_driver, specs, make, caplog):
    caplog.set_level('DEBUG', 'manila.share.drivers.netapp.dataontap.trace')
    driver = make_driver(netapp_trace_flags='method')
    share = make.share()
    driver.create_share(None, share)
    with pytest.raises(exception.InvalidHost):
        driver.create_share(None, make.share(pool='aggr9'))
    traced = [each.getMessage() for each in caplog.records if each.name.endswith('dataontap.trace')]
    assert any(line.startswith('create_share(None') and line.endswith('begins') for line in traced)
    assert any(line.startswith('create_share returns') and share['id'].replace('-', '_') in line for line in traced)
    assert any(line.startswith('create_share fails: InvalidHost') for line in traced)
    assert driver.snapshots_are_supported and driver._has_redefined_driver_methods(('create_snapshot',))


def test_back_end_info_changes_with_what_shares_depend_on(make_driver, sim):
    driver = make_driver()
    info = driver.get_backend_info(None)
    assert (info['addresses'], info['snapdir_visibility']) == ('192.0.2.11,192.0.2.12', 'default')
    for changed in ({'netapp_reset_snapdir_visibility': 'hidden'}, {'netapp_enable_flexgroup': True},
                    {'netapp_aggregate_name_search_pattern': 'aggr1'}):
        assert make_driver(**changed).get_backend_info(None) != info
    assert make_driver().get_backend_info(None) == info
    next(lif for lif in sim.world.clusters[0].lifs if lif.address == '192.0.2.12').enabled = False
    assert make_driver().get_backend_info(None)['addresses'] == '192.0.2.11'


def test_the_snapshot_directory_is_reset_where_options_say_so(make_driver, specs, make, svm):
    share = make.share()
    make_driver().create_share(None, share)
    driver = make_driver(netapp_reset_snapdir_visibility='hidden')
    driver.ensure_shares(None, [share])
    assert not next(v for v in svm.volumes if not v.is_root).snapdir


def test_protocols_need_a_licence_which_may_come_later(rest_driver, sim, make):
    sim.control.licences(remove=['cifs'])
    rest_driver.array._licences.forget()
    with pytest.raises(exception.NetAppException, match='CIFS'):
        rest_driver.create_share(None, make.share(proto='CIFS'))
    sim.control.licences(add=['cifs'])
    parent = make.share(proto='CIFS')
    rest_driver.create_share(None, parent)
    snapshot = make.snapshot(parent)
    rest_driver.create_snapshot(None, snapshot)
    sim.control.licences(remove=['cifs'])
    rest_driver.array._licences.forget()
    with pytest.raises(exception.NetAppException, match='CIFS'):
        rest_driver.create_share_from_snapshot(None, make.share(proto='CIFS'), snapshot, parent_share=parent)
    sim.control.licences(add=['cifs'])


def test_an_svm_without_interfaces_is_said(make_driver, transport, specs, sim, svm, make):
    driver = make_driver(transport)
    for lif in sim.world.clusters[0].lifs:
        lif.enabled = False
    driver.place_of().exports.refresh()
    with pytest.raises(exception.NetAppException, match='interface'):
        driver.create_share(None, make.share())
    assert [v for v in svm.volumes if not v.is_root] == []


def test_other_protocols_are_refused(rest_driver, make):
    with pytest.raises(exception.InvalidShare):
        rest_driver.create_share(None, make.share(proto='CEPHFS'))


class Owner:
    """Somebody with work that comes round.

    :param fails: how often the work fails at first
    """

    def __init__(self, fails=0):
        self.calls, self.fails = 0, fails

    def work(self):
        """Count."""
        self.calls += 1
        if self.calls <= self.fails:
            raise ValueError('first')


def test_work_that_fails_comes_round_again():
    owner = Owner(fails=1)
    work = periodic.Periodic(owner, {'work': 0.001})
    work.start()
    wait_until(lambda: owner.calls > 2, what='the work')
    work.stop()
    wait_until(lambda: not work._thread.is_alive(), what='the end')


def test_work_ends_with_its_owner():
    work = periodic.Periodic(Owner(), {'work': 0.001})
    work.start()
    gc.collect()
    wait_until(lambda: not work._thread.is_alive(), what='the end')
