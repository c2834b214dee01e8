"""Lists of messages."""
import datetime

import pytest

from manila import exception
from manila.db.query import Page
from manila.resources.messages import store
from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT


def insert(context, **values):
    return store.insert(context, {
        'project_id': PROJECT, 'message_level': 'ERROR', 'request_id': 'req-1', 'resource_type': 'SHARE',
        'resource_id': 'share', 'action_id': '001', 'detail_id': '002', 'reason': None, **values}, 60)


@pytest.mark.every_database
def test_messages_are_filtered_by_each_column(context, database):
    plain = insert(context)
    other = {'action_id': '003', 'detail_id': '004', 'message_level': 'INFO', 'request_id': 'req-2',
             'resource_id': 'x', 'resource_type': 'SHARE_REPLICA'}
    assert set(other) == set(store.FILTERS)
    for name, value in other.items():
        made = insert(context, **{name: value})
        rows, _more = store.list_page(context, Page(), {name: value})
        assert [row['id'] for row in rows] == [made['id']]
        store.remove(context, made['id'])
    assert [row['id'] for row in store.list_page(context, Page(), {})[0]] == [plain['id']]


@pytest.mark.every_database
def test_messages_are_filtered_by_time(context, database):
    made = [insert(context, created_at=datetime.datetime(2026, 1, day)) for day in (1, 2, 3)]

    def days(**filters):
        return [row['created_at'].day for row in store.list_page(context, Page(), filters)[0]]

    second = made[1]['created_at']
    assert days() == [3, 2, 1]
    assert days(created_since=second) == [3, 2]
    assert days(created_before=second) == [2, 1]
    assert days(created_since=second, created_before=second) == [2]


def test_lists_show_the_own_project_and_administrators_all(context, user, database):
    insert(context)
    insert(context, project_id=OTHER_PROJECT)
    assert len(store.list_page(user, Page(), {})[0]) == 1
    assert len(store.list_page(context, Page(), {})[0]) == 2


def test_lists_are_sorted_by_known_columns_only(context, database):
    for action in ('002', '001', '003'):
        insert(context, action_id=action)
    rows, _more = store.list_page(context, Page(sort_key='action_id', sort_dir='asc'), {})
    assert [row['action_id'] for row in rows] == ['001', '002', '003']
    with pytest.raises(exception.InvalidInput):
        store.list_page(context, Page(sort_key='reason'), {})
