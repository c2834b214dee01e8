"""Export policies and their rules."""

import dataclasses
import ipaddress
import re

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find

FLAVOURS = ('any', 'none', 'never', 'krb5', 'krb5i', 'krb5p', 'ntlm', 'sys')
PROTOCOLS = ('any', 'nfs', 'nfs3', 'nfs4', 'cifs', 'flexcache')
HOST = re.compile(r'^[A-Za-z0-9_.-]+$')


@dataclasses.dataclass(eq=False)
class Rule:
    policy: object
    index: int
    clients: list
    ro: list
    rw: list
    superuser: list = dataclasses.field(default_factory=lambda: ['none'])
    protocols: list = dataclasses.field(default_factory=lambda: ['any'])
    anonymous: str = '65534'
    ntfs_security: str = 'fail'
    chown_mode: str = 'restricted'
    allow_suid: bool = True
    allow_dev: bool = True


@dataclasses.dataclass(eq=False)
class ExportPolicy:
    svm: object
    name: str
    id: int
    rules: list = dataclasses.field(default_factory=list)
    next_index: int = 1
    busy_until: float = 0.0


def check_name(svm, name, ignore=None):
    if not name or ' ' in name:
        raise errors.Refused('export.bad_name', 'Invalid export policy name "%s".' % name, 'name')
    if len(name) > 256:
        raise errors.Refused('export.long_name', 'An export policy name has at most 256 characters.', 'name')
    other = find(svm.export_policies, name=name)
    if other is not None and other is not ignore:
        raise errors.duplicate('export policy', name)


def create(svm, name):
    check_name(svm, name)
    policy = ExportPolicy(svm, name, svm.cluster.number())
    svm.export_policies.append(policy)
    return policy


def rename(policy, name):
    if policy.name == 'default':
        raise errors.Refused('export.default', 'The default export policy cannot be renamed.')
    check_name(policy.svm, name, ignore=policy)
    policy.name = name


def users_of(policy):
    """Volumes exported by a policy, deleted ones in the recovery queue apart."""
    return [v for v in policy.svm.volumes if v.export_policy is policy]


def delete(policy):
    """Refused for the default policy and while a volume or qtree uses it (or did, a moment ago)."""
    if policy.name == 'default':
        raise errors.Refused('export.default', 'The default export policy cannot be deleted.')
    if users_of(policy) or policy.busy_until > policy.svm.cluster.now():
        raise errors.Refused('export.in_use', 'Export policy "%s" is in use by one or more volumes.' % policy.name)
    if any(q.export_policy is policy for q in policy.svm.qtrees):
        raise errors.Refused('export.qtree', 'Export policy "%s" is in use by a qtree.' % policy.name)
    policy.svm.export_policies.remove(policy)


def released(policy):
    """A volume was given another policy: the old one may count as used a moment longer."""
    seconds = policy.svm.cluster.settings['export_busy_seconds']
    if seconds:
        policy.busy_until = policy.svm.cluster.now() + seconds


def check_match(match):
    """A client match is an address, a network, a host or domain name, or a netgroup."""
    text = match or ''
    if text.startswith('@') and HOST.match(text[1:]):
        return
    try:
        ipaddress.ip_network(text, strict=False)
        return
    except ValueError:
        if not HOST.match(text) or re.match(r'^[\d.]+$', text):
            raise errors.invalid('clients.match', match) from None


def check_flavours(field, flavours):
    for flavour in flavours:
        if flavour not in FLAVOURS:
            raise errors.invalid(field, flavour)


def check_values(values):
    for match in values.get('clients') or ():
        check_match(match)
    for key in ('ro', 'rw', 'superuser'):
        check_flavours(key, values.get(key) or ())
    for protocol in values.get('protocols') or ():
        if protocol not in PROTOCOLS:
            raise errors.invalid('protocols', protocol)


def add_rule(policy, clients, ro, rw, index=None, **more):
    """Append a rule; its index is the next free one unless given."""
    if not clients:
        raise errors.required('clients')
    check_values(dict(more, clients=clients, ro=ro, rw=rw))
    if index is None:
        index = policy.next_index
    elif find(policy.rules, index=index):
        raise errors.duplicate('export rule index', index)
    rule = Rule(policy, index, list(clients), list(ro), list(rw), **more)
    policy.next_index = max(policy.next_index, index + 1)
    policy.rules.append(rule)
    policy.rules.sort(key=lambda r: r.index)
    return rule


def modify_rule(rule, new_index=None, **values):
    check_values(values)
    if new_index is not None and new_index != rule.index:
        rules = rule.policy.rules
        rules.remove(rule)
        rules.insert(max(0, min(len(rules), new_index - 1)), rule)
        for number, each in enumerate(rules, 1):
            each.index = number
        rule.policy.next_index = max(rule.policy.next_index, len(rules) + 1)
    for key, value in values.items():
        if value is not None:
            setattr(rule, key, value)


def remove_rule(rule):
    rule.policy.rules.remove(rule)
