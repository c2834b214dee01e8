"""FPolicy over each transport."""
import dataclasses

import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values

EVENT = values.FpolicyEvent('event', 'cifs', frozenset({'create', 'write'}))
POLICY = values.FpolicyPolicy('policy', ('event',), frozenset({'exe', 'com'}), frozenset({'txt'}), ('one', 'two'), 3,
                              True)


def test_events_are_made_and_removed(client, svm):
    client.fpolicy.create_event(EVENT)
    model, = svm.fpolicy_events
    assert (model.name, model.protocol, set(model.operations)) == ('event', 'cifs', {'create', 'write'})
    assert client.fpolicy.events() == [EVENT]
    with pytest.raises(errors.Duplicate):
        client.fpolicy.create_event(EVENT)
    for _again in range(2):
        client.fpolicy.delete_event('event')
        assert svm.fpolicy_events == []


def test_a_policy_is_made_enabled_and_removed(client, svm):
    client.fpolicy.create_event(EVENT)
    client.fpolicy.create(POLICY)
    model, = svm.fpolicies
    assert (model.name, model.engine, [event.name for event in model.events]) == ('policy', 'native', ['event'])
    assert (model.enabled, model.priority) == (True, 3)
    found, = client.fpolicy.policies()
    assert dataclasses.replace(found, shares=tuple(sorted(found.shares))) == POLICY
    with pytest.raises(errors.Duplicate):
        client.fpolicy.create(POLICY)
    with pytest.raises(errors.OntapError):
        client.fpolicy.delete_event('event')
    for _again in range(2):
        client.fpolicy.delete('policy')
        assert svm.fpolicies == []
    client.fpolicy.delete_event('event')


def test_a_priority_counts_once(client, svm):
    client.fpolicy.create_event(EVENT)
    client.fpolicy.create(POLICY)
    with pytest.raises(errors.Duplicate):
        client.fpolicy.create(dataclasses.replace(POLICY, name='other'))
    assert [policy.name for policy in svm.fpolicies if policy.enabled] == ['policy']


def test_shares_come_and_go_while_it_is_enabled(client, svm):
    client.fpolicy.create_event(EVENT)
    client.fpolicy.create(POLICY)
    for _again in range(2):
        client.fpolicy.set_shares(POLICY, ('two', 'three'))
        found, = client.fpolicy.policies()
        assert (set(found.shares), found.include, found.enabled) == ({'two', 'three'}, POLICY.include, True)
    assert svm.fpolicies[0].enabled
