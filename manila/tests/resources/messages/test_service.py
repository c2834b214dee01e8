"""Leaving and removing messages."""
import datetime

import pytest

from manila import exception
from manila.db import base, session
from manila.resources.messages import fields, service, store
from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT


@pytest.mark.every_database
def test_a_message_is_part_of_the_transaction_that_leaves_it(context, database):
    with pytest.raises(RuntimeError), session.writer(context):
        made = service.add(context, fields.Action.CREATE, fields.Resource.SHARE, 'id', project_id=PROJECT)
        raise RuntimeError('undo')
    with pytest.raises(exception.MessageNotFound):
        store.get(context, made['id'])


def test_a_message_costs_one_statement_and_expires(context, database, conf, statements):
    conf.config(message_ttl=100)
    with statements() as seen:
        made = service.add(context, fields.Action.CREATE, fields.Resource.SHARE, 'id', project_id=PROJECT,
                           detail=fields.Detail.NO_VALID_HOST, reason='x' * 5000)
    assert len(seen) == 1
    found = store.get(context, made['id'])
    assert found == {**made, 'updated_at': None}
    assert found['expires_at'] - found['created_at'] == datetime.timedelta(seconds=100)
    assert len(found['reason']) == 4000


def test_a_message_belongs_to_the_project_of_the_context_by_default(user, database):
    assert service.add(user, fields.Action.CREATE, fields.Resource.SHARE, 'id')['project_id'] == PROJECT


def test_the_reason_follows_the_text_of_the_detail():
    text = fields.user_message('001', '009')
    assert text.startswith('allocate host: ') and text.endswith('CapacityFilter.')
    assert fields.user_message('001', '009', 'pool a: 1 GiB free.') == f'{text} pool a: 1 GiB free.'


@pytest.mark.every_database
def test_expired_messages_are_purged_in_portions(context, database, conf):
    for ttl in (1, 1, 1, 1000):
        conf.config(message_ttl=ttl)
        service.add(context, fields.Action.CREATE, fields.Resource.SHARE, 'id', project_id=PROJECT)
    later = base.now() + datetime.timedelta(seconds=10)
    assert [service.purge(context, later, 2) for _ in range(3)] == [2, 1, 0]


def test_messages_of_other_projects_do_not_exist(context, user, database):
    made = service.add(context, fields.Action.CREATE, fields.Resource.SHARE, 'id', project_id=OTHER_PROJECT)
    for call in (store.get, store.remove, service.delete):
        with pytest.raises(exception.MessageNotFound):
            call(user, made['id'])
    service.delete(context, made['id'])


def test_texts_are_there_for_all_actions_and_details():
    for ids, text in ((fields._ACTIONS, fields.action_text), (fields._DETAILS, fields.detail_text)):
        assert len({text(key) for key in ids}) == len(ids) > 13


@pytest.mark.parametrize('detail', [fields.Detail.NO_VALID_HOST, *fields.FILTERS.values()])
def test_that_nothing_was_found_for_a_share_is_said_in_the_words_that_others_look_for(detail):
    text = fields.user_message(fields.Action.ALLOCATE_HOST[0], detail[0])
    assert text.startswith('allocate host: No storage could be allocated for this share request: ')
