"""Export policies over ZAPI; policies go by name."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_POLICY = ('export-policy-get-iter', 'export-policy-info')
_FLAVOURS = {'read_only': 'ro-rule', 'read_write': 'rw-rule', 'superuser': 'super-user-security'}


class Exports(Noun, face.Exports):
    """``export-policy-...`` and ``export-rule-...``."""

    def find(self, names):
        names = set(names)
        found = self._policies(elements.like_any(sorted(names))) if names else ()
        return {policy.name: policy for policy in found if policy.name in names}

    def list(self, pattern):
        return self._policies(pattern)

    def _policies(self, query):
        return [values.ExportPolicy(elements.text(record, 'policy-name'))
                for record in self.records(*_POLICY, {'policy-name': query}, elements.named('policy-name'))]

    def create(self, name, rules=()):
        self.do('export-policy-create', {'policy-name': name})
        policy = values.ExportPolicy(name)
        try:
            for rule in rules:      # the array numbers them in their order
                self.do('export-rule-create', {'policy-name': name, **_arguments(rule)})
        except errors.OntapError:
            self.delete(policy)     # all of it or nothing
            raise
        return policy

    def rules(self, policy):
        records = self.records('export-rule-get-iter', 'export-rule-info', {'policy-name': elements.like(policy.name)})
        found = [record for record in records if elements.text(record, 'policy-name') == policy.name]
        return [_rule(record) for record in sorted(found, key=lambda each: elements.number(each, 'rule-index', 0))]

    def rename(self, policy, name):
        self.do('export-policy-rename', {'policy-name': policy.name, 'new-policy-name': name})

    def delete(self, policy):
        try:
            self.do('export-policy-destroy', {'policy-name': policy.name})
        except errors.NotFound:
            pass


def _arguments(rule):
    return {'client-match': rule.client, 'anonymous-user-id': rule.anonymous,
            **{name: {'security-flavor': getattr(rule, field)} for field, name in _FLAVOURS.items()}}


def _rule(record):
    flavours = {field: tuple(elements.texts(record, f'{name}/security-flavor')) for field, name in _FLAVOURS.items()}
    return values.ExportRule(elements.text(record, 'client-match'), **flavours,
                             anonymous=elements.text(record, 'anonymous-user-id'))
