"""Who may do what: oslo.policy rules, their defaults, and their evaluation.

Resource packages declare their rules in a module ``policy`` with a list ``RULES``. Rules are compiled into
plain functions, and the files of an operator are looked at once a second at most: a check costs microseconds.
"""
import ast
import inspect
import os
import re
import threading
import time

from oslo_log import log
from oslo_policy import _checks, opts, policy as oslo_policy

from manila import exception, resources
from manila.conf import CONF

LOG = log.getLogger(__name__)

# Registers the group [oslo_policy], which else happens only when an enforcer is made.
opts.set_defaults(CONF)

#: Seconds between two looks at the policy files.
RELOAD_INTERVAL = 1.0
_REASON = 'The default now names roles and a project; enforce_new_defaults drops the older one.'
_KEY = re.compile(r'%\(([^)]+)\)s')


class Rule(str):
    """The name of a rule, which also carries its default."""

    default = None


def rule(name, check, description, *operations, deprecated=None, scope=('project',)):
    """Declare a rule.

    :param name: such as ``share:get``
    :param check: default check string
    :param description: one sentence
    :param operations: strings such as ``GET /shares/{share_id}``
    :param deprecated: older default, which also passes unless ``enforce_new_defaults`` is set
    :param scope: scopes of tokens that may pass
    """
    declared = Rule(name)
    older = deprecated is not None and oslo_policy.DeprecatedRule(
        name, deprecated, deprecated_reason=_REASON, deprecated_since='1.0')
    declared.default = oslo_policy.DocumentedRuleDefault(
        name, check, description, [_operation(text) for text in operations],
        deprecated_rule=older or None, scope_types=list(scope) if scope else None)
    return declared


def _operation(text):
    method, path = text.split(None, 1)
    return {'method': method, 'path': path}


def _base(name, check, description, deprecated=None, scope=('project',)):
    declared = Rule(name)
    older = deprecated and oslo_policy.DeprecatedRule(name, deprecated, deprecated_reason=_REASON,
                                                      deprecated_since='1.0')
    declared.default = oslo_policy.RuleDefault(
        name, check, description=description, deprecated_rule=older or None,
        scope_types=list(scope) if scope else None)
    return declared


ADMIN = _base('context_is_admin', 'role:admin', 'Administrators of the service.', 'role:admin')
HOST_ADMIN = _base('context_is_host_admin', 'role:admin and project_id:%(project_id)s',
                   'Administrators who may see hosts.')
RULES = [
    _base('project-admin', 'role:admin and project_id:%(project_id)s', 'Administrators of the project.'),
    _base('project-member', 'role:member and project_id:%(project_id)s', 'Members of the project.'),
    _base('project-reader', 'role:reader and project_id:%(project_id)s', 'Readers of the project.'),
    _base('owner-user', 'user_id:%(user_id)s and project_id:%(project_id)s', 'The user who made it.'),
    _base('admin_or_service_api', 'role:admin or role:service', 'Administrators and other services.'),
    ADMIN,
    HOST_ADMIN,
    _base('admin_or_owner', 'is_admin:True or project_id:%(project_id)s', 'Administrators and the project.',
          scope=None),
    _base('admin_or_owner_user', 'is_admin:True or project_id:%(project_id)s and user_id:%(user_id)s',
          'Administrators and the user who made it.', scope=None),
    _base('default', 'rule:admin_or_owner', 'What counts when a rule is not defined.', scope=None),
    _base('admin_api', 'is_admin:True', 'Administrators of the service.', scope=None),
]


class _Book:
    """All rules at one moment, compiled when first used; never changed, only replaced as a whole."""

    def __init__(self, declared):
        self.enforcer = _enforcer(declared)
        self.stamp = _stamp()
        self.enforcer.load_rules()
        self.compiled = {}

    def find(self, name):
        """(function of target and credentials, keys of the target that it reads or None for unknown)."""
        entry = self.compiled.get(name)
        if entry is None:
            if name not in self.enforcer.registered_rules:
                raise oslo_policy.PolicyNotRegistered(name)
            keys = set()
            check = self._compile(self.enforcer.rules[name], (name,), keys)
            entry = self.compiled[name] = check, None if None in keys else tuple(sorted(keys))
        return entry

    def scopes(self, name):
        """Scopes of tokens that may pass a rule, or None for all."""
        return self.enforcer.registered_rules[name].scope_types

    def _compile(self, check, names, keys):
        """A function for a check; ``names``: the rules on the way to it, ``keys`` collects what it reads."""
        if isinstance(check, (oslo_policy.AndCheck, oslo_policy.OrCheck)):
            parts = [self._compile(part, names, keys) for part in check.rules]
            if isinstance(check, oslo_policy.AndCheck):
                return lambda target, creds: all(part(target, creds) for part in parts)
            return lambda target, creds: any(part(target, creds) for part in parts)
        if isinstance(check, oslo_policy.NotCheck):
            part = self._compile(check.rule, names, keys)
            return lambda target, creds: not part(target, creds)
        if type(check) is oslo_policy.RuleCheck:
            return self._reference(check.match, names, keys)
        return self._leaf(check, names[0], keys)

    def _reference(self, match, names, keys):
        try:
            check = self.enforcer.rules[match]      # or the rule called default
        except KeyError:
            check = None
        if check is None or match in names:
            LOG.error('Policy rule %s refers to %s, which is not defined or leads back to it: refused',
                      names[0], match)
            return lambda target, creds: False
        return self._compile(check, (*names, match), keys)

    def _leaf(self, check, name, keys):
        known = type(check).__module__ == 'oslo_policy._checks'
        # a check from elsewhere may read anything
        keys.update(_KEY.findall(str(check)) if known else [None])
        if type(check) is _checks.GenericCheck:
            return _generic(check)
        if len(inspect.getfullargspec(check.__call__).args) > 4:
            return lambda target, creds: check(target, creds, self.enforcer, name)
        return lambda target, creds: check(target, creds, self.enforcer)


