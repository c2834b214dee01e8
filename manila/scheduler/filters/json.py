"""Filter by an expression the user sends along, written in JSON."""
import json
import operator

from manila.scheduler.filters import base_host


class JsonFilter(base_host.ExplainingFilter):
    """Passes pools for which the hint ``query`` is true.

    The query is ``[operator, argument, ...]`` with operators ``< > = <= >= in not or and``; an argument is a
    value, a query, or ``"$name.key"`` for an attribute of the pool. ``=`` and its kin compare the first
    argument with every other one, ``in`` looks for the first among the others.
    """

    def refusal(self, host_state, filter_properties):
        query = base_host.hints(filter_properties).get('query')
        if not query:
            return None
        try:
            passes = _value(json.loads(query) if isinstance(query, str) else query, host_state)
        except (ValueError, TypeError, RecursionError) as error:
            return f'query: {error}'
        return None if _truth(passes) else 'query: the pool does not match'


def _value(query, pool):
    if isinstance(query, str) and query.startswith('$'):
        return _look_up(query[1:], pool)
    if not isinstance(query, list):
        return query
    if not query:
        return False
    word, *arguments = query
    operation = OPERATIONS.get(word) if isinstance(word, str) else None
    if operation is None:
        raise ValueError(f'{word!r} is no operator')
    return operation([_value(argument, pool) for argument in arguments])


def _look_up(path, pool):
    """The value of an attribute, or of a key below it; None when there is none."""
    value = vars(pool)
    for step in path.split('.'):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _truth(value):
    return any(value) if isinstance(value, list) else bool(value)


def _compared(compare):
    def operation(arguments):
        if len(arguments) < 2:
            return False
        first, *others = arguments
        return all(first is not None and other is not None and compare(first, other) for other in others)
    return operation


def _among(arguments):
    if not arguments:
        return False
    first, *others = arguments
    if len(others) == 1 and isinstance(others[0], list):
        others = others[0]
    return first in others


OPERATIONS = {
    '=': _compared(operator.eq), '<': _compared(operator.lt), '>': _compared(operator.gt),
    '<=': _compared(operator.le), '>=': _compared(operator.ge), 'in': _among,
    'not': lambda arguments: [not argument for argument in arguments],
    'or': any, 'and': all,
}
