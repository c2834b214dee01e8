"""The rules of QoS types."""
from manila import exception, notify
from manila.db import session
from manila.i18n import _
from manila.resources.notifications import payloads
from manila.resources.qos import store


def resolve(context, name_or_id):
    """The id of the QoS type that the spec ``default_qos_type`` of a share type means; None without one.

    In a transaction the QoS type stays until its end.

    :param name_or_id: value of the spec, or None
    :raises manila.exception.InvalidInput: when there is no such QoS type
    """
    if not name_or_id:
        return None
    found = store.find_id(context, name_or_id)
    if found is None:
        raise exception.InvalidInput(reason=_('The QoS type "%s", which the share type names, does not exist.')
                                     % name_or_id)
    return found


@session.transaction
def create(context, name, description, specs):
    """Make a QoS type; returns it.

    :raises manila.exception.Conflict: when the name is taken
    """
    row = store.insert(context, {'name': name, 'description': description}, specs)
    notify.emit(context, 'qos_type.create', lambda: payloads.qos_type(row))
    return row


@session.transaction
def change(context, qos_type_id, values):
    """Change the description, if it is given; returns the QoS type."""
    if values:
        store.change(context, qos_type_id, values)
    row = store.get(context, qos_type_id)
    if values:
        notify.emit(context, 'qos_type.update', lambda: payloads.qos_type(row))
    return row


@session.transaction
def delete(context, qos_type_id):
    """Remove a QoS type.

    :raises manila.exception.Invalid: when share instances have it
    """
    # Gone first: whoever makes a share with it at this moment has ended, or does not find it any more.
    store.remove(context, qos_type_id)
    if store.in_use(context, qos_type_id):
        raise exception.Invalid(exception.QosTypeInUse(qos_type_id=qos_type_id).msg)
    notify.emit(context, 'qos_type.delete', {'qos_type_id': qos_type_id})


@session.transaction
def set_specs(context, qos_type_id, specs):
    """Set specs; others stay as they are. Returns those set."""
    store.get(context, qos_type_id)
    store.set_specs(context, qos_type_id, specs)
    notify.emit(context, 'qos_type_specs.create', {'qos_type_id': qos_type_id, 'specs': dict(specs)})
    return specs


@session.transaction
def remove_spec(context, qos_type_id, key):
    """Remove one spec."""
    store.get(context, qos_type_id)
    store.remove_spec(context, qos_type_id, key)
    notify.emit(context, 'qos_type_specs.delete', {'qos_type_id': qos_type_id, 'key': key})
