"""Building a world out of a description: a YAML file, a dict, or one of the seeds with overrides.

A description has what `topology_schema.yaml` says; or `seed` (single, multi, pair), `with` its parameters, which are
parts of a cluster, and what else of a description is to replace the seed's.
"""

import copy
import functools
import pathlib

import jsonschema
import yaml
from oslo_utils import strutils

from manila.tests.simulators.ontap import clock as sim_clock
from manila.tests.simulators.ontap.model import (
    accounts,
    aggregates,
    cifs,
    cluster as clusters,
    errors,
    exports,
    lifs,
    luns,
    names,
    network,
    peers,
    snapmirror,
    svms,
    volumes,
    world as worlds,
)
from manila.tests.simulators.ontap.model.base import get

TIB = 1024 ** 4
_SCHEMA = pathlib.Path(__file__).with_name('topology_schema.yaml')


def single(name='cluster1', version='9.14.1', **more):
    """One cluster of two nodes with the SVM 'svm_manila' that serves NFS and CIFS."""
    description = {
        'name': name, 'version': version, 'nodes': _nodes(name), 'aggregates': _aggregates(name),
        'accounts': [{'name': 'admin', 'password': 'netapp123', 'role': 'admin'},
                     {'name': 'vsadmin', 'password': 'netapp123', 'role': 'vsadmin', 'svm': 'svm_manila'}],
        'svms': [{'name': 'svm_manila', 'aggregates': ['aggr1', 'aggr2', 'aggr3', 'aggr4'], 'nfs': {'v40': True},
                  'cifs': {'name': 'SVMMANILA', 'domain': 'example.test'},
                  'dns': {'domains': ['example.test'], 'servers': ['192.0.2.53']},
                  'management': {},
                  'lifs': [{'name': 'lif1', 'address': '192.0.2.11', 'node': name + '-01', 'port': 'e0c'},
                           {'name': 'lif2', 'address': '192.0.2.12', 'node': name + '-02', 'port': 'e0c'}]}],
    }
    return {'clusters': [_merged(description, more)]}


def multi(name='cluster1', version='9.14.1', **more):
    """One cluster for share servers: no SVM for users, but a data LIF on each port that may carry more."""
    infrastructure = [{'name': 'infra_%s' % port, 'address': '198.51.100.%d' % (10 + number), 'node': name + '-01',
                       'port': port} for number, port in enumerate(('e0c', 'e0d'))]
    description = {
        'name': name, 'version': version, 'nodes': _nodes(name), 'aggregates': _aggregates(name),
        'accounts': [{'name': 'admin', 'password': 'netapp123', 'role': 'admin'}],
        'svms': [{'name': 'svm_infra', 'aggregates': [], 'lifs': infrastructure}],
    }
    return {'clusters': [_merged(description, more)]}


def pair(version='9.14.1', **more):
    """Two peered clusters."""
    one = single('cluster1', version, **more)['clusters'][0]
    two = multi('cluster2', version, **more)['clusters'][0]
    return {'clusters': [one, two], 'peers': [['cluster1', 'cluster2']]}


SEEDS = {'single': single, 'multi': multi, 'pair': pair}


