"""Resource locks while back ends work."""


def locks(service):
    return service.user.get('/resource-locks')['resource_locks']


def test_locks_go_with_the_rule_once_the_back_end_has_taken_it_away(service):
    service.start()
    share = service.create()
    rule = service.allow(share, lock_deletion=True, lock_visibility=True)
    service.idle()
    assert len(locks(service)) == 3
    service.act(share, 'deny_access', {'access_id': rule}, 403)
    service.delete(share, expected=403)
    service.act(share, 'deny_access', {'access_id': rule, 'unrestrict': True})
    service.idle()
    assert service.rules(share) == {} and locks(service) == []
    service.delete(share)
    assert service.settle(share) is None
    service.check()


def test_visibility_locks_go_with_the_share(service):
    service.start()
    share = service.create()
    service.allow(share, lock_visibility=True)
    service.idle()
    service.delete(share)
    assert service.settle(share) is None
    assert locks(service) == []
    service.check()
