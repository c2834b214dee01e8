"""Requests that schemathesis makes of an OpenAPI document."""
import itertools
import json
from urllib import parse

import hypothesis
import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.generation import GenerationMode

from manila.tests.fuzz.messages import VERSION_HEADER, Request

#: Of how many requests of an operation one is made to be wrong.
WRONG = 2


def make(document, version, number, options, generator):
    """Yield requests, as many of each operation as of any other.

    :param generator: knows the rows that there are, and makes the choices
    """
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document)))
    operations = [result.ok() for result in schema.get_all_operations()]
    # Each process begins elsewhere, so that few requests do not all go to the first operations.
    first = options.index * len(operations) // options.processes
    operations = operations[first:] + operations[:first]
    for place, operation in enumerate(operations):
        wanted = number // len(operations) + (place < number % len(operations))
        yield from _of_operation(operation, version, wanted, options, generator)


def _of_operation(operation, version, wanted, options, generator):
    right = list(_drawn(operation, GenerationMode.POSITIVE, wanted - wanted // WRONG, options))
    wrong = list(_drawn(operation, GenerationMode.NEGATIVE, wanted // WRONG, options))
    mixed = [case for pair in itertools.zip_longest(right, wrong) for case in pair if case is not None]
    # An operation without parameters has few different cases: they are sent again, by others and to other rows.
    for case in itertools.islice(itertools.cycle(mixed), wanted):
        yield _request(case, version, generator)


def _drawn(operation, mode, number, options):
    found = []
    if not number:
        return found

    @hypothesis.seed(options.seed * options.processes + options.index)
    @hypothesis.settings(max_examples=number, database=None, deadline=None, phases=[hypothesis.Phase.generate],
                         suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def draw(case):
        found.append((case, mode))

    try:
        draw()
    except hypothesis.errors.Unsatisfiable:     # nothing can be wrong with it
        pass
    return found


def _request(drawn, version, generator):
    case, mode = drawn
    random = generator.random
    wrong = mode == GenerationMode.NEGATIVE
    request = Request(generator.who(), case.method.upper(), _path(case, generator, wrong))
    request.query = parse.urlencode(list(_pairs(case.query or {})), errors='surrogatepass')
    for name, value in (case.headers or {}).items():
        _set_header(request, name, value)
    if not wrong or random.random() < 0.8:
        request.headers[VERSION_HEADER] = version
    if request.who and random.random() < 0.95:
        request.headers.pop('Authorization', None)
    _set_body(request, case, generator)
    return request


def _path(case, generator, wrong):
    """The path, mostly to what exists; what schemathesis chose is percent-encoded already."""
    found = generator.path(case.operation.path)
    if generator.random.random() > (0.6 if wrong else 0.95):
        found = found[:3] + '/'.join(
            str((case.path_parameters or {}).get(part[1:-1], '')) if part.startswith('{') else part
            for part in case.operation.path.split('/'))
    return found


def _pairs(query):
    for name, value in query.items():
        for each in value if isinstance(value, list) else [value]:
            yield str(name), each if isinstance(each, str) else json.dumps(each)


def _set_header(request, name, value):
    """Set a header if a client could send it."""
    value = str(value)
    if value.isprintable() and all(ord(character) < 256 for character in name + value):
        request.headers[name] = value


def _set_body(request, case, generator):
    if case.body is NOT_SET:
        return
    request.headers.setdefault('Content-Type', case.media_type or 'application/json')
    if isinstance(case.body, bytes):
        request.body = case.body
        return
    request.body = json.dumps(_overlaid(case.body, generator)).encode()


def _overlaid(content, generator):
    """The content with some of its fields set to what means something to the service."""
    if isinstance(content, list):
        return [_overlaid(each, generator) for each in content]
    if not isinstance(content, dict):
        return content
    found = {}
    for name, value in content.items():
        if name in generator.samples.hints and generator.random.random() < 0.6:
            found[name] = generator.samples.named(name, {})
        else:
            found[name] = _overlaid(value, generator)
    return found
