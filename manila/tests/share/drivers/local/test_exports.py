"""Export records: numbers, paths, files."""
import os
import threading

import pytest

from manila.share.drivers.local import exports
from manila.share.drivers.local.layout import Layout, read_json, write_json


@pytest.fixture
def layout(tmp_path):
    layout = Layout(f'/tmp/{tmp_path.name}')
    # The path of a test's own directory is too long for sockets; nothing but the length matters here.
    layout.control = '/tmp/short'
    layout.exports, layout.secret = str(tmp_path / 'exports'), str(tmp_path / 'secret')
    os.mkdir(layout.exports)
    return layout


@pytest.fixture
def store(layout):
    return reopened(layout)


def reopened(layout):
    store = exports.ExportStore(layout)
    store.open()
    return store


def create(store, entity, **values):
    return store.create(entity, f'shares/{entity}', store.path_for(entity), **values)


def test_record_survives_its_file(layout, store):
    made = create(store, 'one', clients=(('10.0.0.1/32', 'rw'), ('fd00::/64', 'ro')), read_only=True)
    assert reopened(layout).get('one') == made
    with open(store.file(made)) as file:
        assert exports.from_text(file.read()) == made


def test_numbers_are_not_given_twice_in_a_row(layout, store):
    numbers = []
    for entity in ('a', 'b', 'c'):
        made = create(store, entity)
        numbers.append(made.number)
        store.remove(made)
    assert numbers == [1, 2, 3]
    assert create(reopened(layout), 'd').number > 3


def test_numbers_start_again_after_the_last_and_pass_over_those_in_use(layout):
    write_json(os.path.join(layout.exports, 'next.json'), {'next': exports.LAST_ID})
    store = reopened(layout)
    assert [create(store, entity).number for entity in 'abc'] == [exports.LAST_ID, 1, 2]
    write_json(os.path.join(layout.exports, 'next.json'), {'next': exports.LAST_ID})
    assert create(reopened(layout), 'd').number == 3


def test_counter_is_written_once_for_many_numbers(layout, store):
    written = set()
    for number in range(70):
        create(store, f'e{number}')
        written.add(read_json(os.path.join(layout.exports, 'next.json'))['next'])
    assert len(written) == 2 and min(written) > 1


def test_all_numbers_in_use_is_told(store, monkeypatch):
    monkeypatch.setattr(exports, 'LAST_ID', 2)
    create(store, 'a')
    create(store, 'b')
    with pytest.raises(ValueError, match='in use'):
        create(store, 'c')


def test_threads_get_different_numbers(store):
    threads = [threading.Thread(target=create, args=(store, f'e{number}')) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(export.number for export in store.all()) == list(range(1, 41))


def test_path_is_the_same_for_ever_and_unlike_others(layout, store):
    path = store.path_for('one')
    assert path == reopened(layout).path_for('one') != store.path_for('two')
    assert 'one' not in path and len(path) == len('/shares/') + 32


@pytest.mark.parametrize('name', ('a/b', '..', 'a"b', 'a b', 'a;b'))
def test_name_that_could_mean_something_else_is_refused(store, name):
    with pytest.raises(ValueError, match='export path'):
        store.path_for('one', name)


def test_path_in_use_is_refused(store):
    store.create('one', 'shares/one', store.path_for('one', 'home'))
    with pytest.raises(ValueError, match='in use'):
        store.create('two', 'shares/two', store.path_for('two', 'home'))
    assert store.get('two') is None


def test_record_that_cannot_be_written_takes_nothing(store, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, 'No space left on device')
    with monkeypatch.context() as broken:
        broken.setattr(exports, 'write_file', full)
        with pytest.raises(OSError):
            store.create('one', 'shares/one', '/shares/home')
    assert store.get('one') is None
    assert store.create('two', 'shares/two', '/shares/home').path == '/shares/home'


def test_broken_file_is_left_out_and_temporary_ones_removed(layout, store):
    create(store, 'one')
    for name, text in (('9.conf', ''), ('8.conf', '# {"number": 8}\n'), ('.7.conf.abc', '# half')):
        with open(os.path.join(layout.exports, name), 'w') as file:
            file.write(text)
    again = reopened(layout)
    assert [export.entity for export in again.all()] == ['one']
    assert '.7.conf.abc' not in os.listdir(layout.exports)


def test_file_of_an_older_form_is_written_anew(layout, store):
    made = create(store, 'one')
    with open(store.file(made)) as file:
        text = file.read()
    with open(store.file(made), 'w') as file:
        file.write(text.replace('FSAL { Name = VFS; }', ''))
    reopened(layout)
    with open(store.file(made)) as file:
        assert file.read() == text


def test_export_can_pass_to_another_entity(layout, store):
    made = create(store, 'old')
    store.replace(made, entity='new', source='shares/new')
    for each in (store, reopened(layout)):
        assert each.get('old') is None
        assert (each.get('new').number, each.get('new').path) == (made.number, made.path)


def test_retired_export_is_unknown_to_a_new_server_only(layout, store):
    made = create(store, 'one')
    store.retire(made)
    assert store.get('one') == made and exports.load(layout.exports) == {}
    store.remove(made)
    assert store.get('one') is None
