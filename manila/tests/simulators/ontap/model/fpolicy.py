"""FPolicy: policies, their events and scopes."""

import dataclasses

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, get

MAX_POLICIES = 10
PROTOCOLS = ('cifs', 'nfsv3', 'nfsv4')
OPERATIONS = ('close', 'create', 'create_dir', 'delete', 'delete_dir', 'getattr', 'link', 'lookup', 'open', 'read',
              'write', 'rename', 'rename_dir', 'setattr', 'symlink')


@dataclasses.dataclass(eq=False)
class Event:
    svm: object
    name: str
    protocol: str
    operations: list
    volume_operation: bool = False


@dataclasses.dataclass(eq=False)
class Policy:
    svm: object
    name: str
    engine: str = 'native'
    events: list = dataclasses.field(default_factory=list)
    mandatory: bool = True
    privileged: bool = False
    passthrough: bool = False
    enabled: bool = False
    priority: int = None
    scope: dict = dataclasses.field(default_factory=dict)
    has_scope: bool = False


def create_event(svm, name, protocol, operations):
    if find(svm.fpolicy_events, name=name):
        raise errors.duplicate('FPolicy event', name)
    check_event(protocol, operations)
    event = Event(svm, name, protocol, list(operations))
    svm.fpolicy_events.append(event)
    return event


def check_event(protocol, operations):
    if protocol not in PROTOCOLS:
        raise errors.invalid('protocol', protocol)
    for operation in operations:
        if operation not in OPERATIONS:
            raise errors.invalid('file_operations', operation)


def get_event(svm, name):
    event = find(svm.fpolicy_events, name=name)
    if event is None:
        raise errors.Refused('fpolicy.no_event', "entry doesn't exist: FPolicy event \"%s\"" % name)
    return event


def get_policy(svm, name):
    policy = find(svm.fpolicies, name=name)
    if policy is None:
        raise errors.Refused('fpolicy.no_policy', "entry doesn't exist: FPolicy policy \"%s\"" % name)
    return policy


def delete_event(event):
    if any(event in policy.events for policy in event.svm.fpolicies):
        raise errors.Refused('fpolicy.event_in_use', 'FPolicy event "%s" is used by a policy.' % event.name)
    event.svm.fpolicy_events.remove(event)


def create_policy(svm, name, events, **more):
    if find(svm.fpolicies, name=name):
        raise errors.duplicate('FPolicy policy', name)
    if len(svm.fpolicies) >= MAX_POLICIES:
        raise errors.Refused('fpolicy.too_many', 'SVM "%s" has %d FPolicy policies already.' % (
            svm.name, MAX_POLICIES))
    priority = more.pop('priority', None)
    policy = Policy(svm, name, events=[get_event(svm, e) for e in events], **more)
    policy.has_scope = bool(policy.scope)
    svm.fpolicies.append(policy)
    if priority is not None:
        enable(policy, priority)
    return policy


def modify_policy(policy, **values):
    """Not while it is enabled, but for its scope."""
    if policy.enabled and set(values) - {'scope'}:
        raise errors.Refused('fpolicy.enabled', 'FPolicy policy "%s" cannot be changed while it is enabled.' % (
            policy.name))
    if 'events' in values:
        policy.events = [get_event(policy.svm, e) for e in values.pop('events')]
    scope = values.pop('scope', None)
    if scope:
        policy.scope.update(scope)
        policy.has_scope = True
    for key, value in values.items():
        if value is not None:
            setattr(policy, key, value)


def enable(policy, priority):
    """Priorities are 1 to 10 and unique among the enabled policies of the SVM."""
    if not 1 <= priority <= MAX_POLICIES:
        raise errors.invalid('priority', priority)
    if policy.enabled:
        raise errors.Refused('fpolicy.enabled', 'FPolicy policy "%s" is already enabled.' % policy.name)
    for other in policy.svm.fpolicies:
        if other.enabled and other.priority == priority:
            raise errors.duplicate('FPolicy priority', priority)
    policy.enabled, policy.priority = True, priority


def disable(policy):
    if not policy.enabled:
        raise errors.Refused('fpolicy.disabled', 'FPolicy policy "%s": policy is already disabled.' % policy.name)
    policy.enabled, policy.priority = False, None


def delete_policy(policy):
    if policy.enabled:
        raise errors.Refused('fpolicy.enabled', 'FPolicy policy "%s" is enabled.' % policy.name)
    policy.svm.fpolicies.remove(policy)


def delete_scope(policy):
    if not policy.has_scope:
        raise errors.Refused('fpolicy.no_scope', "entry doesn't exist: FPolicy scope of \"%s\"" % policy.name)
    policy.scope, policy.has_scope = {}, False


def create_scope(policy, **scope):
    if policy.has_scope:
        raise errors.duplicate('FPolicy scope', policy.name)
    policy.scope, policy.has_scope = scope, True


def lookup(svm, name):
    return get(svm.fpolicies, 'FPolicy policy', name=name)
