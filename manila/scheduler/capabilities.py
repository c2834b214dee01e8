"""Whether what a pool offers satisfies the extra specs of a share type.

A requirement is ``"<operator> <operand>"`` or a plain value. Each one is parsed once and kept, because a
choice asks pools x specs times.
"""
import functools
import operator
import typing

from oslo_utils import strutils

SCOPE = 'capabilities'
IGNORED = frozenset(['availability_zones', 'capabilities:availability_zones', 'default_qos_type'])

NUMERIC = {'=': operator.ge, '>=': operator.ge, '<=': operator.le, '==': operator.eq, '!=': operator.ne}
TEXTUAL = {'s==': operator.eq, 's!=': operator.ne, 's<': operator.lt, 's<=': operator.le,
           's>': operator.gt, 's>=': operator.ge}


class Match(typing.NamedTuple):
    """Outcome of comparing a pool with extra specs: whether all are met, else the first that is not."""

    satisfied: bool
    key: str | None = None
    wanted: str | None = None
    offered: object = None


def satisfies(capability, requirement):
    """Whether a reported value meets a requirement.

    :param capability: what the pool reports; any element of a list may meet the requirement; None never does
    :param requirement: value of an extra spec
    """
    if isinstance(capability, (list, tuple, set, frozenset)):
        return any(satisfies(element, requirement) for element in capability)
    return capability is not None and _predicate(str(requirement))(capability)


def extra_specs_satisfied(capabilities, extra_specs):
    """Compare all extra specs that concern the scheduler with a pool's capabilities.

    :param capabilities: dict of what the pool reports
    :param extra_specs: dict of a share type's extra specs; None means none
    :returns: :class:`Match`
    """
    for key, wanted in (extra_specs or {}).items():
        path = _path(key)
        if path:
            offered = _walk(capabilities, path)
            if not satisfies(offered, wanted):
                return Match(False, key, wanted, offered)
    return Match(True)


@functools.lru_cache(maxsize=4096)
def _path(key):
    """Steps from the capabilities to the value that a spec is about; None when it is about none."""
    if key in IGNORED:
        return None
    parts = tuple(part.strip() for part in key.split(':'))
    if len(parts) == 1:
        return parts
    return parts[1:] if parts[0] == SCOPE else None


def _walk(capabilities, path):
    value = capabilities
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


@functools.lru_cache(maxsize=4096)
def _predicate(requirement):
    """The test of one capability value that a requirement stands for."""
    word, operand = (requirement.split(None, 1) + ['', ''])[:2]
    operand = operand.strip()
    if word in NUMERIC:
        return _numeric(NUMERIC[word], operand)
    if word in TEXTUAL:
        return _textual(TEXTUAL[word], operand.lower())
    if word == '<in>':
        return _textual(operator.contains, operand.lower())
    if word == '<is>':
        wanted = strutils.bool_from_string(operand)
        return lambda capability: strutils.bool_from_string(capability) == wanted
    if word == '<or>':
        choices = frozenset(choice.strip().lower() for choice in operand.split('<or>'))
        return lambda capability: _text(capability) in choices
    return _plain(requirement.strip())


def _numeric(compare, operand):
    wanted = _number(operand)

    def test(capability):
        offered = _number(capability)
        return wanted is not None and offered is not None and compare(offered, wanted)
    return test


def _textual(compare, operand):
    return lambda capability: compare(_text(capability), operand)


def _plain(requirement):
    text, truth = requirement.lower(), strutils.bool_from_string(requirement)

    def test(capability):
        if isinstance(capability, bool):
            return capability == truth
        return _text(capability) == text
    return test


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _text(value):
    return str(value).strip().lower()
