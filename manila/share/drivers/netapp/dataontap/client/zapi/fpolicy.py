"""FPolicy over ZAPI: policy, scope and status are objects of their own."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun


class Fpolicy(Noun, face.Fpolicy):
    """``fpolicy-...``."""

    def policies(self):
        scopes = {elements.text(each, 'policy-name'): each for each in self.records(
            'fpolicy-policy-scope-get-iter', 'fpolicy-scope-config')}
        states = {elements.text(each, 'policy-name'): each for each in self.records(
            'fpolicy-policy-status-get-iter', 'fpolicy-policy-status-info')}
        return [_policy(each, scopes.get(elements.text(each, 'policy-name')),
                        states.get(elements.text(each, 'policy-name')))
                for each in self.records('fpolicy-policy-get-iter', 'fpolicy-policy-info')]

    def events(self):
        return [values.FpolicyEvent(elements.text(each, 'event-name'), elements.text(each, 'protocol'), frozenset(
            elements.texts(each, 'file-operations/fpolicy-operation'))) for each in self.records(
                'fpolicy-policy-event-get-iter', 'fpolicy-event-options-config')]

    def create_event(self, event):
        self.do('fpolicy-policy-event-create', {
            'event-name': event.name, 'protocol': event.protocol,
            'file-operations': {'fpolicy-operation': sorted(event.operations)}})

    def delete_event(self, name):
        self._remove('fpolicy-policy-event-delete', {'event-name': name})

    def create(self, policy):
        self.do('fpolicy-policy-create', {'policy-name': policy.name, 'engine-name': 'native',
                                          'events': {'event-name': list(policy.events)}})
        self.do('fpolicy-policy-scope-create', {
            'policy-name': policy.name, 'shares-to-include': {'string': list(policy.shares)},
            'file-extensions-to-include': _strings(policy.include),
            'file-extensions-to-exclude': _strings(policy.exclude)})
        self.do('fpolicy-enable-policy', {'policy-name': policy.name, 'sequence-number': policy.priority})

    def set_shares(self, policy, shares):
        self.do('fpolicy-policy-scope-modify', {'policy-name': policy.name,
                                                'shares-to-include': {'string': list(shares)}})

    def delete(self, name):
        try:
            self.do('fpolicy-disable-policy', {'policy-name': name})
        except (errors.NotPossibleNow, errors.NotFound):
            pass
        self._remove('fpolicy-policy-scope-delete', {'policy-name': name})
        self._remove('fpolicy-policy-delete', {'policy-name': name})

    def _remove(self, call, arguments):
        try:
            self.do(call, arguments)
        except errors.NotFound:
            pass


def _strings(texts):
    return {'string': sorted(texts)} if texts else None


def _policy(record, scope, state):
    def of_scope(name):
        return elements.texts(scope, f'{name}/string') if scope is not None else ()

    return values.FpolicyPolicy(
        elements.text(record, 'policy-name'), tuple(elements.texts(record, 'events/event-name')),
        frozenset(of_scope('file-extensions-to-include')), frozenset(of_scope('file-extensions-to-exclude')),
        tuple(of_scope('shares-to-include')),
        elements.number(state, 'sequence-number') if state is not None else None,
        bool(state is not None and elements.yes(state, 'status')))
