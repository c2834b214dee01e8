"""The control plane, the clock, saved states, space, topologies, and the program itself."""

import concurrent.futures
import json
import pathlib
import re
import signal
import subprocess
import sys
import textwrap

import pytest
import requests
import yaml

from manila.tests.simulators.ontap import clock, topology
from manila.tests.simulators.ontap.model import invariants
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.tests.conftest import GIB, PASSWORD, Rest

MIB = 1024 ** 2


def command(simulator, method, name, **body):
    url = 'http://%s:%d/_sim/%s' % (*simulator.endpoints['control'], name)
    return requests.request(method, url, json=body or None, timeout=10)


def test_clock_runs_at_its_speed_and_jumps():
    stopped = clock.Clock(speed=0, start=1000)
    assert stopped.now() == 1000
    stopped.advance(60)
    assert stopped.now() == 1060
    with pytest.raises(ValueError):
        stopped.advance(-1)
    stopped.set_speed(1)
    assert stopped.now() >= 1060


def test_control_plane_over_http(sim, rest):
    rest.volume()
    reply = command(sim, 'POST', 'write', svm='svm_manila', volume='vol1', bytes=10 * MIB).json()
    assert reply['used'] == 10 * MIB + 256 * 1024
    assert command(sim, 'GET', 'invariants').json() == []
    assert command(sim, 'POST', 'faults', match={'path': '/cluster$'}, action={'status': 500}).status_code == 200
    assert rest('GET', '/cluster').status_code == 500
    assert command(sim, 'DELETE', 'faults').status_code == 200
    before = command(sim, 'GET', 'clock').json()['now']
    assert command(sim, 'POST', 'clock/advance', seconds=3600).json()['now'] >= before + 3600
    assert command(sim, 'GET', 'counters').json()['POST /api/storage/volumes'] == 1
    assert command(sim, 'POST', 'write', svm='none', volume='v', bytes=1).status_code == 400
    assert command(sim, 'GET', 'nonsense').status_code == 404


def test_saved_state_is_restored_with_what_was_planned(sim, rest):
    rest.volume('kept')
    sim.control.settings(durations={'volume.create': 500})
    rest.ok('POST', '/storage/volumes', {'name': 'coming', 'svm.name': 'svm_manila', 'aggregates': ['aggr1']})
    state = json.loads(json.dumps(sim.control.dump()))
    sim.control.reset()
    assert [v['name'] for v in rest.ok('GET', '/storage/volumes')['records']] == ['svm_manila_root']
    sim.control.load(state)
    assert rest.ok('GET', '/storage/volumes', name='kept')['num_records'] == 1
    sim.control.advance(500)
    assert rest.ok('GET', '/storage/volumes', name='coming')['num_records'] == 1
    assert sim.control.violations() == []


def test_snapshots_grow_by_what_is_overwritten(sim, rest):
    volume = rest.volume()
    sim.control.write('svm_manila', 'vol1', 200 * MIB)
    path = '/storage/volumes/%s/snapshots' % volume['uuid']
    rest.ok('POST', path, {'name': 's1'}, return_timeout=10)
    sim.control.write('svm_manila', 'vol1', 30 * MIB, overwrite=True)
    rest.ok('POST', path, {'name': 's2'}, return_timeout=10)
    sim.control.write('svm_manila', 'vol1', -20 * MIB)
    sizes = {s['name']: s['size'] for s in rest.ok('GET', path, fields='size')['records']}
    assert sizes == {'s1': 30 * MIB, 's2': 20 * MIB}
    rest.ok('DELETE', path, name='s2', return_timeout=10)
    assert rest.find(path, name='s1')['size'] == 50 * MIB
    space = rest.find('/storage/volumes', name='vol1')['space']
    assert space['snapshot']['used'] == 50 * MIB
    assert space['used'] == 180 * MIB + 256 * 1024
    rest.ok('DELETE', path, name='s1', return_timeout=10)
    assert rest.find('/storage/volumes', name='vol1')['space']['snapshot']['used'] == 0


def test_snapshots_beyond_their_reserve_take_room_of_the_files(sim, rest):
    volume = rest.volume()
    sim.control.write('svm_manila', 'vol1', 400 * MIB)
    rest.ok('POST', '/storage/volumes/%s/snapshots' % volume['uuid'], {'name': 's'}, return_timeout=10)
    sim.control.write('svm_manila', 'vol1', 300 * MIB, overwrite=True)
    space = rest.find('/storage/volumes', name='vol1')['space']
    spill = 300 * MIB - space['snapshot']['reserve_size']
    assert space['used'] == 400 * MIB + 256 * 1024 + spill


def test_full_volume_takes_no_more_unless_it_may_grow(sim, rest):
    path = '/storage/volumes/' + rest.volume()['uuid']
    with pytest.raises(Exception, match='No space left'):
        sim.control.write('svm_manila', 'vol1', 2 * GIB)
    rest.ok('PATCH', path, {'autosize': {'mode': 'grow', 'maximum': 3 * GIB}}, return_timeout=10)
    assert sim.control.write('svm_manila', 'vol1', 2 * GIB)['size'] > 2 * GIB


