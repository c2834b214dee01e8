"""Who gets what: every operation, by every role, in the project that owns things and in another one.

What is expected follows from the documented default of the operation's rules, read by :mod:`.checks`.
"""
import collections

import pytest

from manila import policy
from manila.api import app
from manila.tests.all_operations import checks
from manila.tests.all_operations.requests import NotDescribed, Requests
from manila.tests.fuzz.world import PRIVATE, PROJECTS

OPERATIONS = app.operations()
#: A role -> all that a token with it has: Keystone's roles imply one another.
ROLES = {
    'none': (), 'reader': ('reader',), 'member': ('member', 'reader'), 'manager': ('manager', 'member', 'reader'),
    'admin': ('admin', 'manager', 'member', 'reader'), 'service': ('service',)}
OWNER = {'project_id': PROJECTS['member'], 'user_id': 'member'}
STRANGER = {'project_id': PROJECTS['stranger'], 'user_id': 'stranger'}
#: What other projects are told about things they may not know of.
HIDDEN = (403, 404)
#: Made for other projects: whoever has the key may.
FOR_OTHERS = ('transfers.accept',)
#: Users see the class of their own project only, whatever the rule says; tests of quotas say more.
CLASS = 'quotas.show_class'
#: A row that is named elsewhere than in the path and is not there, or is someone else's, is a mistake in the request.
NAMED_INSIDE = ('access.index', 'locks.create', 'reverts.revert', 'transfers.create')
#: Answers 404 to everybody: there are no extensions.
ABSENT = ('extensions.show',)

Case = collections.namedtuple('Case', 'operation caller owned table')


def expected(case):
    """The statuses that fit the documented rules."""
    operation, caller = case.operation, case.caller
    target = OWNER if case.owned and operation.name not in FOR_OTHERS else caller
    if operation.name in ABSENT:
        return {404}
    if operation.name == CLASS and 'admin' not in caller['roles']:
        return {403}
    if all(case.table.passes(rule, caller, target) for rule in operation.rules):
        return {operation.status}
    if not all(case.table.passes(rule, caller, caller) for rule in operation.rules):
        return {403}        # says nothing about the row
    return {*HIDDEN, *((400,) if operation.name in NAMED_INSIDE else ())}


class Audience:
    """Sends the request of each operation as one caller and notes what does not fit."""

    def __init__(self, stage, caller, older=False):
        self.stage, self.caller = stage, caller
        self.requests = Requests(stage.world)
        self.table = checks.Table(older)
        self.who = stage.of(**caller)
        self.findings = []

    def check(self, operation):
        """Send one request; the rows are as before afterwards."""
        try:
            path, body = self.requests.make(operation)
        except NotDescribed:
            self._note(operation, 'describe in manila/tests/all_operations/requests.py how it is called')
            return
        self._prepare(operation)
        before = self.stage.world.read()
        answer = self.who(operation.method, path, body, version=str(operation.span.until),
                          **{'X-OpenStack-Manila-API-Experimental': 'True'})
        case = Case(operation, self.caller, self.requests.is_owned(operation), self.table)
        if answer.status_int not in expected(case):
            self._note(operation, f'{answer.status_int}, not {expected(case)}: {answer.text[:200]}')
        changed = self.stage.world.read() != before
        if changed and (answer.status_int >= 400 or operation.method == 'GET'):
            self._note(operation, f'{answer.status_int} changed something')
        if PRIVATE in answer.text and not self._may_know(operation):
            self._note(operation, 'tells what belongs to another project')
        if changed or self.requests.before(operation):
            self.stage.world.restore()

    def _may_know(self, operation):
        """Whether the rules let the caller see what is the owner's."""
        return self.caller['project_id'] == OWNER['project_id'] or operation.name in FOR_OTHERS or all(
            self.table.passes(rule, self.caller, OWNER) for rule in operation.rules)

    def _prepare(self, operation):
        first = self.requests.before(operation)
        if first:
            answer = self.stage.user('POST', *first)
            assert answer.status_int < 300, answer.text

    def _note(self, operation, text):
        self.findings.append(f'{operation}: {text}')


def callers(**who):
    """Callers of all roles as one user of a project."""
    return [pytest.param({**who, 'roles': roles}, id=role) for role, roles in ROLES.items()]


@pytest.mark.parametrize('caller', callers(**OWNER))
def test_every_operation_on_what_is_ones_own_follows_the_documented_rule(stage, caller):
    audience = Audience(stage, caller)
    for operation in OPERATIONS:
        audience.check(operation)
    assert not audience.findings, '\n'.join(audience.findings)


@pytest.mark.parametrize('caller', callers(**STRANGER))
def test_every_operation_on_what_is_anothers_is_refused_to_all_but_administrators(stage, caller):
    audience = Audience(stage, caller)
    for operation in OPERATIONS:
        audience.check(operation)
    assert not audience.findings, '\n'.join(audience.findings)


@pytest.mark.parametrize('who', [OWNER, STRANGER], ids=['owner', 'stranger'])
@pytest.mark.parametrize('role', ['none', 'reader', 'service'])
def test_older_defaults_count_too_where_they_are_not_switched_off(stage, conf, role, who):
    conf.config(group='oslo_policy', enforce_new_defaults=False)
    policy.init()
    audience = Audience(stage, {**who, 'roles': ROLES[role]}, older=True)
    for operation in OPERATIONS:
        audience.check(operation)
    assert not audience.findings, '\n'.join(audience.findings)
