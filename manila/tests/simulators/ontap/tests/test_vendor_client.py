"""The vendor's own Python client against the simulator."""

import pytest

netapp_ontap = pytest.importorskip('netapp_ontap', reason='needs netapp-ontap')

from netapp_ontap import HostConnection, NetAppRestError, config, resources  # noqa: E402
from netapp_ontap.resources import (  # noqa: E402
    CifsShare,
    CifsShareAcl,
    Cluster,
    ExportPolicy,
    ExportRule,
    Job,
    QosPolicy,
    Snapshot,
    Svm,
    Volume,
)

from manila.tests.simulators.ontap import server  # noqa: E402

GIB = 1024 ** 3
SVM = {'name': 'svm_manila'}


@pytest.fixture
def connected(start):
    """A connection to a cluster whose jobs take a moment."""
    simulator = start('single')
    host, port = simulator.address()
    connection = HostConnection(host, 'admin', 'netapp123', verify=simulator.ca_path, port=port, poll_interval=0.02)
    with connection:
        yield simulator


def volume(name, **more):
    made = Volume(name=name, svm=SVM, aggregates=[{'name': 'aggr1'}], size=GIB, nas={'path': '/' + name}, **more)
    made.post(poll=True)
    return made


def code_of(error):
    return error.value.http_err_response.http_response.json()['error']['code']


def test_volume_is_created_read_modified_and_deleted(connected):
    made = volume('vol1', guarantee={'type': 'none'}, space={'snapshot': {'reserve_percent': 10}})
    made.get(fields='**')
    assert (made.state, made.size, made.nas.path, made.guarantee.type) == ('online', GIB, '/vol1', 'none')
    assert made.space.snapshot.reserve_percent == 10
    assert made.aggregates[0].name == 'aggr1'
    made.size = 2 * GIB
    made.patch()
    made.get(fields='size,space')
    assert made.space.afs_total == 2 * GIB - 2 * GIB // 10
    changed = Volume(uuid=made.uuid)
    changed.name = 'vol_renamed'
    changed.patch()
    assert Volume.find(name='vol_renamed').uuid == made.uuid
    gone = Volume(uuid=made.uuid)
    gone.nas = {'path': ''}
    gone.patch()
    gone.delete()
    assert Volume.find(name='vol_renamed') is None
    assert connected.control.violations() == []


def test_query_operators_choose_volumes(connected):
    for number in range(4):
        volume('share_%d' % number)
    volume('other')

    def names(**query):
        return sorted(v.name for v in Volume.get_collection(**query))

    assert names(name='share_*') == ['share_0', 'share_1', 'share_2', 'share_3']
    assert names(name='share_1|share_3') == ['share_1', 'share_3']
    assert names(name='!share_*') == ['other', 'svm_manila_root']
    assert names(**{'nas.path': '/share_2'}) == ['share_2']
    assert names(size='>=1073741824', name='o*') == ['other']
    assert names(size='<1KB') == []
    assert names(**{'svm.name': 'nowhere'}) == []
    assert Volume.count_collection(name='share_*') == 4


def test_pages_hold_every_record_exactly_once(connected):
    for number in range(7):
        volume('v%d' % number)
    before = len(connected.log.entries(operation='GET /api/storage/volumes'))
    found = [v.name for v in Volume.get_collection(max_records=3)]
    pages = len(connected.log.entries(operation='GET /api/storage/volumes')) - before
    assert sorted(found) == sorted(['v%d' % n for n in range(7)] + ['svm_manila_root'])
    assert pages == 3
    ordered = [v.name for v in Volume.get_collection(max_records=2, order_by='name desc', name='v*')]
    assert ordered == ['v%d' % n for n in reversed(range(7))]


