"""The REST transport: fields, queries, paging, bulk writes, jobs, errors."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest

SVM = {'name': 'svm_manila'}


# --- reading ----------------------------------------------------------------------------------------------------
def test_collection_holds_only_identity_unless_asked(rest):
    rest.volume()
    record = rest.ok('GET', '/storage/volumes', name='vol1')['records'][0]
    assert set(record) == {'uuid', 'name', 'svm', '_links'}


def test_fields_choose_groups_braces_and_exclusions(rest):
    rest.volume()

    def keys(fields):
        return set(rest.ok('GET', '/storage/volumes', name='vol1', fields=fields)['records'][0]) - {
            'uuid', 'name', 'svm', '_links'}

    assert keys('size') == {'size'}
    assert keys('nas.*') == {'nas'}
    assert rest.ok('GET', '/storage/volumes', name='vol1', fields='nas.{path,uid}')['records'][0]['nas'] == {
        'path': '/vol1', 'uid': 0}
    assert 'autosize' not in keys('*')
    assert 'autosize' in keys('**')
    assert 'size' not in keys('*,!size')


def test_unknown_field_is_refused(rest):
    assert rest.refused('GET', '/storage/volumes', fields='nonsense') == (400, '262197')
    assert rest.refused('GET', '/storage/volumes', nonsense='1') == (400, '262179')


def test_known_but_unset_field_is_no_error(rest):
    assert rest.ok('GET', '/storage/volumes', fields='flash_pool.caching_policy')['num_records'] == 1


def test_missing_path_method_and_entry(rest):
    assert rest.refused('GET', '/storage/nothing') == (404, '3')
    assert rest.refused('DELETE', '/cluster/nodes', name='*') == (405, '3')
    assert rest.refused('GET', '/storage/volumes/6f1c1d1e-0000-0000-0000-000000000000') == (404, '4')


def test_doubled_and_trailing_slashes_are_tolerated(rest):
    assert rest.ok('GET', '//storage/volumes/')['num_records'] == 1


def test_only_the_count_is_returned_when_records_are_not_wanted(rest):
    assert 'records' not in rest.ok('GET', '/storage/volumes', return_records='false')


def test_pages_are_linked_and_their_counts_add_up(rest):
    for number in range(5):
        rest.volume('v%d' % number)
    body = rest.ok('GET', '/storage/volumes', max_records=2, fields='size')
    total, href = body['num_records'], body['_links']['next']['href']
    while href:
        assert href.startswith('/api/storage/volumes?')
        body = rest.ok('GET', href[len('/api'):])
        total += body['num_records']
        href = body['_links'].get('next', {}).get('href')
    assert total == 6


def test_one_record_per_page_can_be_forced(sim, rest):
    rest.volume()
    sim.control.settings(page_limit=1)
    assert rest.ok('GET', '/storage/volumes', max_records=10000)['num_records'] == 1


@pytest.mark.parametrize(('text', 'found'), [
    ('a*', {'aa', 'ab'}), ('aa|bb', {'aa', 'bb'}), ('aa,bb', {'aa', 'bb'}), ('!a*', {'bb', 'svm_manila_root'}),
    ('"aa"', {'aa'}), ('{a*}', set()), ('>b', {'bb', 'svm_manila_root'}), ('aa..ab', {'aa', 'ab'})])
def test_query_operators(rest, text, found):
    for name in ('aa', 'ab', 'bb'):
        rest.volume(name)
    assert {r['name'] for r in rest.ok('GET', '/storage/volumes', name=text)['records']} == found


def test_queries_on_sizes_nulls_and_lists(rest):
    rest.volume('big', 3 * GIB)
    rest.volume('small', GIB, nas={})

    def names(**query):
        return {r['name'] for r in rest.ok('GET', '/storage/volumes', name='big|small', **query)['records']}

    assert names(size='>=2GB') == {'big'}
    assert names(**{'nas.path': 'null'}) == {'small'}
    assert names(**{'nas.path': '!null'}) == {'big'}
    assert names(**{'aggregates.name': 'aggr1'}) == {'big', 'small'}
    assert names(**{'aggregates.name': '!aggr1'}) == set()
    assert names(query_fields='name,comment', query='sm*') == {'small'}


def test_instance_ignores_paging(rest):
    record = rest.volume()
    assert rest.ok('GET', '/storage/volumes/' + record['uuid'], max_records=10000)['name'] == 'vol1'


def test_plain_json_clients_get_no_links_of_references(sim):
    rest = Rest(sim, headers={'Accept': 'application/json'})
    record = rest.ok('GET', '/storage/volumes')['records'][0]
    assert '_links' not in record['svm']
    job = rest.ok('POST', '/storage/volumes', {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB})['job']
    assert job['_links']['self']['href'] == '/api/cluster/jobs/' + job['uuid']


# --- writing ----------------------------------------------------------------------------------------------------
def test_dotted_keys_text_booleans_and_text_sizes_are_understood(rest):
    rest.ok('POST', '/storage/volumes', {
        'name': 'vol1', 'svm.name': 'svm_manila', 'aggregates.name': 'aggr1', 'size': '1GB', 'nas.path': '/vol1',
        'snapshot_directory_access_enabled': 'false'}, return_timeout=10)
    record = rest.find('/storage/volumes', name='vol1')
    assert (record['size'], record['snapshot_directory_access_enabled']) == (GIB, False)


@pytest.mark.parametrize(('body', 'code'), [
    ({'colour': 'blue'}, '262179'), ({'create_time': '2024-01-01T00:00:00Z'}, '262196'),
    ({'size': 'huge'}, '262197'), ({}, '262190'), ({'nas.uid': 1, 'nas': {'uid': 2}}, '262188')])
def test_bad_bodies_are_refused(rest, body, code):
    record = rest.volume()
    assert rest.refused('PATCH', '/storage/volumes/' + record['uuid'], body) == (400, code)


def test_unknown_body_key_passes_without_strict_mode(sim, rest):
    record = rest.volume()
    sim.control.settings(strict=False)
    rest.ok('PATCH', '/storage/volumes/' + record['uuid'], {'colour': 'blue', 'comment': 'x'}, return_timeout=10)
    assert rest.find('/storage/volumes', name='vol1')['comment'] == 'x'


def test_malformed_json_is_refused(sim, rest):
    reply = rest.session.post(rest.base + '/storage/volumes', data='{"name":')
    assert (reply.status_code, reply.json()['error']['code']) == (400, '262199')


def test_plain_settings_are_kept_and_shown(rest):
    record = rest.volume(convert_unicode=True)
    assert record['convert_unicode'] is True


def test_query_without_match_changes_nothing(rest):
    assert rest.refused('PATCH', '/storage/volumes', {'comment': 'x'}, name='none') == (404, '4')
    assert rest.refused('DELETE', '/protocols/nfs/export-policies', name='none') == (404, '4')


def test_several_objects_are_made_in_one_request(rest):
    body = {'records': [{'name': n, 'svm': SVM} for n in ('p1', 'p2')]}
    assert rest.ok('POST', '/protocols/nfs/export-policies', body)['num_records'] == 2
    assert rest.ok('GET', '/protocols/nfs/export-policies', name='p*')['num_records'] == 2


def test_listed_records_are_patched(rest):
    one, two = rest.volume('v1'), rest.volume('v2')
    rest.ok('PATCH', '/storage/volumes', {'records': [
        {'uuid': one['uuid'], 'comment': 'first'}, {'uuid': two['uuid'], 'comment': 'second'}]}, return_timeout=10)
    assert rest.find('/storage/volumes', name='v2')['comment'] == 'second'


def test_bulk_change_answers_with_its_jobs(sim, rest):
    rest.volume()
    sim.control.settings(durations={'volume.modify': 3600})
    reply = rest('PATCH', '/storage/volumes', {'comment': 'x'}, name='vol1')
    assert reply.status_code == 202
    assert reply.json()['jobs'][0]['uuid'] == reply.json()['job']['uuid']


# --- jobs -------------------------------------------------------------------------------------------------------
def test_object_appears_when_its_job_is_done(sim, rest):
    sim.control.settings(durations={'volume.create': 600})
    reply = rest('POST', '/storage/volumes', {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB})
    assert reply.status_code == 202
    location, job = reply.headers['Location'][len('/api'):], '/cluster/jobs/' + reply.json()['job']['uuid']
    assert rest.refused('GET', location) == (404, '4')
    assert rest.ok('GET', job)['state'] == 'running'
    sim.control.advance(600)
    assert rest.ok('GET', job)['state'] == 'success'
    assert rest.ok('GET', location)['name'] == 'v'
    sim.control.advance(301)
    assert rest.refused('GET', job) == (404, '4')


def test_client_waits_for_a_job_no_longer_than_it_wants(sim, rest):
    sim.control.settings(durations={'volume.create': 0.2})
    body = {'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB}
    assert rest('POST', '/storage/volumes', dict(body, name='a'), return_timeout=10).status_code == 201
    sim.control.settings(durations={'volume.create': 600})
    assert rest('POST', '/storage/volumes', dict(body, name='b'), return_timeout=1).status_code == 202


def test_failed_job_tells_why(sim, rest):
    body = {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'], 'size': 100 * 1024 * GIB}
    job = rest.ok('POST', '/storage/volumes', body)['job']['uuid']
    record = rest.ok('GET', '/cluster/jobs/' + job)
    assert record['state'] == 'failure'
    assert 'not enough space' in record['error']['message']
    assert int(record['error']['code']) == record['code']
    assert rest.refused('POST', '/storage/volumes', body, return_timeout=10)[1] == record['error']['code']


def test_job_is_cancelled(sim, rest):
    sim.control.settings(durations={'volume.create': 600})
    body = {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB}
    job = '/cluster/jobs/' + rest.ok('POST', '/storage/volumes', body)['job']['uuid']
    rest.ok('PATCH', job, action='cancel')
    assert rest.ok('GET', job)['state'] == 'failure'
    sim.control.advance(600)
    assert rest.ok('GET', '/storage/volumes', name='v')['num_records'] == 0
