"""Shares from snapshots that go to another pool, snapshots up to the limit, FlexGroup volumes."""
import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap import copying, shares, snapshots
from manila.share.drivers.netapp.dataontap.client import errors
from manila.tests.share.drivers.netapp.dataontap.test_scenario import name_of, names, volumes
from manila.tests.simulators.ontap.model import volumes as model_volumes

GIB = 1024 ** 3


def parent_and_snapshot(driver, make, sim, used=GIB // 2):
    """A share with content and a snapshot of it."""
    parent = make.share()
    driver.create_share(None, parent)
    sim.control.write('svm_manila', name_of(parent), used)
    snapshot = make.snapshot(parent)
    driver.create_snapshot(None, snapshot)
    return parent, snapshot


@pytest.fixture
def driver(make_driver, transport, specs):
    """With credentials of the cluster, which moves take."""
    return make_driver(transport)


def follow(driver, sim, share, turns=20):
    """Ask for the status as the service does, while time goes by; returns all answers."""
    answers = []
    for _turn in range(turns):
        answers.append(driver.get_share_status(share))
        if answers[-1]['status'] != 'creating_from_snapshot':
            break
        sim.control.advance(2)
    return answers


def test_a_share_in_another_pool_is_split_and_moved(driver, svm, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    answer = driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    assert answer['status'] == 'creating_from_snapshot'
    answers = follow(driver, sim, child)
    assert answers[-1]['status'] == 'available' and len(answers) > 2
    progress = [int(each['progress'].rstrip('%')) for each in answers]
    assert progress == sorted(progress) and progress[-1] == 100
    volume = volumes(svm)[name_of(child)]
    assert (names(volume.aggregates), volume.parent) == (['aggr3'], None)
    assert answers[-1]['export_locations'][0]['path'].startswith('192.0.2.12:')
    assert volumes(svm)[name_of(parent)].snapshots[0].owners == []


def test_another_process_goes_on_wherever_one_was_lost(driver, make_driver, transport, svm, sim, make, monkeypatch):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3', mount_point_name='chosen', size=2)
    with monkeypatch.context() as patch:
        def fail(self, name):
            raise errors.Unreachable(reason='cut')
        patch.setattr(type(driver.place_of().client.volumes), 'start_split', fail)
        with pytest.raises(errors.Unreachable):
            driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    answer = make_driver(transport).create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    assert answer['status'] == 'creating_from_snapshot'
    for _turn in range(20):
        answer = make_driver(transport).get_share_status(child)
        if answer['status'] != 'creating_from_snapshot':
            break
        sim.control.advance(2)
    volume = volumes(svm)[name_of(child)]
    assert (answer['status'], names(volume.aggregates), volume.size) == ('available', ['aggr3'], 2 * GIB)
    assert answer['export_locations'][0]['path'] == '192.0.2.12:/chosen' and volume.junction == '/chosen'


def test_a_move_that_is_given_up_is_an_error_and_can_be_deleted(driver, svm, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    sim.control.advance(3600)
    assert driver.get_share_status(child)['status'] == 'creating_from_snapshot'
    volume = volumes(svm)[name_of(child)]
    driver.place_of().client.volumes.abort_move(driver.place_of().client.volumes.find(volume.name))
    assert driver.get_share_status(child) == {'status': 'error'}
    driver.delete_share(None, child)
    assert name_of(child) not in volumes(svm)
    assert driver.get_share_status(child) == {'status': 'error'}


def test_a_move_that_cannot_start_is_not_waited_for_without_end(driver, sim, make, monkeypatch):
    def refuse(self, volume, aggregate, **more):
        raise errors.CloneSplitting(text='busy')
    monkeypatch.setattr(type(driver.place_of().client.volumes), 'start_move', refuse)
    now = [0]
    monkeypatch.setattr(copying.time, 'monotonic', lambda: now[0])
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    sim.control.advance(3600)
    assert driver.get_share_status(child)['status'] == 'creating_from_snapshot'
    now[0] = 3600
    assert driver.get_share_status(child)['status'] == 'creating_from_snapshot'
    now[0] = 3601
    assert driver.get_share_status(child) == {'status': 'error'}


def test_a_move_that_does_not_end_is_not_waited_for_without_end(driver, sim, make, monkeypatch):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    sim.control.advance(3600)
    client, now = driver.place_of().client, [0]
    client.volumes.start_move(client.volumes.find(name_of(child)), 'aggr3', cutover='wait')
    sim.control.advance(3600)
    monkeypatch.setattr(copying.time, 'monotonic', lambda: now[0])
    with monkeypatch.context() as patch:
        patch.setattr(type(client.volumes), 'cut_over', lambda self, volume: None)
        assert driver.get_share_status(child)['status'] == 'creating_from_snapshot'
        now[0] = 3601
        assert driver.get_share_status(child) == {'status': 'error'}
    assert driver.get_share_status(child)['status'] == 'creating_from_snapshot'
    assert follow(driver, sim, child)[-1]['status'] == 'available' and driver.waiting == {}


def test_a_cut_over_that_waits_is_asked_for(driver, svm, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    sim.control.advance(3600)
    client = driver.place_of().client
    client.volumes.start_move(client.volumes.find(name_of(child)), 'aggr3', cutover='wait')
    answers = follow(driver, sim, child)
    assert answers[-1]['status'] == 'available'


def test_a_share_can_be_deleted_while_it_is_moved(driver, svm, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    sim.control.advance(3600)
    driver.get_share_status(child)
    driver.delete_share(None, child)
    assert list(volumes(svm)) == [name_of(parent)]


def test_a_share_can_be_deleted_while_it_is_split(driver, svm, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    child = make.share(pool='aggr3')
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    driver.delete_share(None, child)
    assert list(volumes(svm)) == [name_of(parent)]


def test_other_back_ends_and_poor_credentials_are_refused(driver, make_driver, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    with pytest.raises(exception.NetAppException, match='another back end'):
        driver.create_share_from_snapshot(None, {**make.share(), 'host': 'node@other#aggr1'}, snapshot,
                                          parent_share=parent)
    with pytest.raises(exception.NetAppException, match='credentials'):
        make_driver(credentials='svm').create_share_from_snapshot(None, make.share(pool='aggr2'), snapshot,
                                                                  parent_share=parent)


def test_a_snapshot_that_is_gone_is_said(driver, sim, make):
    parent, snapshot = parent_and_snapshot(driver, make, sim)
    driver.delete_snapshot(None, snapshot)
    with pytest.raises(exception.SnapshotResourceNotFound):
        driver.create_share_from_snapshot(None, make.share(), snapshot, parent_share=parent)


def test_a_volume_holds_no_more_snapshots_than_the_array_allows(driver, svm, make, monkeypatch):
    share = make.share()
    driver.create_share(None, share)
    assert driver.place_of().client.snapshots.limit() == 1023
    monkeypatch.setattr(type(driver.place_of().client.snapshots), 'limit', lambda self: 2)
    for _number in range(2):
        last = make.snapshot(share)
        driver.create_snapshot(None, last)
    with pytest.raises(exception.NetAppException, match='at most 2'):
        driver.create_snapshot(None, make.snapshot(share))
    driver.create_snapshot(None, last)
    assert len(volumes(svm)[name_of(share)].snapshots) == 2


@pytest.mark.parametrize('release', ['9.3.1'])
def test_old_releases_hold_fewer_snapshots(make_driver, specs, svm, make):
    driver = make_driver('zapi')
    share = make.share()
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    driver.create_snapshot(None, make.snapshot(share))
    volume.snapshots += [volume.snapshots[0]] * 254
    with pytest.raises(exception.NetAppException, match='at most 255'):
        driver.create_snapshot(None, make.snapshot(share))


# --- FlexGroup volumes

@pytest.fixture
def flexgroups(make_driver, transport, specs, monkeypatch):
    """A driver with a FlexGroup pool of two aggregates."""
    return make_driver(transport, netapp_enable_flexgroup=True, netapp_flexgroup_pools=['fg: aggr1 aggr3'])


def test_a_flexgroup_share_spans_its_aggregates(flexgroups, svm, sim, make, specs):
    specs['dedupe'] = 'true'
    share = make.share(size=800, pool='fg')
    locations = flexgroups.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    assert (volume.style, sorted(set(names(volume.aggregates)))) == ('flexgroup', ['aggr1', 'aggr3'])
    assert volume.efficiency.enabled and volume.export_policy.name.startswith('policy_')
    assert all(each['metadata']['preferred'] for each in locations)
    assert flexgroups.get_pool(share) == 'fg'
    flexgroups.extend_share(share, 900)
    with pytest.raises(exception.ShareShrinkingPossibleDataLoss):
        flexgroups.shrink_share(share, 850)
    flexgroups.delete_share(None, share)
    assert volumes(svm) == {}


def test_a_flexgroup_waits_while_another_is_made(flexgroups, svm, sim, make, monkeypatch):
    cluster = svm.cluster
    cluster.durations['flexgroup.create'] = 3600
    model_volumes.request_create(svm, 'other', 800 * GIB, aggregates=['aggr1', 'aggr3'], style='flexgroup')
    cluster.durations['flexgroup.create'] = 0
    waits = []

    def wait(seconds):
        waits.append(seconds)
        sim.control.advance(3600)
    monkeypatch.setattr(shares.time, 'sleep', wait)
    share = make.share(size=800, pool='fg')
    flexgroups.create_share(None, share)
    assert waits and name_of(share) in volumes(svm)


def test_a_clone_of_a_flexgroup_stays_in_its_pool(flexgroups, svm, sim, make):
    parent = make.share(size=800, pool='fg')
    flexgroups.create_share(None, parent)
    snapshot, child = make.snapshot(parent), make.share(size=800, pool='fg')
    flexgroups.create_snapshot(None, snapshot)
    flexgroups.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    assert volumes(svm)[name_of(child)].style == 'flexgroup'
    with pytest.raises(exception.NetAppException, match='FlexGroup'):
        flexgroups.create_share_from_snapshot(None, make.share(pool='aggr1'), snapshot, parent_share=parent)


def test_a_snapshot_of_a_flexgroup_waits_until_its_clones_are_split(flexgroups, svm, sim, make, monkeypatch):
    parent = make.share(size=800, pool='fg')
    flexgroups.create_share(None, parent)
    snapshot, child = make.snapshot(parent), make.share(size=800, pool='fg')
    flexgroups.create_snapshot(None, snapshot)
    flexgroups.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    monkeypatch.setattr(snapshots.time, 'sleep', lambda seconds: sim.control.advance(3600))
    flexgroups.delete_snapshot(None, snapshot)
    assert volumes(svm)[name_of(parent)].snapshots == [] and volumes(svm)[name_of(child)].parent is None
