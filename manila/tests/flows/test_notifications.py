"""Notifications of long work: what those who listen learn of the life of shares and snapshots."""
import collections

import oslo_messaging
import pytest
from oslo_messaging.notify import _impl_test

from manila import notify
from manila.resources.types import service as types
from manila.share import usage
from manila.tests.fixtures.roles import wait_until
from manila.tests.fixtures.snapshots import Snapshots

SECRETS = ('access_key', 'access_to', 'auth_key', 'password', 'crypt_hash', 'salt', '192.0.2.77')


class Listener:
    """Hears all notifications."""

    def all(self):
        """(publisher, type, payload) of each so far, the oldest first."""
        notify.stop(patience=30)
        return [(message['publisher_id'], message['event_type'], message['payload'])
                for _, message, _, _ in _impl_test.NOTIFICATIONS]

    def types(self):
        """How often each type was heard."""
        return collections.Counter(event for _, event, _ in self.all())

    def payloads(self, event):
        """The payloads of one type."""
        return [payload for _, found, payload in self.all() if found == event]


@pytest.fixture
def listener(service, conf):
    """Someone who listens."""
    notify.stop()
    _impl_test.reset()
    oslo_messaging.get_notification_transport(conf.conf, 'fake:/')
    conf.config(group='oslo_messaging_notifications', driver=['test'], transport_url='fake:/')
    yield Listener()
    service.stop()
    notify.stop()
    _impl_test.reset()


def test_life_of_a_share_is_told(service, listener):
    service.start()
    share_id = service.create(2, name='mine')
    service.act(share_id, 'extend', {'new_size': 3})
    service.settle(share_id)
    service.act(share_id, 'shrink', {'new_size': 1})
    service.settle(share_id)
    service.delete(share_id)
    assert service.settle(share_id) is None
    verbs = ('create', 'extend', 'shrink', 'delete')
    assert listener.types() == {f'share.{verb}.{moment}': 1 for verb in verbs for moment in ('start', 'end')}
    created, = listener.payloads('share.create.end')
    assert {key: created[key] for key in ('share_id', 'size', 'name', 'proto', 'status', 'share_type', 'project_id',
                                          'user_id')} == {
        'share_id': share_id, 'size': 2, 'name': 'mine', 'proto': 'NFS', 'status': 'available', 'share_type': 'plain',
        'project_id': service.user.project_id, 'user_id': 'user'}
    assert created['host'].startswith('node@alpha#')
    assert [listener.payloads(f'share.{verb}.end')[0]['size'] for verb in verbs] == [2, 3, 1, 1]
    assert listener.payloads('share.delete.end')[0]['status'] == 'deleted'
    assert {publisher for publisher, _, _ in listener.all()} == {'share.node@alpha'}


def test_shrink_that_the_driver_refuses_has_a_start_and_no_end(service, listener):
    service.start()
    share_id = service.create(3)
    service.storage.plan('shrink_share', error='ShareShrinkingPossibleDataLoss')
    service.act(share_id, 'shrink', {'new_size': 1})
    service.settle(share_id)
    assert listener.types()['share.shrink.start'] == 1
    assert listener.types()['share.shrink.end'] == 0


def test_request_that_no_pool_can_take_is_told_by_the_scheduler(service, listener):
    types.create(service.context, 'fast', None, True, {'driver_handles_share_servers': 'False', 'speed': 'ludicrous'})
    service.start()
    share_id = service.create(wait=False, share_type='fast')
    assert service.settle(share_id) == 'error'
    (publisher, event, payload), = listener.all()[-1:]
    assert (publisher, event) == ('scheduler.node', 'scheduler.create_share_instance')
    assert payload['share_id'] == share_id and payload['share_properties']['size'] == 1
    assert payload['reason']


