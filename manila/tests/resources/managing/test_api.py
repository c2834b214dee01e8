"""The operations that manage and unmanage shares, through the whole API."""
import pytest

from manila.db import session
from manila.resources.quotas import service as quotas
from manila.resources.services import store as services
from manila.resources.shares import store
from manila.tests.fixtures.rows import HOST, make_share, orders, set_status
from manila.tests.resources import views

pytestmark = pytest.mark.usefixtures('share_type', 'back_end')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def back_end(context, database, conf):
    """A back end that is up, and a default share type."""
    conf.config(default_share_type='plain')
    return services.register(context, 'node@alpha', 'manila-share', 'topic', None)


def manage(api, version='2.99', who='admin', **wanted):
    body = {'service_host': HOST, 'protocol': 'nfs', 'export_path': '192.0.2.10:/old', **wanted}
    path = '/os-share-manage' if version in ('2.0', '2.6') else '/shares/manage'
    return getattr(api, who)('POST', path, {'share': {key: value for key, value in body.items() if value is not ...}},
                             version)


def unmanage(api, share, version='2.99', who='admin'):
    if version in ('2.0', '2.6'):
        return getattr(api, who)('POST', f'/os-share-unmanage/{share["id"]}/unmanage', version=version)
    return getattr(api, who)('POST', f'/shares/{share["id"]}/action', {'unmanage': None}, version)


def test_answers_have_exactly_the_fields_of_each_microversion(api):
    for minor in (0, 6, 7, 8, 48, 49, 92, 99):
        answer = manage(api, f'2.{minor}', export_path=f'192.0.2.10:/old{minor}')
        assert answer.status_int == 200, answer.text
        assert set(answer.json['share']) == views.fields(views.SHARE, minor, True), minor


def test_share_to_be_managed_is_of_whoever_manages_it_and_counts_nothing_yet(api, share_type):
    answer = manage(api, name='found', description='again', share_type=share_type['id'], is_public=True,
                    driver_options={'a': 'b'})
    share = answer.json['share']
    assert {key: share[key] for key in ('status', 'size', 'host', 'share_proto', 'name', 'description', 'is_public',
                                        'project_id', 'progress', 'metadata', 'share_type_name')} == {
        'status': 'manage_starting', 'size': None, 'host': HOST, 'share_proto': 'NFS', 'name': 'found',
        'description': 'again', 'is_public': True, 'project_id': api.admin.project_id, 'progress': None,
        'metadata': {}, 'share_type_name': 'plain'}
    row = store.get(api.admin.context(), share['id'], paths=True)
    assert row['counted'] is False and row['size'] == 0
    (location,) = api.admin.get(f'/shares/{share["id"]}/export_locations')['export_locations']
    assert location['path'] == '192.0.2.10:/old'
    assert orders(api.admin.context()) == [('share.schedule_manage', 'scheduler', row['instances'][0]['id'])]
    assert quotas.check(api.admin.context()) == []


def test_path_may_be_given_in_an_object_and_is_managed_once(api):
    assert manage(api, export_path={'path': '192.0.2.10:/old'}).status_int == 200
    assert manage(api).status_int == 409
    assert manage(api, export_path='192.0.2.10:/other').status_int == 200
    assert manage(api, service_host='node@alpha#pool1').status_int == 200


def test_fields_of_newer_versions_are_ignored_in_older_ones(api):
    assert manage(api, '2.6', is_public=True).json['share']['is_public'] is False
    assert manage(api, '2.7', is_public=True, export_path='p1').json['share']['is_public'] is False
    assert manage(api, '2.48', share_server_id=MISSING, export_path='p2').status_int == 200
    assert manage(api, '2.91', mount_point_name='x', export_path='p3').status_int == 200
    assert manage(api, '2.92', mount_point_name='x', export_path='p4').status_int == 400


@pytest.mark.parametrize('key', ['service_host', 'protocol', 'export_path'])
@pytest.mark.parametrize('value', [..., None, '', {}, [], 5])
def test_what_must_be_there_is_asked_for_in_its_own_way(api, key, value):
    assert manage(api, **{key: value}).status_int == 422
    assert manage(api, '2.6', **{key: value}).status_int == 422


def test_bodies_without_a_share_are_asked_for_one(api):
    for body in ({}, {'x': 1}):
        assert api.admin('POST', '/shares/manage', body).status_int == 422


@pytest.mark.parametrize(('wanted', 'status'), [
    ({'service_host': 'node@alpha'}, 400), ({'service_host': 'node@alpha#'}, 400),
    ({'service_host': 'node@beta#pool0'}, 404), ({'service_host': 'invalid#pool'}, 404),
    ({'service_host': 'x' * 256}, 400), ({'share_type': 'unknown'}, 404), ({'share_type': MISSING}, 404),
    ({'share_server_id': MISSING}, 400), ({'name': 'x' * 256}, 400), ({'driver_options': 'x'}, 400),
    ({'is_public': 'perhaps'}, 400), ({'export_path': 'x' * 2001}, 400), ({'protocol': 'x' * 33}, 400)])
