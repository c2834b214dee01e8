"""Share transfers over HTTP."""
import pytest

from manila.db import query, session
from manila.resources.quotas import service as quotas
from manila.resources.shares import store as shares
from manila.resources.transfers import service, store
from manila.resources.types import service as types
from manila.tests.fixtures.rows import make_share, orders, set_status
from manila.tests.fixtures.snapshot_rows import full_type, make_full_share, make_snapshot  # noqa: F401
from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT

pytestmark = pytest.mark.usefixtures('share_type', 'impatient')
SUMMARY = {'id', 'name', 'resource_type', 'resource_id', 'links'}
FIELDS = {*SUMMARY, 'created_at', 'source_project_id', 'destination_project_id', 'accepted', 'expires_at'}
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def impatient(monkeypatch):
    """No request waits for the end of a transfer."""
    monkeypatch.setattr(service, 'PATIENCE', 0)


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context(), size=3)


def post(caller, share, version='2.99', **values):
    return caller('POST', '/share-transfers', {'transfer': {'share_id': share['id'], **values}}, version)


def offer(caller, share, **values):
    answer = post(caller, share, **values)
    assert answer.status_int == 202, answer.text
    return answer.json['transfer']


def accept(caller, transfer, version='2.99', **values):
    body = {'accept': {'auth_key': transfer['auth_key'], **values}}
    return caller('POST', f'/share-transfers/{transfer["id"]}/accept', body, version)


def status(api, share):
    return api.admin.get(f'/shares/{share["id"]}')['share']['status']


def names(caller, text=''):
    return [row['name'] for row in caller.get(f'/share-transfers/detail?{text}')['transfers']]


def test_a_share_is_offered_with_a_key_that_is_told_once(api, share):
    made = offer(api.user, share, name=' gift ')
    assert set(made) == {*FIELDS, 'auth_key'}
    assert (made['name'], made['resource_type'], made['resource_id']) == ('gift', 'share', share['id'])
    assert (made['source_project_id'], made['destination_project_id'], made['accepted']) == (PROJECT, None, False)
    key = made.pop('auth_key')
    assert len(key) == 16 and int(key, 16) >= 0
    assert status(api, share) == 'awaiting_transfer'
    path = f'/share-transfers/{made["id"]}'
    assert made['links'][0]['href'].endswith(f'/v2{path}')
    assert api.user.get(path) == {'transfer': made}
    assert api.user.get('/share-transfers/detail') == {'transfers': [made]}
    assert api.user.get('/share-transfers') == {'transfers': [{key: made[key] for key in SUMMARY}]}
    kept = store.get(api.admin.context(), made['id'])
    assert key not in str(kept) and len(kept['salt']) == 8 and len(kept['crypt_hash']) == 64


def test_keys_and_time_are_as_configured(api, share, conf):
    conf.config(share_transfer_key_length=33, share_transfer_salt_length=9, transfer_retention_time=60)
    made = offer(api.user, share)
    assert len(made['auth_key']) == 33
    kept = store.get(api.admin.context(), made['id'])
    assert len(kept['salt']) == 9 and (kept['expires_at'] - kept['created_at']).total_seconds() == 60


def test_transfers_exist_since_277(api, share):
    assert post(api.user, share, '2.76').status_int == 404
    for path in ('/share-transfers', '/share-transfers/detail', f'/share-transfers/{MISSING}'):
        assert api.user('GET', path, version='2.76').status_int == 404
    assert post(api.user, share, '2.77').status_int == 202


@pytest.mark.parametrize('content', [
    {}, None, [], {'name': 'x'}, {'share_id': None}, {'share_id': 'x'}, {'share_id': MISSING}])
def test_transfers_of_nothing_are_refused(api, content):
    assert api.user('POST', '/share-transfers', {'transfer': content}).status_int == 400
    assert api.user('POST', '/share-transfers', {}).status_int == 400


def test_shares_of_others_are_not_offered(api, share):
    assert post(api.stranger, share).status_int == 400
    assert status(api, share) == 'available'


@pytest.mark.parametrize('of_share, of_instance', [
    ({}, {'status': 'error'}), ({}, {'status': 'extending'}), ({'task_state': 'migration_in_progress'}, {}),
    ({}, {'share_network_id': MISSING}), ({'share_group_id': MISSING}, {}), ({'is_soft_deleted': True}, {}),
    ({}, {'mount_point_name': f'{PROJECT}_mine'})])
