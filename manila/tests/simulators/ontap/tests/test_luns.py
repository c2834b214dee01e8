"""LUNs in volumes, over both transports."""

import pytest

from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.tests.conftest import GIB, PASSWORD, Rest
from manila.tests.simulators.ontap.tests.test_control import command
from manila.tests.simulators.ontap.tests.zapi_client import Zapi

MIB = 1024 ** 2


def held(rest, volume):
    """Paths of the LUNs of volumes of that name."""
    return [lun['name'] for lun in rest.ok('GET', '/storage/luns', **{'location.volume.name': volume})['records']]


def test_luns_are_listed_by_their_volume_over_both_transports(sim, rest):
    rest.volume('vol1')
    rest.volume('vol2')
    made = command(sim, 'POST', 'lun', svm='svm_manila', volume='vol1', path='tree/disk', size=100 * MIB).json()
    assert made['path'] == '/vol/vol1/tree/disk'
    assert (held(rest, 'vol1'), held(rest, 'vol2')) == (['/vol/vol1/tree/disk'], [])
    record = rest.find('/storage/luns')
    assert (record['uuid'], record['space']['size'], record['svm']['name']) == (
        made['uuid'], 100 * MIB, 'svm_manila')
    assert (record['location']['logical_unit'], record['location']['qtree']['name']) == ('disk', 'tree')
    zapi = Zapi(sim, vfiler='svm_manila')
    found = zapi.records('lun-get-iter', 'lun-info', {'volume': 'vol1'})
    assert [(r.findtext('path'), r.findtext('size')) for r in found] == [('/vol/vol1/tree/disk', str(100 * MIB))]
    assert zapi.records('lun-get-iter', 'lun-info', {'volume': 'vol2'}) == []


def test_users_of_an_svm_see_its_luns_only(start):
    sim = start({'seed': 'single', 'with': {'svms': [
        {'name': name, 'aggregates': ['aggr1'], 'management': {}, 'volumes': [
            {'name': 'v', 'size': '1GiB', 'aggregates': ['aggr1'], 'luns': [{'path': name, 'size': '10MiB'}]}]}
        for name in ('svm_manila', 'other')]}})
    rest = Rest(sim, user='vsadmin', password=PASSWORD, svm='svm_manila')
    assert held(rest, 'v') == ['/vol/v/svm_manila']
    assert sorted(held(Rest(sim), 'v')) == ['/vol/v/other', '/vol/v/svm_manila']


def test_luns_take_space_that_clients_of_files_cannot_delete(sim, rest):
    rest.volume()
    before = rest.find('/storage/volumes', name='vol1')['space']['used']
    sim.control.lun('svm_manila', 'vol1', 'disk', 300 * MIB)
    assert rest.find('/storage/volumes', name='vol1')['space']['used'] == before + 300 * MIB
    assert sim.control.write('svm_manila', 'vol1', -GIB)['used'] == 300 * MIB
    with pytest.raises(Refused, match='No space left'):
        sim.control.lun('svm_manila', 'vol1', 'large', GIB)
    with pytest.raises(Refused, match='/vol/vol1/disk'):
        sim.control.lun('svm_manila', 'vol1', '/vol/vol1/disk', MIB)
    assert command(sim, 'POST', 'lun', svm='svm_manila', volume='vol1', path='none', size=0).status_code == 400
    assert held(rest, 'vol1') == ['/vol/vol1/disk']


def test_luns_follow_their_volume_and_go_with_it(sim, rest):
    path = '/storage/volumes/' + rest.volume()['uuid']
    sim.control.lun('svm_manila', 'vol1', 'old', 10 * MIB)
    sim.load(sim.dump())
    rest.ok('PATCH', path, {'name': 'renamed'}, return_timeout=10)
    assert held(rest, 'renamed') == ['/vol/renamed/old']
    rest.ok('PATCH', path, {'nas': {'path': ''}}, return_timeout=10)
    rest.ok('DELETE', path, return_timeout=10)
    assert rest.ok('GET', '/storage/luns')['num_records'] == 0


def test_snapshots_and_clones_have_the_luns_of_their_time(sim, rest):
    volume = rest.volume()
    path = '/storage/volumes/' + volume['uuid']
    sim.control.lun('svm_manila', 'vol1', 'old', 10 * MIB)
    rest.ok('POST', path + '/snapshots', {'name': 'then'}, return_timeout=10)
    sim.control.advance(60)
    sim.control.lun('svm_manila', 'vol1', 'new', 10 * MIB)
    rest.ok('POST', '/storage/volumes', {
        'name': 'copy', 'svm.name': 'svm_manila', 'clone': {
            'is_flexclone': True, 'parent_volume': {'name': 'vol1'}, 'parent_snapshot': {'name': 'then'}}},
            return_timeout=10)
    assert held(rest, 'copy') == ['/vol/copy/old']
    rest.ok('DELETE', '/storage/volumes/' + rest.find('/storage/volumes', name='copy')['uuid'], return_timeout=10,
            force=True)
    assert set(held(rest, 'vol1')) == {'/vol/vol1/old', '/vol/vol1/new'}
    rest.ok('PATCH', path, {'restore_to.snapshot.name': 'then'}, return_timeout=10)
    assert held(rest, 'vol1') == ['/vol/vol1/old']
    assert sim.control.violations() == []
