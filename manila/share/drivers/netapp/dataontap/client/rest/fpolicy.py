"""FPolicy over REST. Paths name the SVM by uuid, which is asked for once."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig, yes
from manila.share.drivers.netapp.dataontap.client.rest.transport import quoted

_FIELDS = 'name,enabled,priority,events,scope'


class Fpolicy(Noun, face.Fpolicy):
    """``/protocols/fpolicy/{svm}/policies`` and ``.../events``."""

    _uuid = None

    def policies(self):
        return [_policy(record) for record in self.records(self._path('policies'), fields=_FIELDS)]

    def events(self):
        return [_event(record) for record in self.records(self._path('events'), fields='name,protocol,file_operations')]

    def create_event(self, event):
        self.post(self._path('events'), {'name': event.name, 'protocol': event.protocol,
                                         'file_operations': dict.fromkeys(sorted(event.operations), True)})

    def delete_event(self, name):
        try:
            self.delete_at(f'{self._path("events")}/{quoted(name)}')
        except errors.NotFound:
            pass

    def create(self, policy):
        self.post(self._path('policies'), {
            'name': policy.name, 'engine': {'name': 'native'}, 'priority': policy.priority,
            'events': [{'name': name} for name in policy.events], 'scope': _scope(policy)})

    def set_shares(self, policy, shares):
        self.patch(f'{self._path("policies")}/{quoted(policy.name)}', {'scope': {'include_shares': list(shares)}})

    def delete(self, name):
        place = f'{self._path("policies")}/{quoted(name)}'
        try:
            self.patch(place, {'enabled': False})
        except errors.NotPossibleNow:
            pass
        except errors.NotFound:
            return
        try:
            self.delete_at(place)
        except errors.NotFound:
            pass

    def _path(self, collection):
        if self._uuid is None:
            self._uuid = self.client.svms.get(self.client.svm).uuid
        return f'/protocols/fpolicy/{self._uuid}/{collection}'


def _scope(policy):
    scope = {'include_shares': list(policy.shares)}
    if policy.include:
        scope['include_extension'] = sorted(policy.include)
    if policy.exclude:
        scope['exclude_extension'] = sorted(policy.exclude)
    return scope


def _policy(record):
    return values.FpolicyPolicy(
        record['name'], tuple(event['name'] for event in record.get('events') or ()),
        frozenset(dig(record, 'scope.include_extension') or ()), frozenset(
            dig(record, 'scope.exclude_extension') or ()), tuple(dig(record, 'scope.include_shares') or ()),
        record.get('priority'), bool(yes(record.get('enabled'))))


def _event(record):
    operations = frozenset(name for name, on in (record.get('file_operations') or {}).items() if yes(on))
    return values.FpolicyEvent(record['name'], record['protocol'], operations)
