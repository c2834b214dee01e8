"""Check strings of policy rules, read by other means than those of the service.

Knows as much of their language as the defaults use: ``and``, ``or``, parentheses, ``role:``, ``rule:``,
``is_admin:`` and comparisons of the caller with the row (``project_id:%(project_id)s``).
"""
import re

from manila import policy

_TOKEN = re.compile(r'\(|\)(?!s)|(?:%\(\w+\)s|[^\s()])+')


class Table:
    """The documented defaults.

    :param older: whether the older defaults count beside those of today, as without ``enforce_new_defaults``
    """

    def __init__(self, older=False):
        self._checks = {}
        for rule in policy.list_rules():
            self._checks[rule.name] = [rule.check_str]
            if older and rule.deprecated_rule:
                self._checks[rule.name].append(rule.deprecated_rule.check_str)

    def passes(self, name, caller, target):
        """Whether a caller passes a rule about a row.

        :param caller: dict of roles, project_id and user_id
        :param target: dict of project_id and user_id
        """
        return any(self._evaluate(check, caller, target) for check in self._checks[name])

    def _evaluate(self, check, caller, target):
        if not check:
            return True
        words = {'(': '(', ')': ')', 'and': ' and ', 'or': ' or '}
        # Every other token becomes True or False, so that Python's own rules of precedence do the rest.
        return eval(''.join(words.get(token) or str(self._atom(token, caller, target))      # noqa: S307
                            for token in _TOKEN.findall(check)))

    def _atom(self, token, caller, target):
        kind, _colon, value = token.partition(':')
        if kind == 'rule':
            return self.passes(value, caller, target)
        if kind == 'role':
            return value in caller['roles']
        if kind == 'is_admin':
            return ('admin' in caller['roles']) is (value == 'True')
        assert value == f'%({kind})s', f'{token} is not known to these tests'
        return caller[kind] == target[kind]
