"""QoS types of shares, as drivers ask for them."""
from manila import context as manila_context


def _of(share):
    from manila.resources.qos import store
    qos_type_id = share.get('qos_type_id')
    return store.get(manila_context.get_admin_context(), qos_type_id) if qos_type_id else None


def get_specs_from_share(share):
    """The specs of the QoS type of a share: dict of texts, empty when it has none."""
    found = _of(share)
    return found['specs'] if found else {}


def get_qos_type_name_from_share(share):
    """The name of the QoS type of a share, or None when it has none."""
    found = _of(share)
    return found['name'] if found else None
