"""Share replicas over HTTP: what is shown of them, and their metadata."""
import pytest

from manila.resources.types import service as types
from manila.tests.fixtures.rows import make_share, set_status

EXPERIMENTAL = {'X-OpenStack-Manila-API-Experimental': 'True'}
ALL = '/share-replicas'
SUMMARY = {'id', 'share_id', 'status', 'replica_state'}
DETAIL = SUMMARY | {'availability_zone', 'created_at', 'updated_at', 'share_network_id'}
FOR_ADMIN = {'share_server_id', 'host'}


@pytest.fixture
def replicated(api, share_type, context):
    """A share that replicates; its only replica is the active one."""
    types.create(context, 'mirrored', None, True, {'driver_handles_share_servers': 'False',
                                                   'replication_type': 'readable'})
    return make_share(api.user.context(), share_type='mirrored')


@pytest.fixture
def metadata(replicated):
    """Path of the metadata of the active replica."""
    return f'{ALL}/{replicated["instances"][0]["id"]}/metadata'


@pytest.mark.parametrize('version, more, for_admin', [
    ('2.11', set(), set()), ('2.29', set(), set()), ('2.30', set(), {'cast_rules_to_readonly'}),
    ('2.56', set(), {'cast_rules_to_readonly'}), ('2.94', set(), {'cast_rules_to_readonly'}),
    ('2.95', {'metadata'}, {'cast_rules_to_readonly'}), ('2.99', {'metadata'}, {'cast_rules_to_readonly'})])
def test_replicas_show_the_fields_of_the_version(api, replicated, version, more, for_admin):
    def get(caller, path):
        answer = caller('GET', path, version=version, **EXPERIMENTAL)
        assert answer.status_int == 200, answer.text
        return answer.json

    row, = get(api.user, ALL)['share_replicas']
    assert set(row) == SUMMARY and row['replica_state'] == 'active' and row['share_id'] == replicated['id']
    for caller, wanted in ((api.user, DETAIL | more), (api.admin, DETAIL | more | FOR_ADMIN | for_admin)):
        one = get(caller, f'{ALL}/{row["id"]}')['share_replica']
        assert set(one) == wanted
        assert get(caller, f'{ALL}/detail') == {'share_replicas': [one]}


def test_up_to_255_clients_must_accept_experiments(api, replicated):
    assert api.user('GET', ALL, version='2.10', **EXPERIMENTAL).status_int == 404
    assert api.user('GET', ALL, version='2.55').status_int == 404
    assert api.user('GET', ALL, version='2.56').status_int == 200


def test_a_share_that_does_not_replicate_has_no_replicas(api, replicated):
    plain = make_share(api.user.context())
    assert api.user.get(f'{ALL}?share_id={plain["id"]}') == {'share_replicas': []}
    assert len(api.user.get(f'{ALL}?share_id={replicated["id"]}')['share_replicas']) == 1
    assert api.admin('GET', f'{ALL}/{plain["instances"][0]["id"]}').status_int == 404


def test_replicas_of_other_projects_are_not_found(api, replicated, metadata):
    assert api.stranger.get(ALL) == {'share_replicas': []}
    for method, path, body in (('GET', metadata.removesuffix('/metadata'), None), ('GET', metadata, None),
                               ('POST', metadata, {'metadata': {'a': 'b'}}), ('DELETE', f'{metadata}/a', None)):
        assert api.stranger(method, path, body).status_int == 404, (method, path)


def test_replicas_whose_deletion_is_put_off_are_for_administrators(api, replicated, metadata):
    set_status(api.admin.context(), replicated, 'deferred_deleting')
    assert api.user.get(ALL) == {'share_replicas': []}
    assert api.user('GET', metadata).status_int == 404
    assert len(api.admin.get(ALL)['share_replicas']) == 1 and api.admin.get(metadata) == {'metadata': {}}


def test_metadata_are_added_replaced_changed_and_removed(api, metadata):
    assert api.user('POST', metadata, {'metadata': {'a': '1', 'b': '2'}}).json == {'metadata': {'a': '1', 'b': '2'}}
    assert api.user('POST', metadata, {'metadata': {'b': '3'}}).json == {'metadata': {'a': '1', 'b': '3'}}
    assert api.user('POST', f'{metadata}/a', {'metadata': {'a': '9'}}).json == {'metadata': {'a': '9'}}
    assert api.user.get(f'{metadata}/a') == {'meta': {'a': '9'}}
    assert api.user('DELETE', f'{metadata}/a').status_int == 200
    for method in ('GET', 'DELETE'):
        assert api.user(method, f'{metadata}/a').status_int == 404
    assert api.user('PUT', metadata, {'metadata': {'c': '4'}}).json == {'metadata': {'c': '4'}}
    assert api.user.get(metadata) == {'metadata': {'c': '4'}}
    assert api.user('PUT', metadata, {'metadata': None}).json == {'metadata': None}
    assert api.user.get(metadata) == {'metadata': {}}
    assert api.user('POST', f'{metadata}/a', {'metadata': {'b': '9'}}).status_int == 400
    assert api.user('GET', metadata, version='2.94').status_int == 404


def test_readers_change_no_metadata(api, metadata):
    reader = api.of(('reader',))
    assert reader('POST', metadata, {'metadata': {'a': '1'}}).status_int == 403
    assert reader('DELETE', f'{metadata}/a').status_int == 403
    assert api.user.get(metadata) == {'metadata': {}}


@pytest.mark.parametrize('version', ['2.47', '2.56', '2.87', '2.99'])
def test_export_locations_tell_the_state_and_the_zone_of_the_replica(api, metadata, version):
    def get(caller, *parts):
        answer = caller('GET', '/'.join((metadata.replace('metadata', 'export-locations'), *parts)), version=version,
                        **EXPERIMENTAL)
        return answer.json if answer.status_int == 200 else answer.status_int

    first, *rest = get(api.user)['export_locations']
    fields = {'id', 'path', 'preferred', 'replica_state', 'availability_zone'}
    assert set(first) == fields | ({'metadata'} if version >= '2.87' else set())
    assert (first['replica_state'], first['availability_zone'], len(rest)) == ('active', None, 1)
    one = get(api.user, first['id'])['export_location']
    assert one == {**first, 'created_at': one['created_at'], 'updated_at': one['updated_at']}
    *_others, hidden = get(api.admin)['export_locations']
    assert hidden['is_admin_only'] is True and get(api.user, hidden['id']) == 403
    assert get(api.admin, hidden['id'])['export_location']['id'] == hidden['id']
    assert get(api.user, 'missing') == get(api.stranger, first['id']) == get(api.stranger) == 404


def test_pages_are_linked(api, replicated):
    make_share(api.user.context(), share_type='mirrored')
    first = api.user.get(f'{ALL}?limit=1')
    assert len(first['share_replicas']) == 1 and first['share_replica_links'][0]['rel'] == 'next'
    second = api.user.get(f'{ALL}?limit=1&offset=1')
    assert len(second['share_replicas']) == 1 and second['share_replicas'] != first['share_replicas']
