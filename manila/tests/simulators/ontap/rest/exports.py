"""/protocols/nfs/export-policies and their rules."""

from manila.tests.simulators.ontap.model import errors, exports
from manila.tests.simulators.ontap.model.base import as_int, find
from manila.tests.simulators.ontap.rest.resource import Resource, resource

RULE = {'ro': 'ro_rule', 'rw': 'rw_rule', 'superuser': 'superuser', 'protocols': 'protocols',
        'anonymous': 'anonymous_user', 'ntfs_security': 'ntfs_unix_security', 'chown_mode': 'chown_mode',
        'allow_suid': 'allow_suid', 'allow_dev': 'allow_device_creation'}


def render_rule(call, rule):
    return {
        'index': rule.index, 'clients': [{'match': m} for m in rule.clients], 'ro_rule': list(rule.ro),
        'rw_rule': list(rule.rw), 'superuser': list(rule.superuser), 'protocols': list(rule.protocols),
        'anonymous_user': rule.anonymous, 'ntfs_unix_security': rule.ntfs_security, 'chown_mode': rule.chown_mode,
        'allow_suid': rule.allow_suid, 'allow_device_creation': rule.allow_dev}


def rule_values(item):
    """Rule fields of a dict with flat names, under the model's names."""
    return {key: item[name] for key, name in RULE.items() if item.get(name) is not None}


@resource
class ExportPolicies(Resource):
    path = '/protocols/nfs/export-policies'
    keys = ('id',)
    identity = ('id', 'name', 'svm')
    quick = {'name': lambda p: p.name, 'svm.name': lambda p: p.svm.name}

    def all(self, call):
        return [p for svm in call.cluster.data_svms for p in svm.export_policies]

    def key(self, policy):
        return (str(policy.id),)

    def render(self, call, p):
        return {'id': p.id, 'name': p.name, 'svm': call.svm_ref(p.svm),
                'rules': [render_rule(call, r) for r in p.rules]}

    def create(self, call, body):
        svm = call.find_svm(body)
        policy = exports.create(svm, body.need('name'))
        try:
            self._rules(policy, body)
        except errors.Refused:
            svm.export_policies.remove(policy)
            raise
        return policy

    def _rules(self, policy, body):
        if 'rules' not in body:
            return
        rules = []
        for item in body.get('rules'):
            clients = [c['match'] for c in item.get('clients', [])]
            values = rule_values(item)
            exports.check_values(dict(values, clients=clients))
            rules.append((clients, values, item.get('index')))
        policy.rules, policy.next_index = [], 1
        for clients, values, index in rules:
            exports.add_rule(policy, clients, values.pop('ro', ['any']), values.pop('rw', ['any']),
                             index=as_int(index, 'rules.index') if index is not None else None, **values)

    def modify(self, call, policy, body):
        if 'name' in body:
            exports.rename(policy, body.get('name'))
        self._rules(policy, body)

    def remove(self, call, policy, data):
        exports.delete(policy)


@resource
class ExportRules(Resource):
    path = '/protocols/nfs/export-policies/{policy.id}/rules'
    keys = ('index',)
    identity = ('index',)
    flags = ('new_index',)
    delete_body = ('index',)

    def policy(self, call, number):
        for svm in call.cluster.data_svms:
            policy = next((p for p in svm.export_policies if str(p.id) == number), None)
            if policy is not None and call.svm in (None, svm):
                return policy
        raise errors.missing('export policy', number)

    def all(self, call, number):
        return list(self.policy(call, number).rules)

    def svm_of(self, rule):
        return rule.policy.svm

    def key(self, rule):
        return (str(rule.index),)

    def place(self, rule):
        return '/protocols/nfs/export-policies/%d/rules' % rule.policy.id

    def render(self, call, rule):
        record = render_rule(call, rule)
        record['policy'] = {'id': rule.policy.id, 'name': rule.policy.name}
        record['svm'] = call.svm_ref(rule.policy.svm)
        return record

    def create(self, call, body, number):
        policy = self.policy(call, number)
        clients = body.get('clients.match') or [c.get('match', c.get('name')) for c in body.need('clients')]
        values = rule_values({name: body.get(name) for name in RULE.values()})
        for field in ('ro_rule', 'rw_rule'):
            body.need(field)
        return exports.add_rule(policy, clients, values.pop('ro'), values.pop('rw'), index=body.get('index'), **values)

    def modify(self, call, rule, body):
        values = rule_values({name: body.get(name) for name in RULE.values()})
        if 'clients.match' in body:
            values['clients'] = body.get('clients.match')
        elif 'clients' in body:
            values['clients'] = [c.get('match', c.get('name')) for c in body.get('clients')]
        new = call.params.get('new_index')
        exports.modify_rule(rule, new_index=as_int(new, 'new_index') if new else None, **values)

    def remove(self, call, rule, data):
        exports.remove_rule(rule)


def find_policy(svm, name):
    return find(svm.export_policies, name=name)