def test_snapshot_life_cycle(connected):
    parent = volume('vol1')
    taken = Snapshot(parent.uuid, name='snap1', comment='first')
    taken.post(poll=True)
    taken.get()
    assert (taken.name, taken.volume.name) == ('snap1', 'vol1')
    taken.name = 'snap2'
    taken.patch()
    assert [s.name for s in Snapshot.get_collection(parent.uuid)] == ['snap2']
    with pytest.raises(NetAppRestError) as error:
        Snapshot(parent.uuid, name='snap2').post(poll=True)
    assert code_of(error) == '525059'
    taken.delete()
    assert list(Snapshot.get_collection(parent.uuid)) == []


def test_snapshot_of_a_clone_is_busy(connected):
    parent = volume('vol1')
    Snapshot(parent.uuid, name='base').post(poll=True)
    clone = Volume(name='clone1', svm=SVM, clone={'is_flexclone': True, 'parent_volume': {'name': 'vol1'},
                                                  'parent_snapshot': {'name': 'base'}})
    clone.post(poll=True)
    base = Snapshot.find(parent.uuid, name='base', fields='owners')
    assert base.owners == ['volume_clone']
    with pytest.raises(NetAppRestError) as error:
        base.delete()
    assert code_of(error) == '1638543'


def test_export_policy_and_rules(connected):
    policy = ExportPolicy(name='policy1', svm=SVM)
    policy.post()
    rule = ExportRule(policy.id, clients=[{'match': '10.0.0.0/8'}], ro_rule=['sys'], rw_rule=['sys'],
                      superuser=['sys'])
    rule.post()
    assert rule.index == 1
    second = ExportRule(policy.id, clients=[{'match': '192.0.2.1'}], ro_rule=['any'], rw_rule=['never'])
    second.post()
    found = list(ExportRule.get_collection(policy.id, **{'clients.match': '192.0.2.1', 'fields': 'clients,rw_rule'}))
    assert [r.index for r in found] == [2]
    assert found[0].rw_rule == ['never']
    rule.get()
    rule.rw_rule = ['krb5']
    rule.patch()
    rule.get()
    assert rule.rw_rule == ['krb5']
    rule.delete()
    policy.get()
    assert [r.index for r in policy.rules] == [2]
    used = volume('vol1', )
    used.nas = {'export_policy': {'name': 'policy1'}}
    used.patch()
    with pytest.raises(NetAppRestError) as error:
        policy.delete()
    assert code_of(error) == '1703945'


def test_duplicate_export_policy_is_refused(connected):
    ExportPolicy(name='policy1', svm=SVM).post()
    with pytest.raises(NetAppRestError) as error:
        ExportPolicy(name='policy1', svm=SVM).post()
    assert (error.value.status_code, code_of(error)) == (409, '1')


def test_cifs_share_and_its_access_list(connected):
    volume('vol1')
    share = CifsShare(name='share1', path='/vol1', svm=SVM)
    share.post()
    share.get()
    assert share.volume.name == 'vol1'
    owner = Svm.find(name='svm_manila')
    acls = list(CifsShareAcl.get_collection(owner.uuid, 'share1', fields='*'))
    assert [(a.user_or_group, a.permission) for a in acls] == [('Everyone', 'full_control')]
    CifsShareAcl(owner.uuid, 'share1', user_or_group='EXAMPLE\\joe', type='windows', permission='read').post()
    joe = CifsShareAcl(owner.uuid, 'share1', user_or_group='EXAMPLE\\joe', type='windows')
    joe.permission = 'full_control'
    joe.patch()
    CifsShareAcl(owner.uuid, 'share1', user_or_group='Everyone', type='windows').delete()
    acls = list(CifsShareAcl.get_collection(owner.uuid, 'share1', fields='*'))
    assert [(a.user_or_group, a.permission) for a in acls] == [('EXAMPLE\\joe', 'full_control')]
    share.delete()
    with pytest.raises(NetAppRestError) as error:
        share.get()
    assert code_of(error) == '4'


