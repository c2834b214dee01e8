"""From a request to an answer: routing, collections, instances, bulk writes, jobs and waiting for them."""

import dataclasses
import json
import time
import urllib.parse

from manila.tests.simulators.ontap.model import accounts
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.model.jobs import Job
from manila.tests.simulators.ontap.rest import (
    aggregates,
    cifs,
    cli,
    cluster,
    errors,
    exports,
    files,
    fpolicy,
    groups,
    names,
    network,
    nfs,
    peers,
    qos,
    qtrees,
    query,
    resource as resources,
    security,
    snapmirror,
    snapshots,
    svms,
    volumes,
)

MODULES = (aggregates, cifs, cluster, exports, files, fpolicy, groups, names, network, nfs, peers, qos, qtrees,
           security, snapmirror, snapshots, svms, volumes)
METHODS = ('GET', 'HEAD', 'OPTIONS', 'POST', 'PATCH', 'DELETE')
DEFAULT_PAGE = 10000


@dataclasses.dataclass
class Answer:
    status: int = 200
    body: dict = None
    headers: dict = dataclasses.field(default_factory=dict)


def match(path):
    """(resource, parent keys, own keys) for a path below /api. The first keys alone name a part of a collection."""
    parts = [p for p in path.split('/') if p]
    for resource in resources.REGISTRY:
        pattern = [p for p in resource.path.split('/') if p]
        rest = len(parts) - len(pattern)
        if not 0 <= rest <= (0 if resource.singleton else len(resource.keys)):
            continue
        if all(p == q or p.startswith('{') for p, q in zip(pattern, parts, strict=False)):
            parents = [urllib.parse.unquote(q) for p, q in zip(pattern, parts, strict=False) if p.startswith('{')]
            return resource, parents, parts[len(pattern):]
    return None, (), ()


def handle(call):
    """The answer to a call. Refusals become error answers here and only here."""
    try:
        _check_rights(call)
        _timeout(call)
        if call.path.startswith('/private/cli'):
            return cli.handle(call, Answer)
        resource, parents, keys = match(call.path)
        if resource is None or call.cluster.version < resource.since:
            raise Refused('bad_url', 'API not found')
        if call.method not in METHODS:
            raise Refused('unsupported', 'The method %s is not supported.' % call.method)
        _check_scope(call, resource)
        if 0 < len(keys) < len(resource.keys):
            call.prefix, keys = tuple(urllib.parse.unquote(k) for k in keys), ()
        return _dispatch(call, resource, parents, keys)
    except Refused as refused:
        status, body = errors.body(call.cluster, refused)
        return Answer(status, body)


def _check_rights(call):
    write = call.method not in ('GET', 'HEAD', 'OPTIONS')
    if not accounts.allowed(call.account, 'rest', '/api' + call.path, write):
        raise Refused('forbidden', 'not authorized for that command')


def _check_scope(call, resource):
    if resource.scope == 'cluster' and not call.is_cluster_user:
        raise Refused('forbidden', 'not authorized for that command')


def _dispatch(call, resource, parents, keys):
    if call.method == 'OPTIONS':
        return Answer(200, {}, {'Allow': ', '.join(METHODS)})
    if call.method in ('GET', 'HEAD'):
        if call.strict and call.data not in (None, {}):
            raise Refused('body_not_allowed', 'A body is not allowed on %s.' % call.method)
        if resource.singleton or keys:
            return _get_one(call, resource, parents, keys)
        return _get_many(call, resource, parents)
    if call.method == 'POST':
        if keys:
            raise Refused('unsupported', 'POST is not supported on an instance.')
        return _post(call, resource, parents)
    if call.method == 'DELETE':
        _check_delete_body(call, resource)
    if call.method == 'PATCH' and call.strict and not call.data and not any(
            f in call.params for f in resource.flags):
        raise Refused('no_changes', 'PATCH requires at least one value to be specified.')
    if resource.singleton or keys:
        return _write_one(call, resource, parents, keys)
    return _write_many(call, resource, parents)


def _check_delete_body(call, resource):
    """DELETE has no body, but for a list of records and the few keys that clients in the field send."""
    if call.strict and isinstance(call.data, dict) and set(call.data) - {'records', *resource.delete_body}:
        raise Refused('body_not_allowed', 'A body is not allowed on DELETE.')