def test_shares_that_cannot_change_hands_are_not_offered(api, share, of_share, of_instance):
    with session.writer(api.admin.context()) as connection:
        shares.change(connection, share['id'], **of_share)
        shares.change_instance(connection, share['instance']['id'], **of_instance)
    answer = post(api.user, share)
    assert answer.status_int == 400 and answer.json['badRequest']['message'], answer.text
    assert api.user.get('/share-transfers') == {'transfers': []}


@pytest.mark.parametrize('state, code', [('creating', 400), ('error', 400), ('available', 202)])
def test_all_snapshots_must_be_available(api, full_type, state, code):  # noqa: F811
    share = make_full_share(api.user.context())
    make_snapshot(api.user.context(), share)
    make_snapshot(api.user.context(), share, status=state)
    assert post(api.user, share).status_int == code


def test_locked_shares_are_neither_offered_nor_accepted(api, share):
    body = {'resource_lock': {'resource_id': share['id']}}
    lock = api.user('POST', '/resource-locks', body).json['resource_lock']['id']
    assert post(api.user, share).status_int == 400
    api.user('DELETE', f'/resource-locks/{lock}')
    made = offer(api.user, share)
    assert api.user('POST', '/resource-locks', body).status_int == 200
    answer = accept(api.stranger, made)
    assert answer.status_int == 400 and 'lock' in answer.json['badRequest']['message']


def test_a_share_is_offered_once(api, share):
    offer(api.user, share)
    assert post(api.user, share).status_int == 400


def test_only_the_offering_project_and_administrators_see_a_transfer(api, share):
    path = f'/share-transfers/{offer(api.user, share, name="gift")["id"]}'
    for method in ('GET', 'DELETE'):
        assert api.stranger(method, path).status_int == 404
    assert names(api.stranger) == [] == names(api.admin)
    assert names(api.admin, 'all_tenants=1') == ['gift']
    assert api.user('GET', '/share-transfers?all_tenants=1').status_int == 403
    assert names(api.user, 'all_tenants=0') == ['gift']
    assert api.admin.get(path)['transfer']['name'] == 'gift'
    assert api.of(user_id='colleague')('DELETE', path).status_int == 200


def test_lists_are_filtered_sorted_and_paged(api):
    given = [make_share(api.user.context()) for _ in range(3)]
    made = [offer(api.user, share, name=name) for share, name in zip(given, ('b', 'ab', 'c'))]
    assert names(api.user) == ['c', 'ab', 'b']
    for text, found in (('name=b', ['b']), ('name~=b', ['ab', 'b']), (f'id={made[2]["id"]}', ['c']),
                        (f'resource_id={given[1]["id"]}', ['ab']), ('resource_type=share', ['c', 'ab', 'b']),
                        ('resource_type=snapshot', []), (f'source_project_id={PROJECT}', ['c', 'ab', 'b']),
                        (f'destination_project_id={PROJECT}', []), ('sort_key=name&sort_dir=asc', ['ab', 'b', 'c']),
                        ('sort_key=display_name&sort_dir=asc', ['ab', 'b', 'c'])):
        assert names(api.user, text) == found, text
    for key in ('id', 'resource_type', 'resource_id', 'source_project_id', 'destination_project_id', 'expires_at'):
        assert sorted(names(api.user, f'sort_key={key}')) == ['ab', 'b', 'c']
    page = api.user.get('/share-transfers/detail?limit=2')
    assert [row['name'] for row in page['transfers']] == ['c', 'ab']
    assert names(api.user, page['transfers_links'][0]['href'].partition('?')[2]) == ['b']
    assert api.user('GET', '/share-transfers?sort_key=salt').status_int == 400


def test_lists_cost_one_statement_whatever_their_length(api, statements):
    for _ in range(4):
        offer(api.user, make_share(api.user.context()))
    for path in ('/share-transfers', '/share-transfers/detail'):
        with statements() as seen:
            assert len(api.user.get(path)['transfers']) == 4
        assert len(seen) == 1, seen


def test_an_offer_is_withdrawn(api, share):
    path = f'/share-transfers/{offer(api.user, share)["id"]}'
    answer = api.user('DELETE', path)
    assert (answer.status_int, answer.body) == (200, b'')
    assert status(api, share) == 'available'
    for method in ('GET', 'DELETE'):
        assert api.user(method, path).status_int == 404


def test_an_offer_is_not_withdrawn_when_it_is_being_accepted_or_the_share_awaits_nothing(api, share):
    made = offer(api.user, share)
    path = f'/share-transfers/{made["id"]}'
    set_status(api.admin.context(), share, 'error')
    assert api.user('DELETE', path).status_int == 400
    assert accept(api.stranger, made).status_int == 400
    set_status(api.admin.context(), share, 'awaiting_transfer')
    assert accept(api.stranger, made).status_int == 202
    assert api.user('DELETE', path).status_int == 400


