"""User messages over HTTP."""
import datetime

import pytest

from manila.resources.messages import fields, service
from manila.tests.resources.conftest import PROJECT


@pytest.fixture
def message(context, database):
    return service.add(context, fields.Action.ALLOCATE_HOST, fields.Resource.SHARE, 'share-id',
                       detail=fields.Detail.NO_VALID_HOST, project_id=PROJECT, reason='Why.')


def test_a_message_is_shown(api, message):
    shown = api.user.get(f'/messages/{message["id"]}', '2.37')['message']
    links = shown.pop('links')
    assert [link['rel'] for link in links] == ['self', 'bookmark']
    assert links[0]['href'].endswith(f'/v2/messages/{message["id"]}')
    assert shown == {
        'id': message['id'], 'project_id': PROJECT, 'action_id': '001', 'detail_id': '002',
        'message_level': 'ERROR', 'created_at': message['created_at'].isoformat(timespec='microseconds'),
        'expires_at': message['expires_at'].isoformat(timespec='microseconds'),
        'request_id': message['request_id'], 'resource_type': 'SHARE', 'resource_id': 'share-id',
        'user_message': f'allocate host: {fields.Detail.NO_VALID_HOST[1]} Why.'}
    assert api.user.get('/messages')['messages'] == [{**shown, 'links': links}]


def test_there_are_no_messages_before_237(api, message):
    for method, path in (('GET', '/messages'), ('GET', f'/messages/{message["id"]}'),
                         ('DELETE', f'/messages/{message["id"]}')):
        assert api.user(method, path, version='2.36').status_int == 404


def test_a_message_is_deleted(api, message):
    answer = api.user('DELETE', f'/messages/{message["id"]}')
    assert (answer.status_int, answer.body) == (204, b'')
    for method in ('GET', 'DELETE'):
        assert api.user(method, f'/messages/{message["id"]}').status_int == 404


def test_messages_of_other_projects_do_not_exist(api, message):
    for method in ('GET', 'DELETE'):
        assert api.stranger(method, f'/messages/{message["id"]}').status_int == 404
    assert api.stranger.get('/messages')['messages'] == []
    assert len(api.admin.get('/messages')['messages']) == 1


def test_a_reader_may_not_delete(api, message):
    reader = api.of(roles=('reader',))
    assert reader.get(f'/messages/{message["id"]}')
    assert reader('DELETE', f'/messages/{message["id"]}').status_int == 403


def test_lists_are_filtered(api, message):
    for query, count in (('action_id=001', 1), ('action_id=002', 0), ('detail_id=002', 1),
                         ('resource_id=x', 0), ('resource_type=SHARE', 1), ('message_level=INFO', 0),
                         ('unknown=1', 1), (f'request_id={message["request_id"]}', 1)):
        assert len(api.user.get(f'/messages?{query}', '2.37')['messages']) == count, query


def test_lists_are_filtered_by_time_from_252_on(api, message):
    later = (message['created_at'] + datetime.timedelta(days=1)).isoformat()
    assert api.user.get(f'/messages?created_since={later}')['messages'] == []
    assert len(api.user.get(f'/messages?created_before={later}')['messages']) == 1
    assert len(api.user.get(f'/messages?created_since={later}', '2.51')['messages']) == 1
    assert len(api.user.get('/messages?created_since=nonsense', '2.51')['messages']) == 1
    for query in ('created_since=nonsense', 'created_before=', 'limit=x', 'limit=-1', 'offset=-1', 'offset=x',
                  'sort_key=nonsense', 'action_id=a%00b'):
        assert api.user('GET', f'/messages?{query}').status_int == 400, query


def test_lists_are_paged(api, context):
    for number in range(5):
        service.add(context, fields.Action.CREATE, 'SHARE', f'share{number}', project_id=PROJECT)
    seen, path = [], '/messages?limit=2'
    while path:
        answer = api.user.get(path)
        seen += [row['resource_id'] for row in answer['messages']]
        following = answer.get('messages_links')
        path = following and following[0]['href'].partition('/v2')[2]
    assert seen == [f'share{number}' for number in (4, 3, 2, 1, 0)]


def test_lists_cost_one_statement(api, context, statements):
    for number in range(5):
        service.add(context, fields.Action.CREATE, 'SHARE', f'share{number}', project_id=PROJECT)
    with statements() as seen:
        api.user.get('/messages')
    assert len(seen) == 1, seen
