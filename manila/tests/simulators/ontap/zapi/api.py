"""How a call is declared, and what it is handed: its inputs, the SVM it runs in, the cluster."""

import dataclasses
import re

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import query
from manila.tests.simulators.ontap.zapi import errors as numbers, xmltree
from manila.tests.simulators.ontap.zapi.xmltree import Items

REGISTRY = {}
READS = re.compile(r'(-get|-get-iter|-get-destination-iter|-list-info|-list-info-iter|-info|-supported|-status|-version'
                   r'|-defaults|-instances|-details|-path|-clock|-partner|-autosize-get)$')
PAGE = 20
# Inputs that came later than their call, with the version of the interface that brought them.
INPUTS_SINCE = {
    ('volume-create', 'encrypt'): (1, 110), ('volume-move-start', 'encrypt-destination'): (1, 110),
    ('volume-move-start', 'encrypt-with-aggr-key'): (1, 160), ('ldap-client-create', 'ldap-servers'): (1, 120),
    ('volume-create', 'qos-adaptive-policy-group-name'): (1, 140), ('vserver-create', 'vserver-subtype'): (1, 140),
    ('snapmirror-create', 'identity-preserve'): (1, 140), ('snapmirror-policy-create', 'discard-configs'): (1, 140),
    ('nfs-service-modify', 'tcp-max-xfer-size'): (1, 140), ('nfs-service-modify', 'udp-max-xfer-size'): (1, 140),
    ('cifs-domain-preferred-dc-add', 'skip-config-validation'): (1, 150),
    ('vserver-modify', 'volume-delete-retention-hours'): (1, 210),
    ('cifs-security-modify', 'advertised-enc-types'): (1, 220),
}
# Attributes that are none, yet clients in the field ask for them and arrays pay no attention.
IGNORED = {('volume-id-attributes', 'vserver')}


@dataclasses.dataclass
class Api:
    """A declared call. `scope`: svm (needs one), cluster (SVM users do not see it), any."""

    name: str
    function: object
    scope: str
    inputs: set
    needed: list
    record: str = None
    since: tuple = (1, 0)

    def inputs_at(self, ontapi):
        """What may be given in a version of the interface."""
        return {name for name in self.inputs if ontapi >= INPUTS_SINCE.get((self.name, name), (1, 0))}

    @property
    def writes(self):
        return not READS.search(self.name)


def api(name, need='', may='', scope='svm', since=(1, 0)):
    """Declare a call: names of inputs that must and may be given."""
    def register(function):
        REGISTRY[name] = Api(name, function, scope, set(need.split()) | set(may.split()), need.split(), since=since)
        return function
    return register


def iterator(name, record, may='', scope='svm', since=(1, 0)):
    """Declare an iterator: the function returns all records, this takes care of query, choice and pages."""
    def register(function):
        inputs = {'query', 'desired-attributes', 'max-records', 'tag'} | set(may.split())
        REGISTRY[name] = Api(name, function, scope, inputs, [], record, since)
        return function
    return register


@dataclasses.dataclass
class Call:
    """One call after login."""

    cluster: object
    account: object
    svm: object
    element: object
    record_failure: dict = None

    @property
    def name(self):
        return xmltree.local(self.element)

    @property
    def is_cluster_user(self):
        return self.account.svm is None

    @property
    def now(self):
        return self.cluster.now()

    def has(self, name):
        return xmltree.child(self.element, name) is not None

    def text(self, name, default=None):
        found = xmltree.child(self.element, name)
        return default if found is None else (found.text or '').strip()

    def flag(self, name, default=None):
        value = self.text(name)
        return default if value in (None, '') else value.lower() == 'true'

    def number(self, name, default=None):
        """A whole number; sizes such as '10g' are bytes."""
        return number(self.text(name), name, default)

    def items(self, name):
        """The texts of a list, None when it was not given."""
        found = xmltree.child(self.element, name)
        return None if found is None else [(c.text or '').strip() for c in found]

    def struct(self, name):
        """The leaves of a structure: path -> text."""
        found = xmltree.child(self.element, name)
        return {} if found is None else dict(xmltree.leaves(found))

    def volume(self, name='volume'):
        """The volume an input names."""
        wanted = self.text(name)
        return volume_of(self.svm, wanted)

    def data_svm(self, name='vserver'):
        """The SVM an input names, or the one of the call."""
        wanted = self.text(name)
        if not wanted:
            if self.svm is None:
                raise Refused('missing_value', 'Missing input: %s' % name)
            return self.svm
        return find_svm(self.cluster, wanted)

    @property
    def svms(self):
        """The data SVMs this call sees."""
        return [self.svm] if self.svm is not None else self.cluster.data_svms