def _merged(description, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(description.get(key), dict):
            description[key] = dict(description[key], **value)
        else:
            description[key] = value
    return description


def _nodes(name):
    return [{'name': name + '-01', 'partner': name + '-02'}, {'name': name + '-02', 'partner': name + '-01'}]


def _aggregates(name):
    found = []
    for node in (1, 2):
        home = '%s-%02d' % (name, node)
        found.append({'name': 'aggr0_%02d' % node, 'node': home, 'size': TIB // 4, 'root': True})
        for number in (2 * node - 1, 2 * node):
            found.append({'name': 'aggr%d' % number, 'node': home, 'size': 10 * TIB})
    return found


def read(path):
    """The description in a YAML file; `seed` names a base, `with` its parameters."""
    with open(path, encoding='utf-8') as stream:
        return resolve(yaml.safe_load(stream) or {})


def resolve(description):
    """A whole description: a seed, or what names one, is filled in.

    :raises ValueError: saying what is wrong with it, and where
    """
    description = {'seed': description} if isinstance(description, str) else description
    if isinstance(description, dict) and 'seed' in description:
        if description['seed'] not in SEEDS:
            raise ValueError('Unknown seed %s: there are %s.' % (description['seed'], ', '.join(SEEDS)))
        rest = {k: v for k, v in description.items() if k not in ('seed', 'with')}
        description = dict(SEEDS[description['seed']](**description.get('with', {})), **rest)
    problem = jsonschema.exceptions.best_match(_validator().iter_errors(description))
    if problem is not None:
        raise ValueError('%s: %s' % (problem.json_path, problem.message))
    return description


@functools.cache
def _validator():
    return jsonschema.Draft202012Validator(yaml.safe_load(_SCHEMA.read_text(encoding='utf-8')))


def build(description):
    """The world a description stands for."""
    description = copy.deepcopy(resolve(description))
    timing = description.get('clock', {})
    world = worlds.World(sim_clock.Clock(timing.get('speed', 1.0), timing.get('start')))
    with world.lock:
        for part in description['clusters']:
            world.clusters.append(_cluster(world, part))
        for one, two in description.get('peers', ()):
            peers.connect(*(get(world.clusters, 'cluster', name=name) for name in (one, two)))
    return world


def parse_version(text):
    return tuple(int(part) for part in (str(text).split('.') + ['0', '0'])[:3])


def _cluster(world, part):
    cluster = clusters.Cluster(world, part['name'], parse_version(part.get('version', '9.14.1')))
    for key in ('nve_capable', 'no_dare', 'contact', 'location', 'uuid'):
        if key in part:
            setattr(cluster, key, part[key])
    if 'licences' in part:
        cluster.licences = set(part['licences'])
    _checked_update(cluster.settings, part.get('settings', {}))
    cluster.durations.update(part.get('durations', {}))
    cluster.schedules = clusters.default_schedules()
    cluster.snapshot_policies = clusters.default_snapshot_policies()
    cluster.snapmirror_policies = snapmirror.builtin_policies()
    cluster.roles = accounts.builtin_roles()
    _network(cluster)
    _hardware(cluster, part)
    cluster.svms.append(svms.Svm(cluster, cluster.name, type='admin', ipspace=cluster.ipspaces[0]))
    for node in cluster.nodes:
        cluster.svms.append(svms.Svm(cluster, node.name, type='node', ipspace=cluster.ipspaces[0]))
    for each in part.get('svms', ()):
        _svm(cluster, each)
    _accounts(cluster, part)
    return cluster


def _bytes(size):
    """Bytes of a size that may have a unit."""
    return strutils.string_to_bytes(size, return_int=True) if isinstance(size, str) else size


def _checked_update(settings, values):
    for key in values:
        if key not in settings:
            raise ValueError('Unknown setting of a cluster: %s' % key)
    settings.update(values)


def _network(cluster):
    for name in ('Default', 'Cluster'):
        cluster.ipspaces.append(network.IPspace(name, cluster.number()))
    cluster.broadcast_domains.append(network.BroadcastDomain('Default', cluster.ipspaces[0]))
    cluster.broadcast_domains.append(network.BroadcastDomain('Cluster', cluster.ipspaces[1], mtu=9000))


def _hardware(cluster, part):
    for number, each in enumerate(part['nodes'], 1):
        node = clusters.Node(cluster, each['name'], serial_number='4082368-50-%d' % number, boot_time=cluster.now(),
                             load_since=cluster.now(), compliance_clock=each.get('compliance_clock', False),
                             lif_limit=each.get('lif_limit', 512))
        cluster.nodes.append(node)
        for name in each.get('ports', ('e0c', 'e0d', 'e0e', 'e0f')):
            cluster.ports.append(network.Port(node, name, broadcast_domain=cluster.broadcast_domains[0]))
        cluster.ports.append(network.Port(node, 'e0M', role='node_mgmt', speed=1000))
    for each in part['nodes']:
        if each.get('partner'):
            _node(cluster, each['name']).partner = _node(cluster, each['partner'])
    for number, each in enumerate(part['aggregates']):
        aggregate = aggregates.Aggregate(
            cluster, each['name'], _node(cluster, each['node']), _bytes(each['size']), create_time=cluster.now(),
            is_root=each.get('root', False), raid_type=each.get('raid_type', 'raid_dp'),
            disk_type=each.get('disk_type', 'ssd'), is_hybrid=each.get('hybrid', False),
            snaplock_type=each.get('snaplock_type', 'non_snaplock'), encrypted=each.get('encrypted', False))
        cluster.aggregates.append(aggregate)
        cluster.disks += aggregates.disks_of(aggregate, number)


def _node(cluster, name):
    return get(cluster.nodes, 'node', name=name)


def _svm(cluster, part):
    svm = svms.create(cluster, part['name'], aggregates=part.get('aggregates', ()),
                      ipspace=part.get('ipspace', 'Default'), root_style=part.get('security_style', 'unix'),
                      retention_hours=part.get('retention_hours'))
    if 'nfs' in part:
        names.create_nfs(svm, **part['nfs'])
    if 'dns' in part:
        names.create_dns(svm, part['dns']['domains'], part['dns']['servers'])
    if 'cifs' in part:
        cifs.create(cifs.Server(svm, part['cifs']['name'], part['cifs']['domain']))
    for each in part.get('lifs', ()):
        node = _node(cluster, each['node'])
        lifs.create(svm, each['name'], each['address'], each.get('netmask', 24), node,
                    network.find_port(cluster, node.name, each['port']),
                    each.get('service_policy', 'default-data-files'))
    for each in part.get('export_policies', ()):
        exports.create(svm, each)
    for each in part.get('volumes', ()):
        _volume(svm, each)


def _volume(svm, part):
    values = {k: v for k, v in part.items() if k not in ('name', 'size', 'aggregates', 'luns')}
    volume = volumes.create(svm=svm, uuid=volumes.new_uuid(), name=part['name'], size=_bytes(part['size']),
                            aggregates=part['aggregates'], style=part.get('style', 'flexvol'), **{
                                k: v for k, v in values.items() if k != 'style'})
    for each in part.get('luns', ()):
        luns.create(volume, each['path'], _bytes(each['size']))


def _accounts(cluster, part):
    for each in part.get('roles', ()):
        privileges = [accounts.Privilege(p['path'], p.get('access', 'all')) for p in each['privileges']]
        cluster.roles.append(accounts.Role(each['name'], privileges, svm=cluster.svm(each.get('svm'))))
    for each in part.get('accounts', ()):
        role = next((r for r in cluster.roles if r.name == each.get('role', 'admin')), None)
        if role is None:
            raise errors.missing('role', each['role'])
        account = accounts.Account(each['name'], role, svm=cluster.svm(each.get('svm')) if each.get('svm') else None,
                                   common_name=each.get('common_name'))
        if 'password' in each:
            account.set_password(each['password'])
        cluster.accounts.append(account)
