"""Shares that change hands, from the offer to the storage."""
import pytest

from manila.resources.transfers import service as transfers
from manila.tests.fixtures.roles import wait_until
from manila.tests.flows.test_crash import ALPHA, MOMENTS, lose

REFUSED = 'transfer accept: The share can be transferred only without access rules.'


def offer(service, share_id):
    answer = service.user('POST', '/share-transfers', {'transfer': {'share_id': share_id}})
    assert answer.status_int == 202, answer.text
    return answer.json['transfer']


def accept(service, transfer, expected=202, **values):
    body = {'accept': {'auth_key': transfer['auth_key'], **values}}
    answer = service.stranger('POST', f'/share-transfers/{transfer["id"]}/accept', body)
    assert answer.status_int == expected, answer.text


def told(service):
    """The messages that the receiver reads."""
    return [each['user_message'] for each in service.stranger.get('/messages')['messages']]


def in_force(service, share_id):
    """Addresses of the rules of a share on the storage."""
    record = service.storage.objects('share')[service.instance_of(share_id)]
    return {brief[1] for brief in record['rules'].values()}


@pytest.fixture
def share(service):
    """A share of a running service, with a rule."""
    service.start()
    share_id = service.create(2)
    service.allow(share_id, '192.0.2.1')
    service.idle()
    return share_id


@pytest.mark.every_database
def test_receiver_has_the_share_when_the_request_is_answered(service, share):
    accept(service, offer(service, share))
    shown = service.stranger.get(f'/shares/{share}')['share']
    assert (shown['status'], shown['project_id'], shown['user_id']) == ('available', service.stranger.project_id,
                                                                       'stranger')
    assert service.user('GET', f'/shares/{share}').status_int == 404
    (call,) = service.storage.calls('transfer_accept')
    assert call['subject'] == service.instance_of(share) and call['error'] is None
    assert in_force(service, share) == {'192.0.2.1'}
    assert service.in_use('shares') == 0 and service.in_use() == 0
    assert service.stranger('DELETE', f'/shares/{share}').status_int == 202
    service.check()


def test_rules_are_cleared_on_the_storage_too(service, share):
    accept(service, offer(service, share), clear_access_rules=True)
    assert in_force(service, share) == set()
    assert service.stranger.get(f'/share-access-rules?share_id={share}')['access_list'] == []
    service.check()


def test_driver_that_wants_no_rules_leaves_the_offer_until_they_are_cleared(service, share):
    fault = service.storage.plan('transfer_accept', error='DriverCannotTransferShareWithRules')
    transfer = offer(service, share)
    accept(service, transfer, 409)
    assert service.show(share)['status'] == 'awaiting_transfer'
    assert told(service) == [REFUSED]
    assert service.user('GET', f'/share-transfers/{transfer["id"]}').status_int == 200
    service.storage.lift(fault)
    accept(service, transfer, clear_access_rules=True)
    assert service.stranger.get(f'/shares/{share}')['share']['status'] == 'available'
    service.check()


def test_driver_that_fails_gives_the_share_and_its_rules_back(service, share):
    service.storage.plan('transfer_accept', error='ShareBackendException')
    transfer = offer(service, share)
    accept(service, transfer, 409, clear_access_rules=True)
    service.idle()
    assert in_force(service, share) == {'192.0.2.1'} and service.rules(share) == {'192.0.2.1': 'active'}
    assert told(service) == ['transfer accept: An unknown error occurred.']
    # Once for the new owner, once more for the old one.
    assert len(service.storage.calls('transfer_accept')) == 2
    assert service.user('DELETE', f'/share-transfers/{transfer["id"]}').status_int == 200
    assert service.show(share)['status'] == 'available'
    service.check()


def test_transfer_is_carried_out_later_when_the_back_end_is_away(service, share, monkeypatch):
    monkeypatch.setattr(transfers, 'PATIENCE', 0)
    service.stop()
    transfer = offer(service, share)
    accept(service, transfer)
    assert service.user.get(f'/shares/{share}')['share']['status'] == 'awaiting_transfer'
    service.start()
    wait_until(lambda: service.stranger('GET', f'/shares/{share}').status_int == 200)
    service.check()


def test_expired_offer_is_withdrawn_by_the_scheduler(service, conf):
    conf.config(transfer_retention_time=1, check_for_expired_transfers=1)
    service.start()
    share = service.create()
    transfer = offer(service, share)
    wait_until(lambda: service.show(share)['status'] == 'available')
    assert service.user('GET', f'/share-transfers/{transfer["id"]}').status_int == 404
    accept(service, transfer, 400)


@pytest.mark.parametrize('clear', [False, True])
@pytest.mark.parametrize('moment', MOMENTS)
def test_worker_lost_over_a_transfer_is_made_up_for(service, monkeypatch, moment, clear):
    monkeypatch.setattr(transfers, 'PATIENCE', 0)
    lose(service, moment, lambda share, rule: accept(service, offer(service, share), clear_access_rules=clear), ALPHA,
         'transfer_accept')
    (share,) = service.stranger.get('/shares/detail')['shares']
    assert (share['status'], service.in_use('shares')) == ('available', 0)
    assert in_force(service, share['id']) == (set() if clear else {'192.0.2.1'})
    assert service.user.get('/shares')['shares'] == []