def test_qos_policy_counts_its_volumes(connected):
    policy = QosPolicy(name='gold', svm=SVM, fixed={'max_throughput_iops': 1000})
    policy.post(poll=True)
    used = volume('vol1', qos={'policy': {'name': 'gold'}})
    policy.get()
    assert (policy.object_count, policy.fixed.max_throughput_iops) == (1, 1000)
    with pytest.raises(NetAppRestError):
        policy.delete()
    used.qos = {'policy': {'name': 'none'}}
    used.patch()
    policy.get()
    assert policy.object_count == 0
    policy.delete()
    assert list(QosPolicy.get_collection(name='gold')) == []


def test_adaptive_qos_policy(connected):
    policy = QosPolicy(name='adapt', svm=SVM, adaptive={'expected_iops': 100, 'peak_iops': 200})
    policy.post(poll=True)
    policy.get()
    assert (policy.adaptive.peak_iops, policy.adaptive.block_size) == (200, 'any')
    with pytest.raises(NetAppRestError):
        QosPolicy(name='bad', svm=SVM, adaptive={'expected_iops': 200, 'peak_iops': 100}).post(poll=True)


def test_job_can_be_followed(connected):
    made = Volume(name='vol1', svm=SVM, aggregates=[{'name': 'aggr1'}], size=GIB)
    response = made.post(poll=False)
    assert response.is_job
    job = Job(uuid=response.http_response.json()['job']['uuid'])
    job.get()
    assert job.state in ('queued', 'running', 'success')
    response.poll()
    job.get()
    assert job.state == 'success'


def test_failed_job_raises_with_its_message(connected):
    with pytest.raises(NetAppRestError) as error:
        Volume(name='huge', svm=SVM, aggregates=[{'name': 'aggr1'}], size=200 * 1024 * GIB,
               guarantee={'type': 'volume'}).post(poll=True)
    assert 'not enough space' in str(error.value)


def test_collection_is_patched_and_deleted_by_query(connected):
    for name in ('a1', 'a2', 'b1'):
        ExportPolicy(name=name, svm=SVM).post()
    assert ExportPolicy.delete_collection(name='a*').http_response.json()['num_records'] == 2
    assert sorted(p.name for p in ExportPolicy.get_collection()) == ['b1', 'default']
    volume('v1')
    volume('v2')
    Volume.patch_collection({'comment': 'seen'}, name='v*')
    assert {v.comment for v in Volume.get_collection(name='v*', fields='comment')} == {'seen'}


def test_bad_volume_name_is_refused(connected):
    with pytest.raises(NetAppRestError) as error:
        volume('bad-name')
    assert code_of(error) == '917888'


def test_cluster_version(connected):
    cluster = Cluster()
    cluster.get()
    assert (cluster.version.generation, cluster.version.major, cluster.version.minor) == (9, 14, 1)


def test_wrong_password_is_unauthorized(connected):
    host, port = connected.address()
    with HostConnection(host, 'admin', 'wrong', verify=connected.ca_path, port=port):
        with pytest.raises(NetAppRestError) as error:
            Cluster().get()
    assert error.value.status_code == 401


def test_raised_errors_are_the_clients_default():
    assert config.RAISE_API_ERRORS


COLLECTIONS = ('Aggregate', 'BroadcastDomain', 'CifsDomain', 'CifsService', 'CifsShare', 'ClusterPeer', 'Disk', 'Dns',
               'ExportPolicy', 'IpInterface', 'IpServicePolicy', 'Ipspace', 'Job', 'KerberosInterface',
               'LdapService', 'LicensePackage', 'LocalCifsUser', 'LocalHost', 'NetworkRoute', 'NfsService', 'Node',
               'Port', 'QosPolicy', 'Qtree', 'QuotaRule', 'Schedule', 'SecurityCertificate',
               'SecurityKeyManager', 'SnapmirrorPolicy', 'SnapshotPolicy', 'Svm', 'SvmPeer', 'UnixGroup', 'UnixUser',
               'Volume', 'VolumeEfficiencyPolicy', 'CounterTable')


