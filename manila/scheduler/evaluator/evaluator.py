"""Evaluate ``filter_function`` and ``goodness_function`` expressions.

An expression is parsed once into nested closures and kept: a choice evaluates the same few expressions for
every pool. From the tightest binding to the loosest: ``^``; unary ``+ -``; ``* /``; ``+ -``; ``NOT ! not``;
comparisons ``< <= > >= == = != <>`` (``1 < a < 5`` chains); ``c ? a : b``; ``AND && and``; ``OR || or``.
Operands are numbers, ``True``, ``False``, quoted strings, names such as ``share.size``, ``abs(x)``,
``min(x, y, ...)``, ``max(x, y, ...)`` and anything in parentheses.
"""
import functools
import math
import operator
import re

from manila import exception

TOKEN = re.compile(r"""\s*(?:
    (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<string>'[^']*'|"[^"]*")
  | (?P<name>[A-Za-z_]\w*(?:\.\w+)*)
  | (?P<symbol><=|>=|==|!=|<>|&&|\|\||[-+*/^<>=!?:(),])
)""", re.VERBOSE)

COMPARISONS = {'<': operator.lt, '<=': operator.le, '>': operator.gt, '>=': operator.ge,
               '==': operator.eq, '=': operator.eq, '!=': operator.ne, '<>': operator.ne}
WORDS = {'not': '!', 'and': '&&', 'or': '||'}
FUNCTIONS = {'abs': abs, 'min': min, 'max': max}
TRUTH = {'true': True, 'false': False}

#: A closure per level of nesting calls the next one, so this keeps far below Python's own limit.
DEEPEST = 30


def evaluate(expression, **namespaces):
    """The value of an expression: a number, a boolean or a string.

    :param expression: text; see the module's description
    :param namespaces: dicts that names refer to: with ``share={'size': 5}``, ``share.size`` is 5
    :raises manila.exception.EvaluatorParseException: when the text is no expression, a name is unknown, or
        the values do not go together
    """
    try:
        return _compile(str(expression))(namespaces)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise exception.EvaluatorParseException(reason=f'{expression}: {error}')


@functools.lru_cache(maxsize=1024)
def _compile(expression):
    """A function of the namespaces that yields the value of an expression."""
    return _Parser(expression).parse()