def volume_of(svm, name):
    for volume in svm.volumes:
        if volume.name == name:
            return volume
    raise Refused('volume.missing', 'Volume "%s" does not exist in Vserver "%s".' % (name, svm.name))


def find_svm(cluster, name):
    for svm in cluster.svms:
        if svm.name == name:
            return svm
    raise Refused('svm.not_found', 'Specified vserver not found: "%s"' % name)


def number(text, name, default=None):
    if text in (None, ''):
        return default
    size = query.bytes_of(text)
    if size is not None:
        return size
    try:
        return int(text)
    except ValueError:
        raise errors.invalid(name, text) from None


def selected(call, records, record_name):
    """Those records that satisfy the query."""
    conditions = wanted_leaves(call, 'query', record_name)
    found = []
    for record in records:
        flat = xmltree.flatten(record)
        if all(query.matches(_values(flat, path), text, '|') for path, text in conditions):
            found.append(record)
    return found


def _values(flat, path):
    """Values at a path. Some clients write underscores in names of inner lists, and 'vserver' for its longer name."""
    if path in flat:
        return flat[path]
    if path == ('vserver',):
        return flat.get(('vserver-name',), [])
    return flat.get(tuple(p.replace('_', '-') for p in path), [])


def wanted_leaves(call, name, record_name):
    """(path, text) of the leaves of the query's record with a text."""
    outer = xmltree.child(call.element, name)
    inner = xmltree.child(outer, record_name)
    return [] if inner is None else [(p, t) for p, t in xmltree.leaves(inner) if t and p not in IGNORED]


def check_paths(call, records_shape, record_name):
    """In strict mode a query may only ask for attributes the record type has."""
    outer = xmltree.child(call.element, 'query')
    if outer is None:
        return
    for element in outer:
        if xmltree.local(element) != record_name:
            raise Refused('unknown_field', 'Extra input: %s' % xmltree.local(element))


def chosen(call, record, record_name):
    """The part of a record that the desired attributes name; all of it when they name nothing."""
    outer = xmltree.child(call.element, 'desired-attributes')
    inner = xmltree.child(outer, record_name)
    if inner is None or not len(inner):
        return record
    return _part(record, inner)


def _part(record, selector):
    found = {}
    for wanted in selector:
        name = xmltree.local(wanted)
        if name not in record or record[name] is None:
            continue
        value = record[name]
        found[name] = _part(value, wanted) if isinstance(value, dict) and len(wanted) else value
    return found


def each_of(call, record_name, things, act, key):
    """Do something to each of the things a query found and answer as calls do that change many.

    What fails is listed by itself; continue-on-failure 'false' ends with the first that does. A failure injected
    for one record hits the first.
    """
    done, failed = [], []
    going_on = call.flag('continue-on-failure', True)
    for thing in things[:call.number('max-records', len(things))]:
        known_by = key(thing)
        try:
            if call.record_failure:
                fault, call.record_failure = call.record_failure, None
                raise Refused('raw.400.%s' % fault['errno'], fault.get('reason', 'injected fault'))
            act(thing)
            done.append(known_by)
        except Refused as refused:
            failed.append(dict({'error-code': numbers.number_of(refused.reason),
                                'error-message': numbers.text_of(refused)}, **known_by))
            if not going_on:
                break
    answer = {'num-succeeded': len(done), 'num-failed': len(failed)}
    if done and call.flag('return-success-list', True):
        answer['success-list'] = Items(record_name, done)
    if failed and call.flag('return-failure-list', True):
        answer['failure-list'] = Items(record_name, failed)
    return answer


def page(call, records, record_name):
    """One page of an iterator's records, with the tag for the next."""
    limit = call.number('max-records', PAGE)
    if limit < 1:
        raise errors.invalid('max-records', limit)
    setting = call.cluster.settings['page_limit']
    limit = min(limit, setting) if setting else limit
    start = 0
    tag = call.text('tag')
    if tag:
        match = re.match(r'^<[\w-]+-key-td><key-0>(\d+)</key-0></[\w-]+-key-td>$', tag)
        if not match:
            raise errors.invalid('tag', tag)
        start = int(match.group(1))
    part = records[start:start + limit]
    answer = {}
    if part:
        answer['attributes-list'] = Items(record_name, [chosen(call, r, record_name) for r in part])
    answer['num-records'] = len(part)
    if start + limit < len(records):
        answer['next-tag'] = '<%s-key-td><key-0>%d</key-0></%s-key-td>' % (record_name, start + limit, record_name)
    return answer
