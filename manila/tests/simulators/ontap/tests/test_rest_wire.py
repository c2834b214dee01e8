"""How requests may look and answers do look, and the smaller resources."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest

SVM = {'name': 'svm_manila'}


def test_answers_are_compressed_for_those_who_take_it(sim, rest):
    reply = rest('GET', '/storage/aggregates', fields='**')
    assert reply.headers['Content-Encoding'] == 'gzip'
    assert len(reply.json()['records']) == 4
    rest.session.headers['Accept-Encoding'] = 'identity'
    assert 'Content-Encoding' not in rest('GET', '/storage/aggregates', fields='**').headers


def test_an_empty_patch_is_an_error_in_strict_mode_only(sim, rest):
    path = '/storage/volumes/' + rest.volume()['uuid']
    assert rest.refused('PATCH', path) == (400, '262190')
    sim.control.settings(strict=False)
    rest.ok('PATCH', path)


def test_a_policy_that_an_empty_patch_did_not_disable_can_be_deleted_without_strict_mode(sim, rest):
    base = '/protocols/fpolicy/%s' % rest.find('/svm/svms', name='svm_manila')['uuid']
    rest.ok('POST', base + '/events', {'name': 'e', 'protocol': 'cifs', 'file_operations.create': 'true'})
    rest.ok('POST', base + '/policies', {'name': 'p', 'events.name': ['e'], 'priority': 1})
    assert rest.refused('DELETE', base + '/policies/p')[1] == '9765029'
    sim.control.settings(strict=False)
    rest.ok('PATCH', base + '/policies/p')
    rest.ok('DELETE', base + '/policies/p')


@pytest.mark.parametrize('method', ['GET', 'DELETE'])
def test_time_to_wait_is_bounded(rest, method):
    assert rest.refused(method, '/storage/volumes', return_timeout=121, name='x')[1] == '262197'


def test_a_query_by_name_chooses_counters(rest):
    path = '/cluster/counter/tables/processor'
    schema = rest.ok('GET', path, fields='counter_schemas.*', **{'counter_schemas.name': 'elapsed_time'})
    assert [s['name'] for s in schema['counter_schemas']] == ['elapsed_time']
    rows = rest.ok('GET', path + '/rows', fields='counters.*', **{'counters.name': 'domain_busy_percent'})['records']
    assert [[c['name'] for c in row['counters']] for row in rows] == [['domain_busy_percent']] * 2


@pytest.mark.parametrize(('state', 'code'), [('cutover', '918266'), ('replicating', '918266'), ('foo', '918786')])
def test_what_may_be_said_about_the_cut_over_when_a_move_starts(rest, state, code):
    path = '/storage/volumes/' + rest.volume()['uuid']
    move = {'movement.destination_aggregate.name': 'aggr2', 'movement.state': state}
    assert rest.refused('PATCH', path, move)[1] == code


@pytest.mark.parametrize('state', ['cutover_wait', 'wait', 'force', 'abort_on_failure'])
def test_moves_of_older_clients_start(rest, state):
    path = '/storage/volumes/' + rest.volume()['uuid']
    rest.ok('PATCH', path, {'movement.destination_aggregate.name': 'aggr2', 'movement.state': state})
    assert rest.ok('GET', path, fields='movement')['movement']['destination_aggregate']['name'] == 'aggr2'


@pytest.mark.parametrize('where', ['query', 'body'])
def test_validation_of_a_move_moves_nothing(rest, where):
    rest.volume()
    body = {'movement.destination_aggregate.name': 'aggr2'}
    query = {'name': 'vol1'}
    (body if where == 'body' else query)['validate_only'] = 'true'
    rest.ok('PATCH', '/storage/volumes', body, **query)
    assert 'movement' not in rest.find('/storage/volumes', name='vol1')


def test_language_of_a_volume_is_changed(rest):
    path = '/storage/volumes/' + rest.volume()['uuid']
    rest.ok('PATCH', path, {'language': 'en_us.utf_8'})
    assert rest.ok('GET', path)['language'] == 'en_us.utf_8'


def test_interfaces_need_an_svm_and_a_known_failover(rest):
    lif = {'name': 'x', 'ip.address': '192.0.2.99', 'ip.netmask': '24', 'location.home_port.name': 'e0c',
           'location.home_node.name': 'cluster1-01'}
    assert rest.refused('POST', '/network/ip/interfaces', lif)[1] == '1967127'
    lif.update({'svm.name': 'svm_manila', 'location.failover': 'somewhere'})
    assert rest.refused('POST', '/network/ip/interfaces', lif)[1] == '1967145'


def test_clients_of_a_rule_as_a_dotted_key(rest):
    rest.ok('POST', '/protocols/nfs/export-policies', {'name': 'p', 'svm': SVM})
    path = '/protocols/nfs/export-policies/%d/rules' % rest.find('/protocols/nfs/export-policies', name='p')['id']
    rest.ok('POST', path, {'clients.match': '10.0.0.1', 'ro_rule': ['any'], 'rw_rule': ['never']})
    assert rest.find(path, **{'clients.match': '10.0.0.1'})['index'] == 1


def test_fault_says_in_its_match_how_often_it_applies(sim, rest):
    sim.control.add_fault(match={'path': '/cluster$', 'count': 1}, action={'status': 429, 'retry_after': 7})
    assert rest('GET', '/cluster').headers['Retry-After'] == '7'
    rest.ok('GET', '/cluster')


def test_a_cluster_may_say_other_codes(sim, rest):
    rest.volume()
    body = {'name': 'vol1', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB}
    assert rest.refused('POST', '/storage/volumes', body) == (409, '1')
    sim.control.settings(rest_codes={'volume.duplicate': [400, '917999']})
    assert rest.refused('POST', '/storage/volumes', body) == (400, '917999')


# --- the command line over REST -----------------------------------------------------------------------------------
def test_commands_show_and_change_volumes(rest):
    rest.volume()
    path = '/private/cli/volume'
    shown = rest.ok('GET', path, volume='vol1', fields='size,space-guarantee,aggregate')['records']
    assert shown == [{'vserver': 'svm_manila', 'volume': 'vol1', 'size': GIB, 'space_guarantee': 'volume',
                      'aggregate': 'aggr1'}]
    rest.ok('PATCH', path, {'size': '2GB', 'snapdir-access': 'false'}, vserver='svm_manila', volume='vol1')
    assert rest.find('/storage/volumes', name='vol1')['size'] == 2 * GIB
    assert rest.refused('PATCH', path, {'size': 1}, volume='vol1')[1] == '917534'
    assert rest.refused('PATCH', path, {'nothing': 1}, volume='vol1')[1] == '262179'
    assert rest.refused('PATCH', path, {'size': '3GB'})[0] == 400
    assert rest.refused('GET', path, nothing='x')[1] == '262179'
    assert rest.refused('GET', path, fields='nothing')[1] == '262197'


def test_other_verbs_are_posted_and_say_what_the_command_line_says(rest):
    rest.ok('POST', '/svm/svms', {'name': 'svm9'}, return_timeout=10)
    rest.volume(nas={})
    verb = {'vserver': 'svm_manila', 'volume': 'vol1', 'destination-vserver': 'svm9'}
    assert rest.ok('POST', '/private/cli/volume/rehost', verb) == {'cli_output': ''}
    assert rest.find('/storage/volumes', name='vol1')['svm']['name'] == 'svm9'
    shown = rest.ok('GET', '/private/cli/vserver', vserver='svm9', fields='subtype,operational-state')['records']
    assert shown == [{'vserver': 'svm9', 'subtype': 'default', 'operational_state': 'running'}]


def test_file_policies_of_the_command_line(rest):
    owner = rest.find('/svm/svms', name='svm_manila')['uuid']
    rest.ok('POST', '/protocols/fpolicy/%s/events' % owner, {'name': 'e', 'protocol': 'cifs',
                                                             'file_operations.create': True})
    path, name = '/private/cli/vserver/fpolicy/policy', {'vserver': 'svm_manila', 'policy-name': 'p'}
    rest.ok('POST', path, dict(name, events=['e'], engine='native'))
    rest.ok('POST', path + '/scope', dict(name, **{'shares-to-include': ['s1', 's2']}))
    rest.ok('PATCH', path + '/scope', {'file-extensions-to-include': 'txt'}, **name)
    scope = rest.ok('GET', path + '/scope', fields='shares-to-include,file-extensions-to-include', **name)['records'][0]
    assert (scope['shares_to_include'], scope['file_extensions_to_include']) == (['s1', 's2'], ['txt'])
    listed = rest.find('/protocols/fpolicy', **{'svm.name': 'svm_manila'})
    assert [(p['name'], p['enabled']) for p in listed['policies']] == [('p', False)]
    rest.ok('DELETE', path, name)
    assert rest.ok('GET', path, **name)['num_records'] == 0


# --- files ------------------------------------------------------------------------------------------------------
def test_a_file_is_cloned_without_taking_space(sim, rest):
    volume = rest.volume()
    sim.control.write('svm_manila', 'vol1', 100 * 1024 ** 2, path='/dir/a')
    used = rest.find('/storage/volumes', name='vol1')['space']['used']
    body = {'volume': {'name': 'vol1', 'uuid': volume['uuid']}, 'source_path': 'dir/a', 'destination_path': 'dir/b'}
    rest.ok('POST', '/storage/file/clone', body, return_timeout=10)
    assert rest.find('/storage/volumes', name='vol1')['space']['used'] == used
    assert rest.refused('POST', '/storage/file/clone', body) == (409, '1')
    rest.ok('POST', '/storage/file/clone', dict(body, overwrite_destination='true'), return_timeout=10)
    assert rest.refused('POST', '/storage/file/clone', dict(body, source_path='none')) == (404, '4')
    sim.control.licences(remove=['flexclone'])
    assert rest.refused('POST', '/storage/file/clone', body)[1] == '1115127'


def test_files_are_moved_to_another_volume(start):
    simulator = start({'seed': 'single', 'with': {'durations': {'default': 0, 'volume.create': 0}},
                       'clock': {'speed': 0}})
    rest = Rest(simulator)
    rest.volume('v1')
    rest.volume('v2', aggregate='aggr2')
    for name in 'ab':
        simulator.control.write('svm_manila', 'v1', 200 * 1024 ** 2, path='/dir/' + name)

    def end(volume, path):
        return {'svm': SVM, 'volume': {'name': volume}, 'path': path}

    before = rest.find('/storage/volumes', name='v1')['space']['used']
    body = {'files_to_move': {'sources': [end('v1', 'dir/a'), end('v1', 'dir/b')], 'destinations': [end('v2', 'new/')]}}
    rest.ok('POST', '/storage/file/moves', body)
    moves = rest.ok('GET', '/storage/file/moves', fields='*')['records']
    assert [(m['index'], m['source']['path'], m['destination']['path']) for m in moves] == [
        (0, 'dir/a', 'new/a'), (1, 'dir/b', 'new/b')]
    simulator.control.advance(60)
    assert rest.ok('GET', '/storage/file/moves')['num_records'] == 0
    assert before - rest.find('/storage/volumes', name='v1')['space']['used'] == 400 * 1024 ** 2
    clash = {'files_to_move': {'sources': [end('v2', 'new/a')], 'destinations': [end('v2', 'new/b')]}}
    assert rest.refused('POST', '/storage/file/moves', clash) == (409, '1')
    assert simulator.control.violations() == []
    assert rest.find('/storage/volumes', name='v2')['space']['used'] < GIB
