"""/protocols/fpolicy: policies and events of an SVM."""

from manila.tests.simulators.ontap.model import errors, fpolicy
from manila.tests.simulators.ontap.rest.resource import Resource, resource

SCOPE = ('include_shares', 'include_extension', 'exclude_extension')


class OfSvm(Resource):
    """Objects below an SVM's uuid, known by name."""

    keys = ('name',)
    identity = ('name', 'svm')
    listing = None

    def svm(self, call, uuid):
        for svm in call.cluster.data_svms:
            if svm.uuid == uuid and call.svm in (None, svm):
                return svm
        raise errors.missing('SVM', uuid)

    def all(self, call, uuid):
        return list(getattr(self.svm(call, uuid), self.listing))

    def key(self, thing):
        return (thing.name,)

    def place(self, thing):
        return self.path.replace('{svm.uuid}', thing.svm.uuid)


@resource
class Configurations(Resource):
    """Policies and events of each SVM that has any."""

    path = '/protocols/fpolicy'
    keys = ('svm.uuid',)
    identity = ('svm',)

    def all(self, call):
        return [s for s in call.cluster.data_svms if s.fpolicies or s.fpolicy_events]

    def svm_of(self, svm):
        return svm

    def key(self, svm):
        return (svm.uuid,)

    def render(self, call, svm):
        return {'svm': call.svm_ref(svm),
                'policies': [{'name': p.name, 'enabled': p.enabled, 'priority': p.priority, 'mandatory': p.mandatory,
                              'engine': {'name': p.engine}} for p in svm.fpolicies],
                'events': [{'name': e.name, 'protocol': e.protocol} for e in svm.fpolicy_events]}


@resource
class Policies(OfSvm):
    path = '/protocols/fpolicy/{svm.uuid}/policies'
    linked = False
    listing = 'fpolicies'

    def render(self, call, p):
        record = {'name': p.name, 'svm': {'uuid': p.svm.uuid}, 'enabled': p.enabled, 'mandatory': p.mandatory,
                  'engine': {'name': p.engine}, 'events': [{'name': e.name} for e in p.events],
                  'privileged_user': '', 'scope': {k: list(v) for k, v in p.scope.items()}}
        if p.priority is not None:
            record['priority'] = p.priority
        return record

    def _scope(self, body):
        found = {}
        for key in SCOPE:
            name = 'scope.' + key
            if name in body:
                found[key] = list(body.get(name))
        return found

    def create(self, call, body, uuid):
        svm = self.svm(call, uuid)
        return fpolicy.create_policy(svm, body.need('name'), body.names('events') or [],
                                     engine=body.get('engine.name') or 'native', mandatory=body.get('mandatory', True),
                                     scope=self._scope(body), priority=body.get('priority'))

    def modify(self, call, policy, body):
        """Disabling goes alone; a priority enables."""
        enabled, priority = body.get('enabled'), body.get('priority')
        if enabled is False:
            fpolicy.disable(policy)
        values = body.pick(engine='engine.name', mandatory='mandatory')
        if body.names('events') is not None:
            values['events'] = body.names('events')
        scope = self._scope(body)
        if scope:
            values['scope'] = scope
        if values:
            fpolicy.modify_policy(policy, **values)
        if enabled is True or (priority is not None and enabled is None):
            if priority is None:
                raise errors.required('priority')
            fpolicy.enable(policy, priority)

    def remove(self, call, policy, data):
        if policy.enabled and not call.strict:
            # Clients that cannot disable (they send an empty PATCH) count on its going nevertheless.
            fpolicy.disable(policy)
        fpolicy.delete_policy(policy)


@resource
class Events(OfSvm):
    path = '/protocols/fpolicy/{svm.uuid}/events'
    linked = False
    listing = 'fpolicy_events'

    def render(self, call, e):
        return {'name': e.name, 'svm': {'uuid': e.svm.uuid}, 'protocol': e.protocol,
                'volume_monitoring': e.volume_operation, 'file_operations': {
                    name: name in e.operations for name in fpolicy.OPERATIONS}}

    def _operations(self, body):
        return [k.split('.', 1)[1] for k in list(body.values) if k.startswith('file_operations.') and body.get(k)]

    def create(self, call, body, uuid):
        return fpolicy.create_event(self.svm(call, uuid), body.need('name'), body.need('protocol'),
                                    self._operations(body))

    def modify(self, call, event, body):
        if 'protocol' in body:
            event.protocol = body.get('protocol')
        operations = self._operations(body)
        if operations:
            event.operations = operations

    def remove(self, call, event, data):
        fpolicy.delete_event(event)