def test_bad_requests_are_refused(api, wanted, status):
    answer = manage(api, **wanted)
    assert answer.status_int == status, answer.text
    assert orders(api.admin.context()) == []


def test_shares_on_share_servers_are_asked_for_theirs(api):
    api.admin('POST', '/types', {'share_type': {
        'name': 'served', 'extra_specs': {'driver_handles_share_servers': 'True'}}})
    assert manage(api, share_type='served').status_int == 400
    assert manage(api, share_type='served', share_server_id=MISSING).status_int == 400


def test_back_end_that_is_down_manages_nothing(api, back_end):
    services.stop(api.admin.context(), back_end['id'])
    assert manage(api).status_int == 400


def test_shares_are_managed_by_administrators(api):
    for version in ('2.6', '2.7', '2.99'):
        assert manage(api, version, who='user').status_int == 403
    assert manage(api, '2.99').status_int == 200
    assert api.admin('POST', '/shares/manage', {'share': {}}, version='2.6').status_int == 404
    assert api.admin('POST', '/os-share-manage', {'share': {}}, version='2.7').status_int == 404


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context())


@pytest.mark.parametrize('version', ['2.0', '2.6', '2.7', '2.99'])
def test_share_is_let_go_of(api, share, version):
    assert unmanage(api, share, version).status_int == 202
    assert api.user.get(f'/shares/{share["id"]}')['share']['status'] == 'unmanage_starting'
    assert orders(api.admin.context()) == [('share.unmanage', 'share:node@alpha', share['instances'][0]['id'])]
    assert unmanage(api, share).status_int == 403


@pytest.mark.parametrize(('status', 'expected', 'after'), [
    *((status, 403, status) for status in (
        'creating', 'deleting', 'manage_starting', 'unmanage_starting', 'extending', 'shrinking', 'migrating',
        'migrating_to', 'restoring', 'reverting', 'server_migrating', 'server_migrating_to', 'backup_restoring',
        'backup_creating', 'ensuring', 'creating_from_snapshot', 'replication_change')),
    *((status, 202, 'unmanage_starting') for status in (
        'available', 'error', 'error_deleting', 'extending_error', 'shrinking_error', 'unmanage_error', 'inactive',
        'shrinking_possible_data_loss_error', 'reverting_error')),
    ('manage_error', 202, 'manage_error_unmanage_starting')])
def test_shares_are_let_go_of_when_nothing_is_done_with_them(api, share, status, expected, after):
    set_status(api.admin.context(), share, status)
    assert unmanage(api, share).status_int == expected
    assert api.admin.get(f'/shares/{share["id"]}')['share']['status'] == after


def test_what_keeps_a_share_from_being_let_go_of(api, share):
    context = api.admin.context()
    with session.writer(context) as connection:
        store.change(connection, share['id'], task_state='migration_in_progress')
    assert unmanage(api, share).status_int == 400
    with session.writer(context) as connection:
        store.change(connection, share['id'], task_state=None)
    lock = api.user('POST', '/resource-locks', {'resource_lock': {
        'resource_type': 'share', 'resource_id': share['id'], 'resource_action': 'delete'}})
    assert lock.status_int == 200, lock.text
    assert unmanage(api, share).status_int == 403
    assert api.user('DELETE', f'/resource-locks/{lock.json["resource_lock"]["id"]}').status_int == 204
    with session.writer(context) as connection:
        store.change_instance(connection, share['instances'][0]['id'], share_server_id=MISSING)
    assert unmanage(api, share, '2.6').status_int == unmanage(api, share, '2.48').status_int == 403
    assert api.user('POST', f'/shares/{share["id"]}/action', {'soft_delete': None}).status_int == 202
    assert unmanage(api, share).status_int == 403
    assert api.user('POST', f'/shares/{share["id"]}/action', {'restore': None}).status_int == 202
    assert unmanage(api, share, '2.49').status_int == 202


def test_shares_with_replicas_are_not_let_go_of(api, share):
    context = api.admin.context()
    row = store.instance(context, share['instances'][0]['id'])
    from manila.resources.shares.model import instances
    copy = {column.name: row[column.name] for column in instances.c}
    with session.writer(context) as connection:
        store.change_instance(connection, row['id'], replica_state='active')
        connection.execute(instances.insert(), {**copy, 'id': MISSING, 'replica_state': 'in_sync'})
    for version in ('2.6', '2.99'):
        assert unmanage(api, share, version).status_int == 409


def test_shares_are_let_go_of_by_administrators(api, share):
    for version in ('2.6', '2.7'):
        assert unmanage(api, share, version, who='user').status_int == 403
        assert unmanage(api, {'id': MISSING}, version).status_int == 404
    assert api.admin('POST', f'/os-share-unmanage/{share["id"]}/unmanage', version='2.7').status_int == 404
    assert api.admin('POST', f'/shares/{share["id"]}/action', {'unmanage': None}, version='2.6').status_int == 404
