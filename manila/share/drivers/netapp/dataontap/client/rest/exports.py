"""Export policies over REST."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, filled
from manila.share.drivers.netapp.dataontap.client.rest.transport import any_of

_PATH = '/protocols/nfs/export-policies'


class Exports(Noun, face.Exports):
    """``/protocols/nfs/export-policies``; policies go by number."""

    def find(self, names):
        return {record['name']: values.ExportPolicy(record['name'], record['id'])
                for record in self.records(_PATH, name=any_of(names), fields='name')}

    def create(self, name, rules=()):
        body = {'name': name, 'svm': {'name': self.client.svm}}
        if rules:
            body['rules'] = [{'index': number, **_body(rule)} for number, rule in enumerate(rules, 1)]
        _answer, number = self.post(_PATH, body)
        return values.ExportPolicy(name, number)

    def rules(self, policy):
        records = self.records(f'{_PATH}/{policy.id}/rules',
                               fields='clients,index,ro_rule,rw_rule,superuser,anonymous_user')
        return [_rule(record) for record in sorted(records, key=lambda record: record['index'])]

    def rename(self, policy, name):
        self.patch(f'{_PATH}/{policy.id}', {'name': name})

    def delete(self, policy):
        try:
            self.delete_at(f'{_PATH}/{policy.id}')
        except errors.NotFound:
            pass

    def list(self, pattern):
        return [values.ExportPolicy(record['name'], record['id'])
                for record in self.records(_PATH, name=pattern, fields='name')]


def _body(rule):
    return filled({'clients': [{'match': rule.client}], 'ro_rule': list(rule.read_only),
                   'rw_rule': list(rule.read_write), 'superuser': list(rule.superuser),
                   'anonymous_user': rule.anonymous})


def _rule(record):
    return values.ExportRule(record['clients'][0]['match'], tuple(record.get('ro_rule') or ()),
                             tuple(record.get('rw_rule') or ()), tuple(record.get('superuser') or ()),
                             record.get('anonymous_user'))