def test_thin_volume_is_bounded_by_its_aggregate(sim, rest):
    rest.volume(size=100 * GIB, guarantee={'type': 'none'})
    sim.control.aggregate('aggr1', free=GIB)
    assert rest.find('/storage/volumes', name='vol1')['space']['available'] == GIB
    sim.control.settings(thin_offline_when_full=True)
    with pytest.raises(Exception, match='No space left'):
        sim.control.write('svm_manila', 'vol1', 2 * GIB)
    assert rest.find('/storage/volumes', name='vol1')['state'] == 'offline'


def test_invariants_notice_a_broken_state(sim, rest):
    rest.volume()
    cluster = sim.world.clusters[0]
    cluster.svm('svm_manila').volume('vol1').shared = -1
    cluster.svm('svm_manila').export_policies.clear()
    found = sim.control.violations()
    assert any('do not add up' in text for text in found)
    assert any('export policy that is gone' in text for text in found)


@pytest.mark.parametrize('seed', ['single', 'multi', 'pair'])
@pytest.mark.parametrize('release', ['9.8.0', '9.10.1', '9.12.1', '9.14.1', '9.16.1', '9.19.1'])
def test_seeds_are_sound_in_every_release(seed, release):
    world = topology.build({'seed': seed, 'with': {'version': release}})
    assert invariants.violations(world) == []
    assert {c.release for c in world.clusters} == {release}


def test_unknown_setting_of_a_topology_is_refused():
    with pytest.raises(ValueError, match='nonsense'):
        topology.build({'seed': 'single', 'with': {'settings': {'nonsense': 1}}})


@pytest.mark.parametrize(('part', 'told'), [
    ({'nods': []}, r"clusters\[0\].*'nods' was unexpected"),
    ({'nodes': []}, r'clusters\[0\].nodes'),
    ({'aggregates': [{'name': 'aggr1', 'node': 'cluster1-01', 'size': 'much'}]}, r'aggregates\[0\].size.*much'),
])
def test_mistake_in_a_topology_is_told_with_its_place(part, told):
    with pytest.raises(ValueError, match=told):
        topology.build({'seed': 'single', 'with': part})


def test_unknown_seed_or_name_in_a_topology_is_told():
    with pytest.raises(ValueError, match='Unknown seed double'):
        topology.build('double')
    with pytest.raises(Refused, match='nobody'):
        topology.build({'seed': 'single', 'with': {
            'aggregates': [{'name': 'aggr1', 'node': 'nobody', 'size': '1TiB'}]}})


def test_sizes_of_a_topology_may_have_units():
    world = topology.build({'seed': 'single', 'with': {'svms': [{'name': 's', 'aggregates': ['aggr1'], 'volumes': [
        {'name': 'v', 'size': '1.5GiB', 'aggregates': ['aggr1'], 'junction': '/v'}]}]}})
    assert world.clusters[0].svm('s').volume('v').size == 3 * 512 * 1024 ** 2


def test_topologies_of_the_documentation_can_be_built():
    page = (pathlib.Path(__file__).parents[5] / 'doc/source/contributor/ontap-simulator.rst').read_text()
    blocks = [textwrap.dedent(block) for block in re.findall(r'::\n\n((?:    .*\n|\n)+)', page)]
    described = [yaml.safe_load(block) for block in blocks if re.match('seed:|clusters:', block)]
    assert len(described) == 2
    for each in described:
        assert invariants.violations(topology.build(each)) == []


def test_program_tells_a_wrong_topology_without_a_traceback(tmp_path):
    path = tmp_path / 'topology.yaml'
    path.write_text('clusters: {}')
    done = subprocess.run([sys.executable, '-m', 'manila.tests.simulators.ontap', str(path)], capture_output=True,
                          text=True)
    assert done.returncode == 2
    assert '$.clusters: {} is not of type' in done.stderr and 'Traceback' not in done.stderr


def test_skewed_clock_shows_in_what_the_cluster_writes(sim, rest):
    sim.control.skew(-86400 * 365)
    assert rest.volume()['create_time'] < '2026'


def test_program_serves_a_topology_file_until_it_is_told_to_stop(tmp_path):
    description = {'seed': 'single', 'with': {'name': 'filer'}, 'clock': {'speed': 100}}
    path = tmp_path / 'topology.yaml'
    path.write_text(yaml.safe_dump(description))
    process = subprocess.Popen([sys.executable, '-m', 'manila.tests.simulators.ontap', str(path)],
                               stdout=subprocess.PIPE, text=True)
    try:
        told = json.loads(process.stdout.readline())
        host, port = told['endpoints']['filer']
        session = requests.Session()
        session.trust_env = False
        reply = session.get('https://%s:%d/api/cluster' % (host, port), auth=('admin', PASSWORD), verify=told['ca'],
                            timeout=20)
        assert reply.json()['name'] == 'filer'
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_many_clients_at_once_leave_a_sound_state(sim):
    def one(number):
        rest = Rest(sim)
        name = 'v%d' % number
        rest.volume(name)
        rest.ok('POST', '/protocols/nfs/export-policies', {'name': 'p%d' % number, 'svm.name': 'svm_manila'})
        rest.ok('PATCH', '/storage/volumes', {'nas.export_policy.name': 'p%d' % number}, name=name, return_timeout=10)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(one, range(40)))
    assert len(Rest(sim).ok('GET', '/storage/volumes', name='v*')['records']) == 40
    assert sim.control.violations() == []
