"""Messages from drivers."""
import pytest

from manila import exception
from manila.message import api, message_field
from manila.resources.messages import store


def test_a_driver_leaves_a_message_by_the_old_names(context, database):
    api.API().create(context, message_field.Action.UPDATE_ACCESS_RULES, 'p', message_field.Resource.SHARE,
                     'id',
                     detail=message_field.Detail.FORBIDDEN_CLIENT_ACCESS)
    (row,), more = store.list_page(context, Page(), {})
    assert not more
    assert (row['project_id'], row['action_id'], row['detail_id'], row['resource_type'], row['resource_id'],
            row['message_level']) == ('p', '010', '020', 'SHARE', 'id', 'ERROR')
    assert row['request_id'] == context.request_id


def test_what_cannot_be_kept_is_only_logged(context, caplog):
    context.transaction = object()
    with caplog.at_level('ERROR'):
        api.API().create(context, message_field.Action.CREATE, 'p', resource_id='share')
    assert 'share' in caplog.text


@pytest.mark.parametrize('error, detail, wanted', [
    (None, message_field.Detail.NO_SHARE_SERVER, '004'), (None, None, '001'), (None, ('999', 'x'), '001'),
    (ValueError(), message_field.Detail.NO_SHARE_SERVER, '001'),
    (exception.NoValidHost(reason='x'), None, '002'),
    (exception.NoValidHost(reason='x', detail_data={'last_filter': 'CapacityFilter'}), None, '009'),
    (exception.NoValidHost(reason='x', detail_data={'last_filter': 'MyFilter'}), None, '002')])
def test_an_exception_counts_before_a_detail(error, detail, wanted):
    assert message_field.translate_detail_id(error, detail) == wanted


def test_ids_have_texts_and_unknown_ids_have_general_ones():
    assert message_field.translate_action('001') == 'allocate host'
    assert message_field.translate_action('099') == 'unknown action'
    assert message_field.translate_detail('009').endswith('CapacityFilter.')
    assert message_field.translate_detail('099') == message_field.translate_detail('001')


class Page:
    limit, offset, marker, sort_key, sort_dir = 10, 0, None, 'created_at', 'desc'
