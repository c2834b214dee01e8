"""What is read and written about export locations."""
import pytest

from manila.db import session
from manila.resources.exports import service, store
from manila.resources.shares import store as shares
from manila.share.backend import locations
from manila.tests.fixtures.rows import make_share

pytestmark = pytest.mark.every_database


@pytest.fixture
def share(user, share_type):
    """A share that is available."""
    return make_share(user, locations=locations(['one', {'path': 'two', 'metadata': {'preferred': True, 'n': 2}}]))


def read(context, share):
    return store.find(context, [share['instances'][0]['id']], admin_only=True)


def test_drivers_may_name_locations_in_any_form():
    assert locations(None) == locations([]) == []
    plain = {'path': 'x', 'is_admin_only': False, 'metadata': {}}
    for answer in ('x', ['x'], {'path': 'x'}, [{'path': 'x', 'metadata': None}]):
        assert locations(answer) == [plain]
    assert locations([{'path': 'x', 'is_admin_only': 1, 'metadata': {'a': 1}}]) == [
        {'path': 'x', 'is_admin_only': True, 'metadata': {'a': '1'}}]


def test_metadata_and_order_are_kept(context, share):
    assert [(row['path'], row['preferred'], row['metadata']) for row in read(context, share)] == [
        ('one', False, {}), ('two', True, {'n': '2'})]


def test_path_that_stays_keeps_its_id_and_gets_its_new_place(context, share):
    before = {row['path']: row['id'] for row in read(context, share)}
    with session.writer(context) as connection:
        store.replace(connection, share['instances'][0]['id'], locations(
            [{'path': 'two', 'is_admin_only': True}, 'three']))
    after = read(context, share)
    assert [(row['path'], row['is_admin_only']) for row in after] == [('two', True), ('three', False)]
    assert after[0]['id'] == before['two'] and after[1]['id'] not in before.values()


def test_locations_go_with_their_instance(user, context, share):
    with session.writer(context) as connection:
        shares.remove_instance(connection, share['instances'][0]['id'])
    assert read(context, share) == []


def test_caller_sees_what_is_his(user, context, share):
    with session.writer(context) as connection:
        store.replace(connection, share['instances'][0]['id'], locations(
            ['one', {'path': 'two', 'is_admin_only': True}]))
    assert [row['path'] for row in service.find(user, share['id'])] == ['one']
    assert [row['path'] for row in service.find(context, share['id'])] == ['one', 'two']
