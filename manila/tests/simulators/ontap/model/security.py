"""Key managers, key stores and certificates."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, svms
from manila.tests.simulators.ontap.model.base import new_uuid


@dataclasses.dataclass(eq=False)
class KeyStore:
    """A key store configuration. Application credentials are not kept, only the id of the key."""

    cluster: object
    name: str
    svm: object = None
    type: str = 'barbican'
    key_id: str = ''
    keystone_url: str = ''
    credential_id: str = ''
    enabled: bool = False
    state: str = 'active'
    uuid: str = dataclasses.field(default_factory=new_uuid)
    configuration_uuid: str = dataclasses.field(default_factory=new_uuid)


def create_key_store(cluster, name, **more):
    if any(k.name == name and k.svm is more.get('svm') for k in cluster.key_stores):
        raise errors.duplicate('key store', name)
    store = KeyStore(cluster, name, **more)
    cluster.key_stores.append(store)
    return store


def enable_key_store(store):
    """One store per SVM is enabled."""
    for other in store.cluster.key_stores:
        if other.svm is store.svm:
            other.enabled = other is store


def create_certificate(cluster, svm, common_name, kind, days):
    if not 1 <= days <= 3652:
        raise errors.invalid('expiry_time', days, 'Certificates are valid for 1 to 3652 days.')
    certificate = svms.Certificate(svm, common_name, kind, expiry_days=days)
    cluster.certificates.append(certificate)
    return certificate


def encryption_supported(cluster):
    """Whether volumes can be encrypted: the release can, and a key manager is there."""
    return cluster.nve_capable and not cluster.no_dare and 've' in cluster.licences
