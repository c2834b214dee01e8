"""FPolicy."""

from manila.tests.simulators.ontap.model import errors, fpolicy
from manila.tests.simulators.ontap.zapi.api import api, iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items

SCOPE = {'shares-to-include': 'include_shares', 'file-extensions-to-include': 'include_extension',
         'file-extensions-to-exclude': 'exclude_extension', 'shares-to-exclude': 'exclude_shares',
         'volumes-to-include': 'include_volumes', 'volumes-to-exclude': 'exclude_volumes',
         'export-policies-to-include': 'include_export_policies',
         'export-policies-to-exclude': 'exclude_export_policies'}
SCOPE_FLAGS = {'is-monitoring-of-objects-with-no-extension-enabled': 'object_monitoring_with_no_extension',
               'is-file-extension-check-on-directories-enabled': 'check_extensions_on_directories'}
SCOPE_INPUTS = ' '.join([*SCOPE, *SCOPE_FLAGS])


def policy(call):
    return fpolicy.get_policy(call.svm, call.text('policy-name'))


@api('fpolicy-policy-event-create', need='event-name', may='protocol file-operations volume-operation')
def create_event(call):
    fpolicy.create_event(call.svm, call.text('event-name'), call.text('protocol'), call.items('file-operations') or [])


@api('fpolicy-policy-event-modify', need='event-name', may='protocol file-operations volume-operation')
def modify_event(call):
    event = fpolicy.get_event(call.svm, call.text('event-name'))
    protocol, operations = call.text('protocol', event.protocol), call.items('file-operations')
    fpolicy.check_event(protocol, operations or ())
    event.protocol = protocol
    event.operations = event.operations if operations is None else operations
    event.volume_operation = call.flag('volume-operation', event.volume_operation)


@api('fpolicy-policy-event-delete', need='event-name')
def delete_event(call):
    fpolicy.delete_event(fpolicy.get_event(call.svm, call.text('event-name')))


@iterator('fpolicy-policy-event-get-iter', 'fpolicy-event-options-config')
def events(call):
    return [{'event-name': e.name, 'protocol': e.protocol, 'volume-operation': e.volume_operation, 'vserver': svm.name,
             'file-operations': Items('fpolicy-operation', e.operations)}
            for svm in call.svms for e in svm.fpolicy_events]


POLICY = 'engine-name is-mandatory allow-privileged-access is-passthrough-read-enabled'


@api('fpolicy-policy-create', need='policy-name events', may=POLICY)
def create(call):
    fpolicy.create_policy(call.svm, call.text('policy-name'), call.items('events'),
                          engine=call.text('engine-name', 'native'), mandatory=call.flag('is-mandatory', True),
                          privileged=call.flag('allow-privileged-access', False),
                          passthrough=call.flag('is-passthrough-read-enabled', False))


@api('fpolicy-policy-modify', need='policy-name', may='events ' + POLICY)
def modify(call):
    values = {'engine': call.text('engine-name'), 'mandatory': call.flag('is-mandatory'),
              'privileged': call.flag('allow-privileged-access'),
              'passthrough': call.flag('is-passthrough-read-enabled')}
    if call.has('events'):
        values['events'] = call.items('events')
    fpolicy.modify_policy(policy(call), **values)


@api('fpolicy-policy-delete', need='policy-name')
def delete(call):
    fpolicy.delete_policy(policy(call))


@iterator('fpolicy-policy-get-iter', 'fpolicy-policy-info')
def policies(call):
    return [{'policy-name': p.name, 'engine-name': p.engine, 'vserver': svm.name, 'is-mandatory': p.mandatory,
             'events': Items('event-name', [e.name for e in p.events]), 'allow-privileged-access': p.privileged,
             'is-passthrough-read-enabled': p.passthrough}
            for svm in call.svms for p in svm.fpolicies]


def _scope(call):
    scope = {key: call.items(name) for name, key in SCOPE.items() if call.has(name)}
    scope.update({key: call.flag(name) for name, key in SCOPE_FLAGS.items() if call.has(name)})
    return scope


@api('fpolicy-policy-scope-create', need='policy-name', may=SCOPE_INPUTS)
def create_scope(call):
    fpolicy.create_scope(policy(call), **_scope(call))


@api('fpolicy-policy-scope-modify', need='policy-name', may=SCOPE_INPUTS)
def modify_scope(call):
    target = policy(call)
    if not target.has_scope:
        raise errors.Refused('fpolicy.no_scope', "entry doesn't exist: FPolicy scope of \"%s\"" % target.name)
    fpolicy.modify_policy(target, scope=_scope(call))


@api('fpolicy-policy-scope-delete', need='policy-name')
def delete_scope(call):
    fpolicy.delete_scope(policy(call))


@iterator('fpolicy-policy-scope-get-iter', 'fpolicy-scope-config')
def scopes(call):
    records = []
    for svm in call.svms:
        for p in svm.fpolicies:
            if p.has_scope:
                record = {name: Items('string', p.scope[key]) for name, key in SCOPE.items() if p.scope.get(key)}
                record.update({name: p.scope.get(key, False) for name, key in SCOPE_FLAGS.items()})
                records.append(dict(record, **{'policy-name': p.name, 'vserver': svm.name}))
    return records


@iterator('fpolicy-policy-status-get-iter', 'fpolicy-policy-status-info')
def status(call):
    return [{'policy-name': p.name, 'status': p.enabled, 'sequence-number': p.priority, 'vserver': svm.name}
            for svm in call.svms for p in svm.fpolicies]


@api('fpolicy-enable-policy', need='policy-name sequence-number')
def enable(call):
    fpolicy.enable(policy(call), call.number('sequence-number'))


@api('fpolicy-disable-policy', need='policy-name')
def disable(call):
    fpolicy.disable(policy(call))
