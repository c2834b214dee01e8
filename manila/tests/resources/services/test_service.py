"""Taking services out of use and forgetting them."""
import pytest

from manila import exception
from manila.resources.services import service, store

BINARY = 'manila-share'


@pytest.fixture
def row(context, database):
    return store.register(context, 'host@a', BINARY, 'topic', None)


def test_a_service_is_disabled_with_a_reason_and_enabled_without(context, row):
    service.disable(context, 'host@a', BINARY, 'disk full')
    found = store.get(context, row['id'])
    assert (found['disabled'], found['disabled_reason']) == (True, 'disk full')
    service.disable(context, 'host@a', BINARY)
    assert store.get(context, row['id'])['disabled_reason'] == 'disk full'
    service.enable(context, 'host@a', BINARY)
    found = store.get(context, row['id'])
    assert (found['disabled'], found['disabled_reason']) == (False, None)


def test_an_unknown_service_is_not_found(context, row):
    for call in (service.enable, service.disable):
        for host, binary in (('host@b', BINARY), ('host@a', 'manila-scheduler')):
            with pytest.raises(exception.HostBinaryNotFound):
                call(context, host, binary)


@pytest.mark.every_database
def test_cleanup_forgets_only_what_is_down(context, database, row):
    gone = store.register(context, 'host@b', BINARY, 'topic', None)
    store.stop(context, gone['id'])
    assert [found['id'] for found in service.cleanup(context)] == [gone['id']]
    assert [found['id'] for found in store.find(context)] == [row['id']]
    assert service.cleanup(context) == []
