"""The NFS service of SVMs."""

from manila.tests.simulators.ontap.model import errors, names
from manila.tests.simulators.ontap.zapi.api import api, iterator

FLAGS = {'is-nfsv3-enabled': 'v3', 'is-nfsv40-enabled': 'v40', 'is-nfsv41-enabled': 'v41', 'showmount': 'showmount',
         'is-v3-ms-dos-client-enabled': 'ms_dos', 'is-nfsv3-connection-drop-enabled': 'connection_drop',
         'enable-ejukebox': 'ejukebox', 'is-nfsv41-pnfs-enabled': 'pnfs', 'is-nfs-access-enabled': 'enabled',
         'is-vstorage-enabled': 'vstorage'}
# Settings that are only kept, with what they are at first.
KEPT = {
    'is-nfsv3-fsid-change-enabled': 'true', 'is-nfsv4-fsid-change-enabled': 'true',
    'is-nfsv4-numeric-ids-enabled': 'true', 'nfsv4-id-domain': 'defaultv4iddomain.com', 'is-tcp-enabled': 'true',
    'is-udp-enabled': 'true', 'is-nfsv40-acl-enabled': 'false', 'is-nfsv40-read-delegation-enabled': 'false',
    'is-nfsv40-referrals-enabled': 'false', 'is-nfsv40-write-delegation-enabled': 'false',
    'is-nfsv41-acl-enabled': 'false', 'is-nfsv41-read-delegation-enabled': 'false',
    'is-nfsv41-referrals-enabled': 'false', 'is-nfsv41-write-delegation-enabled': 'false',
}
NUMBERS = {'tcp-max-xfer-size': 'tcp_size', 'udp-max-xfer-size': 'udp_size'}


@api('nfs-enable')
def enable(call):
    if call.svm.nfs is None:
        names.create_nfs(call.svm)
    call.svm.nfs.enabled = True


@api('nfs-service-modify', may=' '.join([*FLAGS, *NUMBERS, *KEPT]))
def modify(call):
    if call.svm.nfs is None:
        raise errors.missing('NFS service', call.svm.name)
    values = {key: call.flag(name) for name, key in FLAGS.items() if call.has(name)}
    values.update({key: call.number(name) for name, key in NUMBERS.items() if call.has(name)})
    kept = {name: call.text(name) for name in KEPT if call.has(name)}
    names.modify_nfs(call.svm.nfs, attributes=kept, **values)


@api('nfs-disable')
def disable(call):
    if call.svm.nfs is None:
        raise errors.missing('NFS service', call.svm.name)
    call.svm.nfs.enabled = False


@api('nfs-status')
def status(call):
    return {'is-enabled': call.svm.nfs is not None and call.svm.nfs.enabled}


@api('nfs-service-destroy')
def destroy(call):
    names.delete_nfs(call.svm)


@iterator('nfs-service-get-iter', 'nfs-info')
def services(call):
    records = []
    for svm in call.svms:
        if svm.nfs is not None:
            record = {name: getattr(svm.nfs, key) for name, key in dict(FLAGS, **NUMBERS).items()}
            record.update({name: svm.nfs.attributes.get(name, first) for name, first in KEPT.items()})
            records.append(dict(record, vserver=svm.name))
    return records


@api('nfs-service-get-create-defaults', scope='any', since=(1, 140))
def defaults(call):
    return {'defaults': {'nfs-info': {name: getattr(names.NfsService(None), key) for name, key in NUMBERS.items()}}}