# --- reading ----------------------------------------------------------------------------------------------------
def _get_one(call, resource, parents, keys):
    thing = next(iter(resource.visible(call, *parents)), None) if resource.singleton else resource.find(
        call, parents, keys)
    if thing is None:
        raise Refused('not_found', "entry doesn't exist")
    selection = query.Selection(resource.fields, resource.identity, call.params.get('fields'),
                                call.cluster.version, True)
    return Answer(200, selection.apply(resource.record(call, thing)))


def _get_many(call, resource, parents):
    used = list(resource.filters(call))
    call.needed = _needed(call, resource, used)
    found = resource.select(call, parents)
    selection = query.Selection(resource.fields, resource.identity, call.params.get('fields'), call.cluster.version,
                                False, used)
    order_by = call.params.get('order_by')
    if order_by:
        found = query.sort(found, order_by, resource.fields)
    else:
        found.sort(key=lambda item: resource.key(item[0]))
    page, following = _page(call, resource, found, bool(order_by))
    answer = Answer(200, {})
    if call.params.get('return_records', 'true') != 'false':
        answer.body['records'] = [selection.apply(record) for _, _, record in page]
    answer.body['num_records'] = len(page)
    answer.body['_links'] = {'self': {'href': _href(call, call.params)}}
    if following:
        answer.body['_links']['next'] = {'href': following}
        answer.headers['Link'] = '<%s>; rel="next"' % following
    return answer


def _needed(call, resource, used):
    """The outermost names of all fields that an answer or its query has to do with, None for all."""
    asked = query.expand(call.params.get('fields', ''))
    if '*' in asked or '**' in asked:
        return None
    ordered = [part.split()[0] for part in call.params.get('order_by', '').split(',') if part.strip()]
    across = call.params.get('query_fields', '').split(',')
    return {name.lstrip('!').split('.')[0] for name in [*asked, *used, *ordered, *across, *resource.identity]}


def _page(call, resource, found, ordered):
    """One page of the records and the link to the next one, if there are more."""
    limit = _whole(call.params.get('max_records', DEFAULT_PAGE), 'max_records')
    setting = call.cluster.settings['page_limit']
    limit = min(limit, setting) if setting else limit
    first = _whole(call.params.get('offset', 0), 'offset')
    start = [v for k, v in call.params.items() if k.startswith('start.')]
    if start:
        first = next((i for i, item in enumerate(found) if list(resource.key(item[0])) >= start), len(found))
    page = found[first:first + limit]
    if len(found) <= first + limit:
        return page, None
    params = {k: v for k, v in call.params.items() if not k.startswith('start.') and k != 'offset'}
    if ordered:
        params['offset'] = str(first + limit)
    else:
        names = ['start.' + k for k in resource.keys]
        params.update(zip(names, resource.key(found[first + limit][0]), strict=True))
    return page, _href(call, params)


def _whole(text, name):
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise Refused('bad_type', 'The value "%s" is invalid for field "%s".' % (text, name), name)
    return value


def _href(call, params):
    encoded = urllib.parse.urlencode(params)
    return '/api%s%s' % (call.path, '?' + encoded if encoded else '')


# --- writing ----------------------------------------------------------------------------------------------------
def _post(call, resource, parents):
    if isinstance(call.data, dict) and isinstance(call.data.get('records'), list):
        return _post_many(call, resource, parents)
    data = call.data if call.data is not None else {}
    made, location = _create(call, resource, parents, data)
    headers = {'Location': '/api' + location} if location else {}
    if isinstance(made, Job):
        return _job_answer(call, [made], resource, headers)
    return Answer(201, _records_body(call, resource, [made]), headers)


def _create(call, resource, parents, data):
    made = resource.create(call, resource.body(call, data, 'p'), *parents)
    if isinstance(made, resources.Made):
        return made
    return made, resource.location(made) if made is not None else None


def _post_many(call, resource, parents):
    """Several objects in one request: jobs are named, what is done at once is counted."""
    made = [_create(call, resource, parents, data) for data in call.data['records']]
    started = [m for m, _ in made if isinstance(m, Job)]
    keys = [dict(zip(resource.keys, [urllib.parse.unquote(p) for p in where.split('/')[-len(resource.keys):]],
                     strict=True)) for _, where in made if where]
    body = {'num_records': len(made), 'records': [resources.nest({}, k) for k in keys]}
    if started:
        body['jobs'] = [resources.job_links(call, job) for job in started]
        return Answer(202, body)
    return Answer(201, body)