def test_rules_are_told_without_whom_they_let_in(service, listener):
    service.start()
    share_id = service.create()
    rule_id = service.allow(share_id, '192.0.2.77')
    service.idle()
    assert listener.types()['share_access.apply.end'] == 1
    payload, = listener.payloads('share_access.apply.end')
    assert payload['share_id'] == share_id
    assert payload['rules'] == [{'access_id': rule_id, 'access_type': 'ip', 'access_level': 'rw', 'state': 'active'}]
    text = str(listener.all())
    assert not [secret for secret in SECRETS if secret in text]


def test_life_of_a_snapshot_is_told(service, listener):
    snapshots = Snapshots(service)
    service.start()
    share_id, snapshot_id = snapshots.taken(name='before')
    snapshots.delete(snapshot_id)
    service.idle()
    assert {event: number for event, number in listener.types().items() if event.startswith('snapshot.')} == {
        'snapshot.create.start': 1, 'snapshot.create.end': 1, 'snapshot.delete.start': 1, 'snapshot.delete.end': 1}
    payload, = listener.payloads('snapshot.create.end')
    assert (payload['snapshot_id'], payload['share_id'], payload['name'], payload['status']) == (
        snapshot_id, share_id, 'before', 'available')


def test_transfer_is_told_with_its_share_and_without_its_key(service, listener):
    service.start()
    share_id = service.create()
    transfer = service.user('POST', '/share-transfers', {'transfer': {'share_id': share_id}}).json['transfer']
    answer = service.stranger('POST', f'/share-transfers/{transfer["id"]}/accept',
                              {'accept': {'auth_key': transfer['auth_key']}})
    assert answer.status_int == 202
    service.idle()
    heard = [event for _, event, _ in listener.all() if event.startswith('transfer.')]
    assert heard == ['transfer.create.start', 'transfer.create.end', 'transfer.accept.start', 'transfer.accept.end']
    payload, = listener.payloads('transfer.accept.end')
    assert (payload['share_id'], payload['transfer_id'], payload['project_id']) == (
        share_id, transfer['id'], service.stranger.project_id)
    assert transfer['auth_key'] not in str(listener.all())


def test_withdrawn_transfer_is_told(service, listener):
    service.start()
    share_id = service.create()
    transfer = service.user('POST', '/share-transfers', {'transfer': {'share_id': share_id}}).json['transfer']
    assert service.user('DELETE', f'/share-transfers/{transfer["id"]}').status_int == 200
    start, = listener.payloads('transfer.delete.start')
    end, = listener.payloads('transfer.delete.end')
    assert (start['status'], end['status']) == ('awaiting_transfer', 'available')


def test_beginning_is_told_once_however_often_it_is_tried(service, listener):
    service.start()
    share_id = service.create()
    service.storage.plan('extend_share', error='StorageCommunicationException', times=2)
    service.act(share_id, 'extend', {'new_size': 2})
    service.settle(share_id)
    assert listener.types()['share.extend.start'] == 1
    assert listener.types()['share.extend.end'] == 1


def test_usage_of_shares_is_told_when_it_is_wanted(service, listener, conf):
    conf.config(enable_gathering_share_usage_size=True, share_usage_size_update_interval=1)
    service.start()
    share_id = service.create(2)
    wait_until(lambda: listener.types()['share.consumed.size'], what='the report of usage')
    payload = listener.payloads('share.consumed.size')[0]
    assert payload['share_id'] == share_id and payload['used_size'] >= 0 and payload['gathered_at']


def test_usage_is_not_asked_for_when_nobody_listens(service):
    service.start()
    service.create()
    usage.gather(service.keeper().backend)
    assert not service.storage.calls('update_share_usage_size')


def test_failure_is_told_as_an_error_without_its_text(service, listener):
    service.start()
    share_id = service.create()
    service.storage.plan('extend_share', error='ShareBackendException')
    service.act(share_id, 'extend', {'new_size': 2})
    assert service.settle(share_id) == 'extending_error'
    payload, = listener.payloads('share.extend.error')
    assert (payload['status'], payload['reason']) == ('extending_error', 'ShareBackendException')
    assert listener.types()['share.extend.end'] == 0
