import threading
import uuid

import pytest

from manila import context
from manila.share import drivers_private_data

SHARE, OTHER = str(uuid.uuid4()), str(uuid.uuid4())


class Memory(drivers_private_data.StorageDriver):
    """Keeps pairs of one entity in memory."""

    def __init__(self, context, backend_host):
        super().__init__(context, backend_host)
        self.pairs = {}

    def get(self, entity_id, key, default):
        return self.pairs.get(key, default) if key else dict(self.pairs)

    def update(self, entity_id, details, delete_existing):
        self.pairs.update(details)

    def delete(self, entity_id, key):
        self.pairs.pop(key)


def notes(host='h@b'):
    return drivers_private_data.DriverPrivateData(context=context.get_admin_context(), backend_host=host)


def test_pairs_are_kept_by_entity_and_key(database):
    notes().update(SHARE, {'name': 'vol1', 'pool': 'p'})
    notes().update(OTHER, {'name': 'vol2'})
    assert notes().get(SHARE) == {'name': 'vol1', 'pool': 'p'}
    assert notes().get(SHARE, 'name') == 'vol1'
    assert notes().get(OTHER, 'pool') is None
    assert notes().get(OTHER, 'pool', 'none') == 'none'


def test_unknown_entities_have_no_pairs(database):
    assert notes().get(SHARE) == {}
    assert notes().get(SHARE, default='none') == 'none'


def test_updates_add_to_what_is_there_or_replace_it(database):
    notes().update(SHARE, {'name': 'vol1', 'pool': 'p'})
    notes().update(SHARE, {'pool': 'q'})
    assert notes().get(SHARE) == {'name': 'vol1', 'pool': 'q'}
    notes().update(SHARE, {'size': '1'}, delete_existing=True)
    assert notes().get(SHARE) == {'size': '1'}


def test_pairs_are_deleted_one_or_all(database):
    notes().update(SHARE, {'name': 'vol1', 'pool': 'p'})
    notes().delete(SHARE, 'pool')
    assert notes().get(SHARE) == {'name': 'vol1'}
    notes().delete(SHARE)
    assert notes().get(SHARE) == {}


def test_back_ends_do_not_see_each_others_notes(database):
    notes('h@one').update(SHARE, {'name': 'vol1'})
    assert notes('h@two').get(SHARE) == {}


def test_threads_can_use_the_same_notes(database):
    shared = notes()
    ids = [str(uuid.uuid4()) for _number in range(8)]
    threads = [threading.Thread(target=shared.update, args=(each, {'n': each})) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [shared.get(each, 'n') for each in ids] == ids


@pytest.mark.parametrize('call', [lambda data: data.get('x'), lambda data: data.update('x', {}),
                                  lambda data: data.delete('x')])
def test_only_uuids_have_notes(call):
    with pytest.raises(ValueError):
        call(drivers_private_data.DriverPrivateData(storage=Memory(None, 'h')))


def test_the_storage_is_chosen_by_option(conf):
    drivers_private_data.DriverPrivateData(storage=Memory(None, 'h'))
    conf.config(drivers_private_storage_class=f'{__name__}.Memory')
    data = drivers_private_data.DriverPrivateData(context=None, backend_host='h@b', config_group='test_notes')
    data.update(SHARE, {'name': 'vol1'})
    assert data.get(SHARE) == {'name': 'vol1'}