@pytest.fixture(scope='module')
def filled():
    """A cluster with one object of most kinds."""
    with server.Simulator('single') as simulator:
        host, port = simulator.address()
        with HostConnection(host, 'admin', 'netapp123', verify=simulator.ca_path, port=port, poll_interval=0.02):
            parent = volume('vol1', tiering={'policy': 'none'})
            Snapshot(parent.uuid, name='snap1', comment='x').post(poll=True)
            resources.Qtree(svm=SVM, volume={'name': 'vol1'}, name='qt1').post(poll=True)
            QosPolicy(name='gold', svm=SVM, fixed={'max_throughput_iops': 1000}).post(poll=True)
            resources.LocalHost(owner=SVM, address='192.0.2.80', hostname='host').post()
            yield parent


@pytest.mark.parametrize('kind', COLLECTIONS)
def test_every_record_satisfies_the_vendors_schema(filled, kind, monkeypatch):
    monkeypatch.setattr(config, 'STRICT_FIELD_ACCEPTANCE', True)
    found = list(getattr(resources, kind).get_collection(fields='**'))
    empty = {'ClusterPeer', 'LdapService', 'NetworkRoute', 'QuotaRule', 'SvmPeer'}
    assert bool(found) == (kind not in empty)


def test_snapshot_records_satisfy_the_vendors_schema(filled, monkeypatch):
    monkeypatch.setattr(config, 'STRICT_FIELD_ACCEPTANCE', True)
    found = list(Snapshot.get_collection(filled.uuid, fields='**'))
    assert [s.comment for s in found] == ['x']


def test_an_svm_is_migrated(start):
    simulator = start({'seed': 'pair', 'clock': {'speed': 0}, 'with': {'durations': {'default': 0}}})
    simulator.world.cluster('cluster1').svm('svm_manila').nfs.v40 = False
    host, port = simulator.address('cluster2')
    with HostConnection(host, 'admin', 'netapp123', verify=simulator.ca_path, port=port, poll_interval=0.02):
        resources.SvmMigration(source={'svm': {'name': 'svm_manila'}, 'cluster': {'name': 'cluster1'}},
                               auto_cutover=False).post(poll=True)
        found = resources.SvmMigration.find()
        simulator.control.advance(60)
        found.get()
        assert (found.state, found.point_of_no_return) == ('ready_for_cutover', False)
        volumes = list(resources.SvmMigrationVolume.get_collection(found.uuid, fields='*'))
        assert {v.volume.name for v in volumes} == {'svm_manila_root'}
        resources.SvmMigration(uuid=found.uuid).patch(action='cutover', poll=True)
        simulator.control.advance(1)
        found.get()
        assert found.state == 'migrate_complete'
        assert Svm.find(name='svm_manila').subtype == 'default'


def test_files_are_cloned_and_moved(connected):
    volume('v1')
    volume('v2')
    connected.control.write('svm_manila', 'v1', 10 ** 6, path='dir/a')
    resources.FileClone(volume={'name': 'v1'}, source_path='dir/a', destination_path='dir/b').post(poll=True)

    def end(name, path):
        return {'svm': SVM, 'volume': {'name': name}, 'path': path}

    move = resources.FileMove()
    move.files_to_move = {'sources': [end('v1', 'dir/b')], 'destinations': [end('v2', 'b')]}
    move.post(poll=True)
    connected.control.advance(1)
    assert list(resources.FileMove.get_collection()) == []
    with pytest.raises(NetAppRestError) as error:
        resources.FileClone(volume={'name': 'v1'}, source_path='dir/b', destination_path='c').post(poll=True)
    assert code_of(error) == '4'


def test_peers_may_be_permitted_beforehand(start):
    simulator = start('pair')
    host, port = simulator.address('cluster1')
    with HostConnection(host, 'admin', 'netapp123', verify=simulator.ca_path, port=port):
        resources.SvmPeerPermission(cluster_peer={'name': 'cluster2'}, svm=SVM, applications=['snapmirror']).post()
        found = next(iter(resources.SvmPeerPermission.get_collection(fields='*')))
        assert (found.svm.name, found.applications) == ('svm_manila', ['snapmirror'])
