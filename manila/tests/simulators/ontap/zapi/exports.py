"""Export policies and rules."""

from manila.tests.simulators.ontap.model import exports
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.zapi.api import api, iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items

RULE = ('ro-rule rw-rule super-user-security anonymous-user-id protocol rule-index export-chown-mode '
        'export-ntfs-unix-security-ops is-allow-set-uid-enabled is-allow-dev-is-enabled')


def find(call, name='policy-name'):
    return get(call.svm.export_policies, 'export policy', name=call.text(name))


@api('export-policy-create', need='policy-name', may='return-record')
def create(call):
    exports.create(call.svm, call.text('policy-name'))


@api('export-policy-destroy', need='policy-name')
def destroy(call):
    exports.delete(find(call))


@api('export-policy-rename', need='policy-name new-policy-name')
def rename(call):
    exports.rename(find(call), call.text('new-policy-name'))


@iterator('export-policy-get-iter', 'export-policy-info')
def policies(call):
    return [{'policy-name': p.name, 'policy-id': p.id, 'vserver': svm.name}
            for svm in call.svms for p in svm.export_policies]


def _values(call):
    values = {'ro': call.items('ro-rule'), 'rw': call.items('rw-rule'), 'superuser': call.items('super-user-security'),
              'anonymous': call.text('anonymous-user-id'), 'protocols': call.items('protocol'),
              'chown_mode': call.text('export-chown-mode'),
              'ntfs_security': call.text('export-ntfs-unix-security-ops'),
              'allow_suid': call.flag('is-allow-set-uid-enabled'), 'allow_dev': call.flag('is-allow-dev-is-enabled')}
    return {k: v for k, v in values.items() if v is not None}


@api('export-rule-create', need='policy-name client-match ro-rule rw-rule', may=RULE)
def create_rule(call):
    values = _values(call)
    exports.add_rule(find(call), call.text('client-match').split(','), values.pop('ro'), values.pop('rw'),
                     index=call.number('rule-index'), **values)


def _rule(call):
    return get(find(call).rules, 'export rule', index=call.number('rule-index'))


@api('export-rule-modify', need='policy-name rule-index', may=RULE + ' client-match')
def modify_rule(call):
    values = _values(call)
    if call.has('client-match'):
        values['clients'] = call.text('client-match').split(',')
    exports.modify_rule(_rule(call), **values)


@api('export-rule-destroy', need='policy-name rule-index')
def destroy_rule(call):
    exports.remove_rule(_rule(call))


@iterator('export-rule-get-iter', 'export-rule-info')
def rules(call):
    return [{
        'rule-index': r.index, 'client-match': ','.join(r.clients), 'policy-name': p.name, 'vserver-name': svm.name,
        'ro-rule': Items('security-flavor', r.ro), 'rw-rule': Items('security-flavor', r.rw),
        'super-user-security': Items('security-flavor', r.superuser), 'anonymous-user-id': r.anonymous,
        'protocol': Items('access-protocol', r.protocols), 'export-chown-mode': r.chown_mode,
        'export-ntfs-unix-security-ops': r.ntfs_security, 'is-allow-set-uid-enabled': r.allow_suid,
        'is-allow-dev-is-enabled': r.allow_dev}
        for svm in call.svms for p in svm.export_policies for r in p.rules]
