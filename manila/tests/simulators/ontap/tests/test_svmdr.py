"""SnapMirror of a whole SVM over REST: what the copy has besides its volumes' data."""

import types

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest

QUICK = {'default': 0, 'volume.create': 0, 'flexgroup.create': 0, 'svm.create': 0}


@pytest.fixture
def dr(start):
    """svm_manila on the first cluster and svm_dr, its mirror to be, on the second."""
    simulator = start({'seed': 'pair', 'with': {'durations': QUICK}, 'clock': {'speed': 0}})
    here = types.SimpleNamespace(control=simulator.control, one=Rest(simulator),
                                 two=Rest(simulator, cluster='cluster2'))
    here.two.ok('POST', '/svm/svms', {'name': 'svm_dr', 'subtype': 'dp_destination'})
    here.two.ok('POST', '/svm/peers', {'svm.name': 'svm_dr', 'peer.svm.name': 'svm_manila',
                                       'peer.cluster.name': 'cluster1', 'applications': ['snapmirror']})
    here.one.ok('PATCH', '/svm/peers/' + here.one.find('/svm/peers')['uuid'], {'state': 'peered'})
    return here


def mirror(dr):
    """Make the relationship if it is not there, and bring the copy up to date."""
    path = '/snapmirror/relationships'
    if not dr.two.ok('GET', path)['num_records']:
        dr.two.ok('POST', path, {'source.path': 'svm_manila:', 'destination.path': 'svm_dr:'})
        dr.two.ok('PATCH', '%s/%s' % (path, dr.two.find(path)['uuid']), {'state': 'snapmirrored'})
    else:
        dr.two.ok('POST', '%s/%s/transfers' % (path, dr.two.find(path)['uuid']), {})
    dr.control.advance(600)
    assert dr.two.find(path)['state'] == 'snapmirrored'
    assert dr.control.violations() == []


def copied(dr, name='vol1'):
    return dr.two.find('/storage/volumes', name=name)


def test_qos_policies_are_copied_and_follow_their_originals(dr):
    policies = '/storage/qos/policies'
    dr.one.ok('POST', policies, {'name': 'gold', 'svm.name': 'svm_manila', 'fixed': {'max_throughput_iops': 1000}})
    dr.one.ok('POST', policies, {'name': 'spare', 'svm.name': 'svm_manila', 'adaptive': {
        'expected_iops': 1, 'peak_iops': 2}})
    volume = '/storage/volumes/' + dr.one.volume(qos={'policy': {'name': 'gold'}})['uuid']
    mirror(dr)
    gold = dr.two.find(policies, name='gold')
    assert (gold['svm']['name'], gold['fixed']['max_throughput_iops'], gold['object_count']) == ('svm_dr', 1000, 1)
    assert copied(dr)['qos']['policy']['uuid'] == gold['uuid'] != dr.one.find(policies, name='gold')['uuid']
    assert dr.two.find(policies, name='spare')['adaptive']['peak_iops'] == 2
    dr.one.ok('PATCH', '%s/%s' % (policies, dr.one.find(policies, name='gold')['uuid']), {
        'fixed': {'max_throughput_iops': 2000}})
    dr.one.ok('DELETE', '%s/%s' % (policies, dr.one.find(policies, name='spare')['uuid']))
    assert dr.two.find(policies, name='gold')['fixed']['max_throughput_iops'] == 1000
    mirror(dr)
    again = dr.two.find(policies)
    assert (again['uuid'], again['fixed']['max_throughput_iops']) == (gold['uuid'], 2000)
    dr.one.ok('PATCH', volume, {'qos': {'policy': {'name': 'none'}}}, return_timeout=10)
    mirror(dr)
    assert 'qos' not in copied(dr) and dr.two.find(policies)['object_count'] == 0


@pytest.mark.parametrize(('online', 'expected'), [(4, 3), (2, 2), (1, 1)])
def test_flexgroups_are_spread_as_their_originals_where_there_is_room(dr, online, expected):
    for number in range(online + 1, 5):
        dr.control.aggregate('aggr%d' % number, state='offline', cluster='cluster2')
    dr.one.volume(size=1200 * GIB, aggregates=[{'name': 'aggr%d' % n} for n in (1, 2, 3)],
                  constituents_per_aggregate=2)
    mirror(dr)
    copy = copied(dr)
    assert copy['style'] == 'flexgroup'
    assert len({a['name'] for a in copy['aggregates']}) == expected
    model = dr.control.simulator.world.cluster('cluster2').svm('svm_dr').volume('vol1')
    assert model.constituent_count == 6


def test_luns_and_files_of_a_copy_are_its_own(dr):
    dr.one.volume()
    dr.control.lun('svm_manila', 'vol1', 'disk', 1024 ** 2, cluster='cluster1')
    mirror(dr)
    original, copy = dr.one.find('/storage/luns'), dr.two.find('/storage/luns')
    assert original['name'] == copy['name'] == '/vol/vol1/disk'
    assert copy['svm']['name'] == 'svm_dr' and copy['uuid'] != original['uuid']
    dr.control.write('svm_manila', 'vol1', 1024, path='later', cluster='cluster1')
    assert dr.control.simulator.world.cluster('cluster2').svm('svm_dr').volume('vol1').paths == {}