def _records_body(call, resource, things):
    if not call.flag('return_records') or things == [None]:
        return {}
    return {'num_records': len(things), 'records': [resource.record(call, t) for t in things]}


def _write_one(call, resource, parents, keys):
    if resource.singleton:
        thing = next(iter(resource.visible(call, *parents)), None)
        if thing is None:
            raise Refused('not_found', "entry doesn't exist")
    else:
        thing = resource.find(call, parents, keys)
    _check_params(call, resource)
    result = _write(call, resource, thing)
    if isinstance(result, Job):
        return _job_answer(call, [result], resource)
    return Answer(200, {})


def _check_params(call, resource):
    """Parameters of a write to one object are flags only."""
    if call.strict:
        resource.filters(call)


def _write(call, resource, thing):
    if call.method == 'PATCH':
        return resource.modify(call, thing, resource.body(call, call.data or {}, 'm'))
    return resource.remove(call, thing, call.data or {})


def _write_many(call, resource, parents):
    """A change or removal of all objects that satisfy a query, or of those listed in the body."""
    if isinstance(call.data, dict) and isinstance(call.data.get('records'), list):
        targets = [_listed_target(call, resource, parents, dict(record)) for record in call.data['records']]
    else:
        if not resource.filters(call):
            raise Refused('missing_value', 'A query is required to %s a collection.' % call.method)
        call.needed = _needed(call, resource, resource.filters(call))
        targets = [(thing, call.data) for thing, _, _ in resource.select(call, parents)]
    if not targets:
        reason = resource.missing_on_change if call.method == 'PATCH' else 'not_found'
        raise Refused(reason, "entry doesn't exist")
    outcome, failures = [], []
    for thing, data in targets:
        try:
            outcome.append(_write(dataclasses.replace(call, data=data), resource, thing))
        except Refused as refused:
            if not call.flag('continue_on_failure'):
                raise
            failures.append(refused)
    if failures and len(failures) == len(targets):
        raise failures[0]
    started = [job for job in outcome if isinstance(job, Job)]
    if started:
        return _job_answer(call, started, resource, many=len(targets))
    return Answer(200, {'num_records': len(outcome)})


def _listed_target(call, resource, parents, record):
    flat = query.flatten(record)
    for thing in resource.visible(call, *parents):
        key = resource.key(thing)
        if all([str(v) for v in flat.get(name, [])] in ([], [key[i]]) for i, name in enumerate(resource.keys)) \
                and any(name in flat for name in resource.keys):
            for name in resource.keys:
                record.pop(name.split('.')[0], None)
            return thing, record
    raise Refused('not_found', "entry doesn't exist")


# --- jobs -------------------------------------------------------------------------------------------------------
def _job_answer(call, started, resource, headers=None, many=None):
    """202 with the job, or the final result when the client waits for it long enough."""
    seconds = _timeout(call)
    if seconds and _wait(call, started, seconds):
        failed = [job for job in started if job.state == 'failure']
        if failed:
            raise Refused(*failed[0].refusal)
        if call.method == 'POST':
            return Answer(201, _records_body(call, resource, [j.result for j in started]), headers or {})
        return Answer(200, {'num_records': many} if many else {})
    body = {'job': resources.job_links(call, started[0])}
    if many:
        body['jobs'] = [resources.job_links(call, job) for job in started]
        body['num_records'] = many
    return Answer(202, body, headers or {})


def _timeout(call):
    text = call.params.get('return_timeout', '0')
    if not text.isdigit() or int(text) > 120:
        raise Refused('bad_type', 'The value "%s" is invalid for field "return_timeout" (0..120).' % text,
                      'return_timeout')
    return int(text)


def _wait(call, started, seconds):
    """Wait up to `seconds` of real time for jobs; the lock is free meanwhile."""
    world = call.cluster.world
    end = time.monotonic() + seconds
    while True:
        world.settle()
        if all(job.ended for job in started):
            return True
        left = end - time.monotonic()
        if left <= 0:
            return False
        due = world.next_due()
        world.changed.wait(min(left, 0.5 if due is None else max(due, 0.001)))


def encode(call, answer):
    """The bytes of an answer's body."""
    if answer.body is None or call.method == 'HEAD':
        return b''
    return json.dumps(answer.body, indent=2 if call.flag('pretty') else None).encode()
