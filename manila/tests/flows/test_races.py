"""Requests that arrive at the same moment."""
import collections
import concurrent.futures
import random

import pytest

from manila.tests.fixtures.roles import wait_until

pytestmark = pytest.mark.every_database
THREADS = 8


def at_once(*functions):
    """Call functions at the same time; returns what they return."""
    with concurrent.futures.ThreadPoolExecutor(min(len(functions), THREADS)) as pool:
        return [future.result() for future in [pool.submit(function) for function in functions]]


def statuses(*requests):
    """Send requests at the same time; returns how many were answered with each status."""
    found = collections.Counter(answer.status_int for answer in at_once(*requests))
    assert not any(status >= 500 for status in found), found
    return found


def create(service, **values):
    body = {'share': {'share_proto': 'NFS', 'size': 1, **values}}
    return lambda: service.user('POST', '/shares', body)


def act(service, share_id, name, body=None, who=None):
    return lambda: (who or service.user)('POST', f'/shares/{share_id}/action', {name: body})


def delete(service, share_id):
    return lambda: service.user('DELETE', f'/shares/{share_id}')


def test_fifty_shares_are_created_and_deleted_in_parallel(service):
    service.backends('alpha', 'beta')
    service.start()
    assert statuses(*[create(service) for _ in range(50)]) == {200: 50}
    service.idle()
    found = service.user.get('/shares/detail')['shares']
    assert collections.Counter(share['status'] for share in found) == {'available': 50}
    assert (service.in_use('shares'), service.in_use()) == (50, 50)
    service.check()
    assert statuses(*[delete(service, share['id']) for share in found]) == {202: 50}
    service.idle()
    assert service.user.get('/shares') == {'shares': []}
    assert (service.in_use('shares'), service.in_use()) == (0, 0)
    assert service.stored() == set()
    service.check()


def test_quota_admits_exactly_its_limit(service):
    service.conf.config(group='quota', shares=10, gigabytes=100)
    assert statuses(*[create(service) for _ in range(24)]) == {200: 10, 413: 14}
    assert (service.in_use('shares'), service.in_use()) == (10, 10)
    found = [share['id'] for share in service.user.get('/shares')['shares']]
    assert len(found) == 10
    service.conf.config(group='quota', shares=100, gigabytes=15)
    assert statuses(*[create(service, size=2) for _ in range(8)]) == {200: 2, 413: 6}
    service.start()
    service.check()


def test_share_deleted_by_force_while_it_is_placed_leaves_nothing(service):
    service.start()
    share_ids = [service.create(wait=False) for _ in range(24)]
    # Some are not placed yet, some are, some are being created, some are there.
    assert statuses(*[act(service, share_id, 'force_delete', who=service.admin) for share_id in share_ids]) == {202: 24}
    service.idle()
    assert service.user.get('/shares') == {'shares': []}
    assert service.stored() == set()
    service.check()


def test_share_deleted_by_force_while_pools_refuse_it_leaves_nothing(service):
    service.backends('alpha', 'beta', 'gamma')
    service.start()
    service.storage.plan('create_share', error='ShareBackendException', moment='after', times=24)
    share_ids = [service.create(wait=False) for _ in range(16)]
    random.shuffle(share_ids)
    assert statuses(*[act(service, share_id, 'force_delete', who=service.admin) for share_id in share_ids]) == {202: 16}
    service.idle()
    assert service.user.get('/shares') == {'shares': []}
    assert service.stored() == set()
    service.check()


def test_rules_allowed_while_the_share_is_deleted_end_with_it(service):
    service.start()
    for _ in range(3):
        share_id = service.create()
        rules = [act(service, share_id, 'allow_access', {'access_type': 'ip', 'access_to': f'192.0.2.{number}'})
                 for number in range(12)]
        found = statuses(*rules[:6], delete(service, share_id), *rules[6:])
        assert found[202] == 1 and set(found) <= {200, 202, 400, 404}
        assert service.settle(share_id) is None
    service.check()


def test_rule_is_allowed_once_and_denied_once(service):
    service.start()
    share_id = service.create()
    same = act(service, share_id, 'allow_access', {'access_type': 'ip', 'access_to': '192.0.2.1'})
    assert statuses(*[same] * 6) == {200: 1, 400: 5}
    service.idle()
    rule = service.user.get(f'/share-access-rules?share_id={share_id}')['access_list'][0]['id']
    found = statuses(*[act(service, share_id, 'deny_access', {'access_id': rule})] * 6)
    assert found[202] >= 1 and set(found) <= {202, 404}
    service.idle()
    assert service.rules(share_id) == {}
    assert service.show(share_id)['access_rules_status'] == 'active'
    service.check()


def test_of_several_extensions_at_once_exactly_one_is_accepted(service):
    service.start(share=False)
    service.start(scheduler=False)
    share_id = service.create()
    service.stop()
    found = statuses(*[act(service, share_id, 'extend', {'new_size': 2 + number}) for number in range(8)])
    assert found[202] == 1 and set(found) <= {202, 400, 409}
    service.start()
    assert service.settle(share_id) == 'available'
    service.check()


def test_resizes_at_once_leave_sizes_and_quotas_equal(service):
    service.start()
    share_id = service.create(8)
    for _ in range(6):
        found = statuses(*[act(service, share_id, name, {'new_size': size}) for name, size in (
            ('extend', 9), ('shrink', 4), ('extend', 12), ('shrink', 2))])
        assert set(found) <= {202, 400, 409}
        assert service.settle(share_id) == 'available'
        size = service.show(share_id)['size']
        assert service.storage.objects('share')[service.instance_of(share_id)]['size'] == size == service.in_use()
        if size < 8:
            wait_until(lambda: service.act(share_id, 'extend', {'new_size': 8}))
            service.settle(share_id)
    service.check()


def test_metadata_set_at_once_are_all_kept(service):
    service.start()
    share_id = service.create()
    requests = [lambda number=number: service.user('POST', f'/shares/{share_id}/metadata',
                                                   {'metadata': {'same': f'{number}', f'key{number}': 'value'}})
                for number in range(16)]
    assert statuses(*requests) == {200: 16}
    found = service.show(share_id)['metadata']
    assert set(found) == {'same', *(f'key{number}' for number in range(16))}


def test_share_deleted_twice_at_once_is_deleted_once(service):
    service.start()
    share_id = service.create()
    found = statuses(*[delete(service, share_id)] * 6)
    assert found[202] == 1 and set(found) <= {202, 403, 404, 409}
    assert service.settle(share_id) is None
    service.check()
