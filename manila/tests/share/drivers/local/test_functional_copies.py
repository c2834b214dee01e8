"""Shares copied from snapshots in the pool of another back end of the machine."""
import os

import pytest

from manila import exception
from manila.share.drivers.local import copies
from manila.tests.share.drivers.local import backend as backends
from manila.tests.share.drivers.local.backend import Backend, eventually, share, snapshot

pytestmark = pytest.mark.functional
HOSTS = ('node@here#pool', 'node@there#pool')


@pytest.fixture
def pair(conf, monkeypatch):
    """Two running back ends."""
    conf.config(host='node')
    found = [Backend(conf), Backend(conf)]
    try:
        for group, each in zip(('here', 'there'), found):
            monkeypatch.setattr(backends, 'GROUP', group)
            each.start(local_nfs_versions=['4'])
        yield found
    finally:
        for each in found:
            each.clean()


@pytest.fixture
def parent():
    """The share that the snapshot is of."""
    return share(host=HOSTS[0])


@pytest.fixture
def frozen(pair, parent):
    """A snapshot of it with 20 MiB and a small file."""
    pair[0].driver.create_share(None, parent)
    pair[0].fill(parent, 20)
    with open(os.path.join(pair[0].state, 'pool', 'shares', parent['id'], 'file'), 'w') as file:
        file.write('text')
    taken = snapshot(parent)
    taken.update(pair[0].driver.create_snapshot(None, taken))
    return taken


def begin(pair, parent, frozen, **values):
    """Have the second back end make a share of the snapshot; returns the share."""
    made = share(size=2, host=HOSTS[1], **values)
    answer = pair[1].driver.create_share_from_snapshot(None, made, frozen, parent_share=parent)
    assert answer == {'status': 'creating_from_snapshot', 'export_locations': []}
    return made


def finished(driver, made):
    """The answer of the driver once it does not work on a share any more."""
    def done():
        answer = driver.get_share_status(made)
        assert answer['progress'].endswith('%')
        return answer if answer['status'] != 'creating_from_snapshot' else None
    return eventually(done)


def content(pair, made):
    with open(os.path.join(pair[1].state, 'pool', 'shares', made['id'], 'file')) as file:
        return file.read()


def left(pair):
    return os.listdir(os.path.join(pair[1].state, 'pool', 'incoming')) + os.listdir(
        os.path.join(pair[1].state, 'copies'))


def test_copy_has_the_content_a_size_of_its_own_and_is_exported(pair, parent, frozen):
    made = begin(pair, parent, frozen)
    answer = finished(pair[1].driver, made)
    assert (answer['status'], answer['progress']) == ('available', '100%')
    assert [each['path'].partition(':/')[0] for each in answer['export_locations']] == ['127.0.0.1', '[::1]']
    assert content(pair, made) == 'text'
    assert pair[1].driver.get_share_stats(refresh=True)['pools'][0]['provisioned_capacity_gb'] == 2
    assert left(pair) == []
    with open(os.path.join(pair[1].state, 'pool', 'shares', made['id'], 'file'), 'a') as file:
        file.write(' more')
    assert finished(pair[1].driver, made) == answer
    assert content(pair, made) == 'text more'


def test_copy_that_was_cut_off_begins_anew(pair, parent, frozen, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(copies.Copy, '_run', lambda self: None)
        made = begin(pair, parent, frozen)
        unfinished = os.path.join(pair[1].state, 'pool', 'incoming', made['id'])
        os.makedirs(unfinished)
    pair[1].forget()
    monkeypatch.setattr(backends, 'GROUP', 'there')
    pair[1].start()
    assert finished(pair[1].driver, made)['status'] == 'available'
    assert content(pair, made) == 'text'
    assert left(pair) == []


def test_share_that_is_deleted_meanwhile_leaves_nothing(pair, parent, frozen):
    made = begin(pair, parent, frozen)
    pair[1].driver.delete_share(None, made)
    assert left(pair) == []
    assert os.listdir(os.path.join(pair[1].state, 'pool', 'shares')) == []
    pair[1].driver.delete_share(None, made)


def test_snapshot_that_vanishes_or_is_out_of_reach_is_an_error(pair, parent, frozen):
    made = share(size=2, host=HOSTS[1])
    for host in ('elsewhere@here#pool', 'node@nowhere#pool'):
        with pytest.raises(exception.ShareBackendException, match='cannot be reached'):
            pair[1].driver.create_share_from_snapshot(None, made, frozen,
                                                      parent_share={**parent, 'host': host})
    gone = {**frozen, 'provider_location': 'snapshots/none/none'}
    with pytest.raises(exception.SnapshotResourceNotFound):
        pair[1].driver.create_share_from_snapshot(None, made, gone, parent_share=parent)


def test_copy_that_fails_tells_why(pair, parent, frozen, monkeypatch):
    monkeypatch.setattr(copies.Copy, '_start', lambda self, *command, **pipes: 1 / 0)
    made = begin(pair, parent, frozen)
    with pytest.raises(exception.ShareBackendException, match='division'):
        finished(pair[1].driver, made)
    pair[1].driver.delete_share(None, made)
    assert left(pair) == []


def test_receiver_that_fails_tells_why(pair, parent, frozen, monkeypatch):
    start = copies.Copy._start

    def misdirected(self, *command, **pipes):
        return start(self, *command[:-1], '/proc' if command[1] == 'receive' else command[-1], **pipes)
    monkeypatch.setattr(copies.Copy, '_start', misdirected)
    made = begin(pair, parent, frozen)
    with pytest.raises(exception.ShareBackendException, match='ERROR'):
        finished(pair[1].driver, made)
    pair[1].driver.delete_share(None, made)