class _Parser:
    """Recursive descent, one method for each binding strength."""

    def __init__(self, expression):
        self.expression = expression
        self.tokens = list(self._split(expression))
        self.position = 0
        self.depth = 0

    def parse(self):
        """The closure of the whole expression."""
        value = self.either()
        if self.kind:
            raise self.error(f'"{self.text}" is not expected here')
        return value

    def error(self, why):
        return exception.EvaluatorParseException(reason=f'{self.expression}: {why}')

    def _split(self, expression):
        position, end = 0, len(expression.rstrip())
        while position < end:
            found = TOKEN.match(expression, position)
            if found is None:
                raise self.error(f'"{expression[position:].strip()[:20]}" is not understood')
            position = found.end()
            kind, text = found.lastgroup, found.group(found.lastgroup)
            if kind == 'name' and text.lower() in WORDS:
                kind, text = 'symbol', WORDS[text.lower()]
            yield kind, text

    @property
    def kind(self):
        """Kind of the next token, None at the end."""
        return self.tokens[self.position][0] if self.position < len(self.tokens) else None

    @property
    def text(self):
        """Text of the next token."""
        return self.tokens[self.position][1] if self.kind else 'the end'

    def take(self, *symbols):
        """Step over the next token and return it if it is one of these symbols."""
        if self.kind == 'symbol' and self.text in symbols:
            self.position += 1
            return self.tokens[self.position - 1][1]
        return None

    def need(self, symbol):
        if not self.take(symbol):
            raise self.error(f'"{symbol}" is expected instead of "{self.text}"')

    def either(self):
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error('it is nested too deeply')
        operands = [self.both()]
        while self.take('||'):
            operands.append(self.both())
        self.depth -= 1
        return _first_where(True, operands)

    def both(self):
        operands = [self.conditional()]
        while self.take('&&'):
            operands.append(self.conditional())
        return _first_where(False, operands)

    def conditional(self):
        condition = self.comparison()
        if not self.take('?'):
            return condition
        chosen = self.either()
        self.need(':')
        return _if(condition, chosen, self.nested(self.conditional))

    def comparison(self):
        first, steps = self.negation(), []
        while symbol := self.take(*COMPARISONS):
            steps.append((COMPARISONS[symbol], self.negation()))
        return _chain(first, steps) if steps else first

    def negation(self):
        if not self.take('!'):
            return self.addition()
        operand = self.nested(self.negation)
        return lambda names: not operand(names)

    def addition(self):
        return self._binary(self.multiplication, {'+': _add, '-': operator.sub})

    def multiplication(self):
        return self._binary(self.sign, {'*': _multiply, '/': operator.truediv})

    def _binary(self, tighter, operations):
        first, steps = tighter(), []
        while symbol := self.take(*operations):
            steps.append((operations[symbol], tighter()))
        return _fold(first, steps) if steps else first

    def sign(self):
        symbol = self.take('+', '-')
        if not symbol:
            return self.power()
        operand = self.nested(self.sign)
        if symbol == '+':
            return lambda names: +operand(names)
        return lambda names: -operand(names)

    def power(self):
        base = self.operand()
        if not self.take('^'):
            return base
        exponent = self.nested(self.sign)
        # Floating point overflows where integers would compute for long.
        return lambda names: math.pow(base(names), exponent(names))

    def nested(self, method):
        """Call a method that may lead back to its caller without parentheses, as in ``- - - 1``."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error('it is nested too deeply')
        value = method()
        self.depth -= 1
        return value

    def operand(self):
        if self.take('('):
            value = self.either()
            self.need(')')
            return value
        kind, text = self.kind, self.text
        if kind not in ('number', 'string', 'name'):
            raise self.error(f'a value is expected instead of "{text}"')
        self.position += 1
        if kind == 'name':
            return self.named(text)
        return _constant(_number(text) if kind == 'number' else text[1:-1])

    def named(self, name):
        if self.take('('):
            return self.call(name)
        if name.lower() in TRUTH:
            return _constant(TRUTH[name.lower()])
        return _Name(name)

    def call(self, name):
        function = FUNCTIONS.get(name.lower())
        if function is None:
            raise self.error(f'there is no function {name}')
        arguments = [self.either()]
        while self.take(','):
            arguments.append(self.either())
        self.need(')')
        if function is not abs and len(arguments) == 1:
            raise self.error(f'{name} compares at least two values')
        return lambda names: function(*[argument(names) for argument in arguments])


class _Name:
    """A dotted name, looked up in the namespaces; text that reads as a number counts as one."""

    def __init__(self, name):
        self.name = name
        self.path = name.split('.')

    def __call__(self, namespaces):
        value = namespaces
        for step in self.path:
            if not isinstance(value, dict) or step not in value:
                raise exception.EvaluatorParseException(reason=f'there is no {self.name}')
            value = value[step]
        if value is None or isinstance(value, dict):
            raise exception.EvaluatorParseException(reason=f'{self.name} has no value')
        return _number(value) if isinstance(value, str) else value


def _number(text):
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text


def _constant(value):
    return lambda names: value


def _first_where(truth, operands):
    """The first value that is as true as wanted, else the last one; the rest is not looked at."""
    if len(operands) == 1:
        return operands[0]

    def test(names):
        for operand in operands:
            value = operand(names)
            if bool(value) is truth:
                break
        return value
    return test


def _if(condition, chosen, other):
    return lambda names: chosen(names) if condition(names) else other(names)


def _chain(first, steps):
    """``a < b < c``: every neighbouring pair has to hold."""
    def test(names):
        left = first(names)
        for compare, operand in steps:
            right = operand(names)
            if not compare(left, right):
                return False
            left = right
        return True
    return test


def _fold(first, steps):
    """Apply operations from left to right."""
    def compute(names):
        value = first(names)
        for operation, operand in steps:
            value = operation(value, operand(names))
        return value
    return compute


def _add(left, right):
    _numbers_only(left, right)
    return left + right


def _multiply(left, right):
    _numbers_only(left, right)
    return left * right


def _numbers_only(*values):
    """Python would join or repeat strings and lists here."""
    for value in values:
        if not isinstance(value, (int, float)):
            raise TypeError(f'{value!r} is not a number')
