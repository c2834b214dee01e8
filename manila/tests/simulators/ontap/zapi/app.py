"""From the bytes of a request to the bytes of an answer."""

import logging

from lxml import etree

from manila.tests.simulators.ontap.model import accounts
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.zapi import (
    aggregates,
    api,
    cifs,
    cluster,
    efficiency,
    errors,
    exports,
    fpolicy,
    names,
    network,
    nfs,
    peers,
    perf,
    qos,
    qtrees,
    security,
    snapmirror,
    snapshots,
    svms,
    volumes,
    xmltree,
)

MODULES = (aggregates, cifs, cluster, efficiency, exports, fpolicy, names, network, nfs, peers, perf, qos, qtrees,
           security, snapmirror, snapshots, svms, volumes)
LOG = logging.getLogger(__name__)


def peek(data):
    """(name of the call, SVM tunnelled to) of a request, for the log."""
    try:
        root = xmltree.parse(data)
        return (xmltree.local(root[0]) if len(root) else 'none'), root.get('vfiler')
    except (etree.XMLSyntaxError, ValueError):
        return 'malformed', None


def version_of(cluster):
    return '%d.%d' % cluster.ontapi


def failure(cluster, errno, reason):
    return xmltree.document(version_of(cluster), errno=errno, reason=reason)


def handle(cluster, account, data, record_failure=None):
    """The answer to a request. Refusals become failed results here and only here."""
    try:
        try:
            root = xmltree.parse(data)
        except (etree.XMLSyntaxError, ValueError):
            raise Refused('bad_xml', 'The request is not well-formed XML.') from None
        return xmltree.document(version_of(cluster), _run(cluster, account, root, record_failure))
    except Refused as refused:
        return failure(cluster, errors.number_of(refused.reason), errors.text_of(refused))
    except Exception:
        LOG.exception('The simulator failed on %s', peek(data)[0])
        return failure(cluster, 13114, 'internal error of the simulator')


def _run(cluster, account, root, record_failure):
    if xmltree.local(root) != 'netapp' or len(root) != 1:
        raise Refused('bad_xml', 'A request is one call inside the element netapp.')
    element = root[0]
    name = xmltree.local(element)
    declared = api.REGISTRY.get(name)
    if declared is None or cluster.ontapi < declared.since:
        raise Refused('unknown_api', 'Unable to find API: %s' % name)
    svm = _scope(cluster, account, root.get('vfiler'))
    if declared.scope == 'cluster' and account.svm is not None:
        raise Refused('unknown_api', 'Unable to find API: %s' % name)
    if not accounts.allowed(account, 'zapi', name, declared.writes):
        raise Refused('privilege', "Insufficient privileges: user '%s' does not have %s access to this resource" % (
            account.name, 'write' if declared.writes else 'read'))
    call = api.Call(cluster, account, svm, element, record_failure)
    if declared.scope == 'svm' and svm is None and not declared.record:
        raise Refused('missing_value', 'Call %s must be made in a Vserver.' % name)
    _check_inputs(call, declared)
    if not declared.record:
        return _narrowed(call, declared.function(call) or {})
    records = declared.function(call)
    extra = {}
    if isinstance(records, tuple):
        records, extra = records
    return dict(api.page(call, api.selected(call, records, declared.record), declared.record), **extra)


def _narrowed(call, answer):
    """The answer with only those attributes of its record that were asked for."""
    record = answer.get('attributes')
    if record and call.has('desired-attributes'):
        answer = dict(answer, attributes={name: api.chosen(call, value, name) for name, value in record.items()})
    return answer


def _scope(cluster, account, vfiler):
    """The SVM a call runs in: the user's own, or the one tunnelled to; None for the cluster."""
    if account.svm is not None:
        if vfiler and vfiler != account.svm.name:
            raise Refused('svm.not_found', 'Specified vserver not found: "%s"' % vfiler)
        return account.svm
    if not vfiler:
        return None
    svm = api.find_svm(cluster, vfiler)
    return svm if svm.type == 'data' else None


def _check_inputs(call, declared):
    given = {xmltree.local(c) for c in call.element}
    if call.cluster.settings['strict']:
        extra = sorted(given - declared.inputs_at(call.cluster.ontapi))
        if extra:
            raise Refused('unknown_field', 'Extra input: %s' % extra[0])
        if declared.record:
            api.check_paths(call, None, declared.record)
    for name in declared.needed:
        if name not in given:
            raise Refused('missing_value', 'Missing input: %s' % name)