def test_accepting_orders_the_work_of_the_back_end(api, share):
    made = offer(api.user, share)
    answer = accept(api.stranger, made, clear_access_rules='true')
    assert (answer.status_int, answer.body) == (202, b'')
    assert orders(api.admin.context()) == [('transfer.accept', 'share:node@alpha', made['id'])]
    shown = api.user.get(f'/share-transfers/{made["id"]}')['transfer']
    assert (shown['destination_project_id'], shown['accepted']) == (OTHER_PROJECT, False)
    assert status(api, share) == 'awaiting_transfer'
    answer = accept(api.stranger, made)
    assert answer.status_int == 400 and 'already' in answer.json['badRequest']['message']


@pytest.mark.parametrize('content', [
    {}, None, [], {'auth_key': ''}, {'auth_key': None}, {'auth_key': 'wrong'}, {'auth_key': 5},
    {'auth_key': 'x' * 256}, {'clear_access_rules': True}, {'clear_access_rules': 'perhaps'}])
def test_bad_acceptances_are_refused(api, share, content):
    made = offer(api.user, share)
    if content and 'perhaps' in content.values():
        content = {**content, 'auth_key': made['auth_key']}
    answer = api.stranger('POST', f'/share-transfers/{made["id"]}/accept', {'accept': content})
    assert answer.status_int == 400, answer.text
    assert orders(api.admin.context()) == []


def test_unknown_and_expired_transfers_are_not_accepted(api, share, conf):
    made = offer(api.user, share)
    assert accept(api.stranger, {**made, 'id': MISSING}).status_int == 400
    with session.writer(api.admin.context()) as connection:
        store.try_move(connection, made['id'], 'accept')
        store.try_move(connection, made['id'], 'fail', expires_at=share['created_at'])
    answer = accept(api.stranger, made)
    assert answer.status_int == 400 and 'expired' in answer.json['badRequest']['message']


def test_a_share_of_a_private_type_needs_access_to_it(api):
    context = api.admin.context()
    private = types.create(context, 'private', None, False, {'driver_handles_share_servers': 'False'})
    types.add_access(context, private['id'], PROJECT)
    made = offer(api.user, make_share(api.user.context(), share_type='private'))
    answer = accept(api.stranger, made)
    assert answer.status_int == 400 and 'type' in answer.json['badRequest']['message']
    types.add_access(context, private['id'], OTHER_PROJECT)
    assert accept(api.stranger, made).status_int == 202


@pytest.mark.parametrize('limits', [{'shares': 0}, {'gigabytes': 2}, {'per_share_gigabytes': 2}])
def test_quotas_of_the_receiver_count(api, share, limits):
    context = api.admin.context()
    made = offer(api.user, share)
    quotas.change(context, OTHER_PROJECT, limits)
    assert accept(api.stranger, made).status_int == 413
    assert orders(context) == [] and quotas.check(context) == []
    quotas.change(context, OTHER_PROJECT, {key: value + 1 for key, value in limits.items()})
    assert accept(api.stranger, made).status_int == 202
    assert quotas.check(context) == []


def test_quotas_for_snapshots_of_the_receiver_count(api, full_type):  # noqa: F811
    share = make_full_share(api.user.context(), size=3)
    make_snapshot(api.user.context(), share)
    quotas.change(api.admin.context(), OTHER_PROJECT, {'snapshot_gigabytes': 2})
    made = offer(api.user, share)
    assert accept(api.stranger, made).status_int == 413
    assert quotas.check(api.admin.context()) == []


def test_a_request_waits_for_the_end_and_tells_of_a_failure(api, share, monkeypatch):
    made = offer(api.user, share)
    monkeypatch.setattr(service, 'PATIENCE', 30)
    seen = []

    def later(context, transfer_id):
        seen.append(transfer_id)
        return ['accepting', 'accepting', 'waiting'][len(seen) - 1]
    monkeypatch.setattr(store, 'status', later)
    answer = accept(api.stranger, made)
    assert answer.status_int == 409 and 'messages' in answer.json['conflictingRequest']['message']
    assert seen == [made['id']] * 3


def test_transfers_go_with_the_share(api, share):
    offer(api.user, share)
    context = api.admin.context()
    with session.writer(context) as connection:
        shares.remove_instance(connection, share['instance']['id'])
        shares.remove_share_without_instances(connection, share['id'])
    assert store.find(context, {}, query.Page(), everywhere=True) == ([], False)
