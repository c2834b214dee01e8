"""Shares of the whole service on a simulated ONTAP array."""
import pytest

from manila.conf.drivers import share_opts
from manila.resources.shares import store as shares
from manila.resources.types import service as types
from manila.share.drivers.netapp import options
from manila.tests.fixtures import ontap
from manila.tests.fixtures.roles import wait_until
from manila.tests.fixtures.snapshots import Snapshots

GIB = 1024 ** 3
SPECS = {'driver_handles_share_servers': 'False', 'snapshot_support': 'True', 'revert_to_snapshot_support': 'True',
         'create_share_from_snapshot_support': 'True', 'thin_provisioning': 'True'}


class Array:
    """A simulated array that the service of the test has as its back end."""

    def __init__(self, simulator, service):
        self.simulator, self.service = simulator, service

    @property
    def svm(self):
        """The SVM as it is on the array."""
        return self.simulator.world.clusters[0].svm(ontap.SVM)

    def volumes(self):
        """Volumes of shares."""
        return [v for v in self.svm.volumes if not v.is_root and not v.in_recovery_queue]

    def volume(self, share_id):
        """The volume of a share."""
        name = 'share_' + self.service.instance_of(share_id).replace('-', '_')
        return next(each for each in self.svm.volumes if each.name == name)

    def is_empty(self):
        """Whether nothing of any share is left."""
        return not self.volumes() and [p.name for p in self.svm.export_policies] == ['default'] and not [
            s for s in self.svm.cifs_shares if s.name.startswith('share_')]


@pytest.fixture(params=[(transport, credentials) for transport in ontap.TRANSPORTS for credentials in ontap.ACCOUNTS],
                ids='-'.join)
def array(request, conf, service):
    """The service on a simulated array, over each transport and with each kind of credentials."""
    with ontap.plain_environment(), ontap.simulator() as simulator:
        group = 'ontap'
        conf.register_opts([*share_opts, *options.netapp_opts], group=group)
        conf.config(group=group, share_driver=ontap.DRIVER, share_backend_name='ontap',
                    **ontap.options(simulator, *request.param))
        conf.config(enabled_share_backends=[group], enabled_share_protocols=['NFS', 'CIFS'])
        types.create(service.context, 'thin', None, True, SPECS)
        service.start()
        yield Array(simulator, service)
        driver = service.driver(group)
        service.stop()
        driver.close()


def grant(service, share_id, kind, to):
    """Give access and wait until it counts."""
    service.act(share_id, 'allow_access', {'access_type': kind, 'access_to': to}, 200)
    service.settle(share_id)
    assert service.rules(share_id)[to] == 'active'


def paths(service, share_id):
    """(path, preferred) of the export locations."""
    found = service.admin.get(f'/shares/{share_id}/export_locations')['export_locations']
    return [(each['path'], each['preferred']) for each in found]


def test_an_nfs_share_lives_on_the_array(array, service):
    share_id = service.create(2, share_type='thin')
    volume = array.volume(share_id)
    assert (volume.size, volume.guarantee) == (2 * GIB, 'none')
    assert sorted(path for path, _preferred in paths(service, share_id)) == [
        f'192.0.2.11:{volume.junction}', f'192.0.2.12:{volume.junction}']
    grant(service, share_id, 'ip', '198.51.100.0/24')
    assert [rule.clients for rule in volume.export_policy.rules] == [['198.51.100.0/24']]
    service.act(share_id, 'extend', {'new_size': 3})
    service.settle(share_id)
    assert volume.size == 3 * GIB
    service.act(share_id, 'shrink', {'new_size': 1})
    assert service.settle(share_id) == 'available' and volume.size == GIB
    service.delete(share_id)
    assert service.settle(share_id) is None and array.is_empty()


def test_a_cifs_share_lives_on_the_array(array, service):
    share_id = service.create(1, share_type='thin', share_proto='CIFS')
    volume = array.volume(share_id)
    shown = next(each for each in array.svm.cifs_shares if each.path == volume.junction)
    assert sorted(path for path, _preferred in paths(service, share_id)) == [
        f'\\\\192.0.2.11\\{shown.name}', f'\\\\192.0.2.12\\{shown.name}']
    grant(service, share_id, 'user', 'joseph')
    assert [(acl.user, acl.permission) for acl in shown.acls] == [('joseph', 'full_control')]
    service.delete(share_id)
    assert service.settle(share_id) is None and array.is_empty()


def test_snapshots_live_on_the_array(array, service):
    snapshots = Snapshots(service)
    share_id = service.create(1, share_type='thin')
    snapshot_id = snapshots.take(share_id)
    volume = array.volume(share_id)
    assert len(volume.snapshots) == 1
    child = service.create(1, snapshot_id=snapshot_id)
    assert array.volume(child).parent is volume
    service.act(share_id, 'revert', {'snapshot_id': snapshot_id})
    assert service.settle(share_id) == 'available'
    service.delete(child)
    assert service.settle(child) is None
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None
    service.delete(share_id)
    assert service.settle(share_id) is None


def test_an_array_that_cannot_be_reached_is_tried_again(array, service):
    array.simulator.faults.add(action={'drop': 'after'}, match={'path': '/storage/volumes|XMLrequest'}, count=1)
    share_id = service.create(1, share_type='thin')
    grant(service, share_id, 'ip', '198.51.100.7')
    service.delete(share_id)
    assert service.settle(share_id) is None and array.is_empty()


def test_a_volume_of_somebody_else_comes_under_management_and_leaves_it(array, service):
    old = service.create(1, share_type='thin')
    volume = array.volume(old)
    path, host = f'192.0.2.11:{volume.junction}', shares.brief(service.context, old)['instances'][0]['host']
    service.act(old, 'unmanage', {}, who=service.admin)
    assert service.settle(old) is None
    answer = service.admin('POST', '/shares/manage', {'share': {
        'protocol': 'nfs', 'export_path': path, 'service_host': host, 'share_type': 'thin'}})
    assert answer.status_int == 200, answer.text
    new = answer.json['share']['id']
    wait_until(lambda: service.show(new)['status'] not in ('manage_starting',), what='the end of managing')
    assert service.show(new)['status'] == 'available'
    assert array.volume(new) is volume and paths(service, new)[0][0].endswith(volume.junction)