def _generic(check):
    """A function for a check such as ``project_id:%(project_id)s``.

    Calling the check would parse its left side anew each time, which is slow and on Python 3.11 and 3.12 fails now and
    then when several threads do it at once.
    """
    try:
        literal = str(ast.literal_eval(check.kind))
    except ValueError:
        path = check.kind.split('.')
        return lambda target, creds: (match := _fill(check.match, target)) is not None and (
            check._find_in_dict(creds, path, match))
    return lambda target, creds: _fill(check.match, target) == literal


def _fill(template, target):
    try:
        return template % target
    except KeyError:
        return None


def _enforcer(declared):
    enforcer = oslo_policy.Enforcer(CONF)
    enforcer.suppress_default_change_warnings = True
    enforcer.register_defaults([item.default for item in declared])
    return enforcer


def _stamp():
    """What changes when an operator changes the policy files."""
    paths = []
    for name in (CONF.oslo_policy.policy_file, *CONF.oslo_policy.policy_dirs):
        path = CONF.find_file(name)
        if path and os.path.isdir(path):
            paths += [path, *(entry.path for entry in os.scandir(path) if not entry.name.startswith('.'))]
        elif path:
            paths.append(path)
    stamp = [CONF.oslo_policy.enforce_new_defaults]
    for path in sorted(paths):
        try:
            found = os.stat(path)
        except FileNotFoundError:
            continue
        stamp.append((path, found.st_mtime_ns, found.st_size, found.st_ino))
    return stamp


_lock = threading.Lock()
_declared = None
_book = None
_looked = 0.0


def discover():
    """The rules of all resource packages."""
    return [item for module in resources.modules('policy') for item in module.RULES]


def init(rules=None):
    """Make the rules known and read the files of the operator; a file with errors is refused.

    :param rules: rules beside the base rules; by default those of all resource packages
    """
    global _declared, _book, _looked
    with _lock:
        _declared = [*RULES, *(discover() if rules is None else rules)]
        _book = _Book(_declared)
        _looked = time.monotonic()


def reset():
    """Forget everything, so that the next check starts anew with the present configuration."""
    global _declared, _book
    with _lock:
        _declared = _book = None


def _current():
    global _book, _looked
    book = _book
    if book is None:
        init()
        return _book
    if time.monotonic() - _looked > RELOAD_INTERVAL and _lock.acquire(blocking=False):
        try:
            if _book is not None and _stamp() != _book.stamp:
                _book = _Book(_declared)
                LOG.info('The policy files were read anew')
        except Exception:
            LOG.exception('The policy files have errors; what they said before still counts')
        finally:
            _looked = time.monotonic()
            _lock.release()
        book = _book or book
    return book


def is_registered(name):
    """Whether a rule of that name is known."""
    return name in _current().enforcer.registered_rules


class _Caller:
    """What the checks know about a context, and the answers given to it so far."""

    def __init__(self, context, book):
        self.book, self.is_admin, self.roles = book, context.is_admin, context.roles
        self.creds = context.to_policy_values()
        self.own = {'project_id': context.project_id, 'user_id': context.user_id}
        self.answers = {}

    def fits(self, context, book):
        """Whether nothing has changed since."""
        return self.book is book and self.is_admin is context.is_admin and self.roles is context.roles


def check(context, name, target=None):
    """Whether the caller passes a rule.

    :param name: a rule or its name; one that nobody declared is an error of ours
    :param target: the row in question; without it what belongs to the caller
    """
    book = _current()
    caller = context.__dict__.get('_policy_caller')
    if caller is None or not caller.fits(context, book):
        caller = context._policy_caller = _Caller(context, book)
    if target is None:
        target = caller.own
    passes, keys = book.find(name)
    if keys is None:
        return _in_scope(book, name, caller.creds) and bool(passes(target, caller.creds))
    question = name, tuple([str(target[key]) if key in target else None for key in keys])
    answer = caller.answers.get(question)
    if answer is None:
        answer = _in_scope(book, name, caller.creds) and bool(passes(target, caller.creds))
        caller.answers[question] = answer
    return answer


def _in_scope(book, name, creds):
    scopes = book.scopes(name)
    if not scopes:
        return True
    if creds.get('system_scope'):
        return 'system' in scopes
    return ('domain' if creds.get('domain_id') else 'project') in scopes


def authorize(context, name, target=None):
    """Let the caller pass a rule.

    :param target: the row in question; without it what belongs to the caller
    :raises PolicyNotAuthorized: when he does not pass
    """
    if not check(context, name, target):
        raise exception.PolicyNotAuthorized(action=name)


def context_is_admin(context):
    """Whether the caller's roles make him an administrator."""
    return check(context, ADMIN)


def list_rules():
    """Defaults of all rules, for the sample file."""
    return [item.default for item in [*RULES, *discover()]]


def get_enforcer():
    """An enforcer with all rules, for the tools of oslo.policy."""
    CONF([], project='manila')
    return _enforcer([*RULES, *discover()])
