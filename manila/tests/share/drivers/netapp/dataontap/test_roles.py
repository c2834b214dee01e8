"""The role that the documentation names is enough, and nothing in it is too much."""
import ast
import fnmatch
import pathlib
import re

import pytest

from manila.share.drivers.netapp.dataontap.client import zapi
from manila.tests.fixtures import ontap
from manila.tests.share.drivers.netapp.dataontap.test_scenario import volumes
from manila.tests.simulators.ontap import server
from manila.tests.simulators.ontap.zapi import api

PAGE = pathlib.Path(__file__).resolve().parents[6] / 'doc' / 'source' / 'admin' / 'netapp.rst'
REST_LINE = re.compile(r'rest-role create -role manila -api (\S+) -access (\S+)')

ZAPI_LINE = re.compile(r'role create -role manila_zapi -cmddirname "([^"]+)" -access (\S+)')
ZAPI_ROW = re.compile(r'^   \* - ``([^`]+)``\n     - (``.*``)$', re.MULTILINE)


def rest_role():
    """(path, access) pairs of the role in the documentation."""
    found = REST_LINE.findall(PAGE.read_text())
    assert len(found) > 10
    return found


def zapi_role():
    """(pattern of calls, access) pairs of the role in the documentation: its commands stand for these calls."""
    text = PAGE.read_text().partition('.. zapi-role-begin')[2].partition('.. zapi-role-end')[0]
    access = dict(ZAPI_LINE.findall(text))
    calls = {directory: re.findall('``([^`]+)``', row) for directory, row in ZAPI_ROW.findall(text)}
    assert access.keys() == calls.keys() and len(access) > 10
    return [(call, access[directory]) for directory, found in calls.items() for call in found]


@pytest.fixture(scope='module')
def limited():
    """A simulator whose accounts 'manila' and 'manila_zapi' have just these roles."""
    roles = {'manila': [{'path': path, 'access': access} for path, access in rest_role()],
             'manila_zapi': [{'path': f'zapi:{call}', 'access': access} for call, access in zapi_role()]}
    with server.Simulator({'seed': 'single', 'with': {
            'durations': ontap.INSTANT,
            'roles': [{'name': name, 'privileges': privileges} for name, privileges in roles.items()],
            'accounts': [{'name': name, 'password': ontap.PASSWORD, 'role': name} for name in roles]}}) as simulator:
        yield simulator


@pytest.fixture
def sim(limited):
    """That simulator as the one of the test."""
    limited.reset()
    return limited


def use(driver, sim, make, apply):
    """Do everything that a driver does."""
    driver.get_share_stats(refresh=True)
    for proto, to in (('NFS', '10.0.0.1'), ('CIFS', 'joe')):
        share = make.share(proto=proto)
        driver.create_share(None, share)
        apply(driver, share, make.rule(to))
        driver.extend_share(share, 2)
        driver.ensure_share(None, share)
        snapshot, child = make.snapshot(share), make.share(proto=proto)
        driver.create_snapshot(None, snapshot)
        driver.revert_to_snapshot(None, snapshot, [], [])
        driver.create_share_from_snapshot(None, child, snapshot, parent_share=share)
        path = '192.0.2.11:/' if proto == 'NFS' else '\\\\192.0.2.11\\'
        managed = make.share(proto=proto, export_locations=[{'path': path + driver.names.volume(child['id'])}])
        driver.manage_existing(managed, {})
        driver.delete_share(None, managed)
        driver.delete_snapshot(None, snapshot)
        driver.delete_share(None, share)
    driver.clean_up()
    driver.note_presence()
    sim.control.advance(13 * 3600)
    driver.clean_up()


@pytest.fixture
def qualified(specs):
    """The type of shares has extra specs that take further calls."""
    specs.update({'qos': 'true', 'netapp:maxiops': '10', 'netapp:hide_snapdir': 'true'})


def test_the_role_for_rest_is_enough(make_driver, sim, svm, make, qualified, apply):
    driver = make_driver(netapp_login='manila', netapp_enable_flexgroup=True)
    use(driver, sim, make, apply)
    assert volumes(svm) == {} and svm.cluster.qos_policies == []
    refused = [entry for entry in sim.log.entries() if entry.status in (401, 403)]
    assert refused == []
    unused = [path for path, _access in rest_role() if not any(
        entry.path.startswith(path) for entry in sim.log.entries())]
    assert unused == []


def test_the_role_for_zapi_is_enough(make_driver, sim, svm, make, qualified, specs, apply):
    specs.update({'dedupe': 'true', 'netapp:fpolicy_extensions_to_include': 'txt'})
    driver = make_driver('zapi', netapp_login='manila_zapi', netapp_enable_flexgroup=True)
    use(driver, sim, make, apply)
    assert volumes(svm) == {} and svm.cluster.qos_policies == []
    entries = sim.log.entries(transport='zapi')
    refused = [entry.operation for entry in entries if 'errno="13003"' in entry.response or entry.status != 200]
    assert refused == []
    unused = [call for call, _access in zapi_role() if not fnmatch.filter({each.operation for each in entries}, call)]
    # FlexGroup volumes take jobs, accounts of the SVM look for the SVMs they see.
    assert sorted(unused) == ['job-get-iter', 'vserver-get-iter']


def test_the_role_for_zapi_has_all_calls_of_the_client_and_none_to_write_where_it_reads():
    called = set()
    for path in pathlib.Path(zapi.__file__).parent.glob('*.py'):
        called |= {node.value for node in ast.walk(ast.parse(path.read_text()))
                   if isinstance(node, ast.Constant) and node.value in api.REGISTRY}
    assert len(called) > 50
    role = zapi_role()
    assert [call for call in called if not any(fnmatch.fnmatch(call, pattern) for pattern, _access in role)] == []
    for pattern, access in role:
        needed = [api.REGISTRY[call].writes for call in called if fnmatch.fnmatch(call, pattern)]
        # Names of QoS calls are put together.
        assert pattern.startswith('qos-') or (access == 'all') is any(needed), pattern
