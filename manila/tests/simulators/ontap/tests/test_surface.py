"""Every declared call and resource once: none may fail inside the simulator itself."""

import pathlib
import re

import pytest

from manila.tests.simulators.ontap import server
from manila.tests.simulators.ontap.rest import app, catalogue, errors, query, resource
from manila.tests.simulators.ontap.tests.conftest import Rest
from manila.tests.simulators.ontap.tests.zapi_client import Failed, Zapi
from manila.tests.simulators.ontap.zapi import api


@pytest.fixture(scope='module')
def busy():
    """A cluster with something of everything; built once, only read."""
    with server.Simulator({'seed': 'single', 'with': {'durations': {'default': 0, 'volume.create': 0}}}) as simulator:
        rest = Rest(simulator)
        rest.volume('vol1', _tags=['a:b'])
        rest.ok('POST', '/storage/qos/policies', {'name': 'q', 'svm.name': 'svm_manila',
                                                  'adaptive': {'expected_iops': 1, 'peak_iops': 2}})
        rest.ok('POST', '/storage/qtrees', {'svm.name': 'svm_manila', 'volume.name': 'vol1', 'name': 'q1'})
        rest.volume('dst', type='dp', nas={})
        rest.ok('POST', '/snapmirror/relationships', {'source.path': 'svm_manila:vol1',
                                                      'destination.path': 'svm_manila:dst'})
        simulator.control.lun('svm_manila', 'vol1', 'q1/lun1', 1024 ** 2)
        yield simulator


@pytest.fixture(scope='module')
def zapi(busy):
    return Zapi(busy)


@pytest.fixture(scope='module')
def rest(busy):
    return Rest(busy)


@pytest.mark.parametrize('name', sorted(n for n, a in api.REGISTRY.items() if a.record))
def test_every_iterator_answers_in_either_scope(zapi, name):
    for vfiler in (None, 'svm_manila'):
        results = zapi(name, vfiler=vfiler)
        assert int(results.findtext('num-records')) == len(results.findall('attributes-list/*'))


@pytest.mark.parametrize('name', sorted(n for n, a in api.REGISTRY.items() if not a.record))
def test_no_call_without_inputs_fails_inside(changeable, name):
    try:
        changeable(name)
    except Failed as failed:
        assert failed.errno != 13114, failed.reason


@pytest.fixture(scope='module')
def changeable():
    """A client of a cluster that the calls may change."""
    with server.Simulator('single') as simulator:
        yield Zapi(simulator, vfiler='svm_manila')


@pytest.mark.parametrize('path', sorted(r.path for r in resource.REGISTRY if '{' not in r.path and r.keys))
def test_every_collection_answers_with_all_fields(rest, path):
    body = rest.ok('GET', path, fields='**')
    assert body['num_records'] == len(body['records'])
    for record in body['records']:
        if '_links' in record:
            assert rest.ok('GET', record['_links']['self']['href'][len('/api'):])


def test_records_hold_known_fields_only(rest):
    """What the simulator shows is what the array's description knows."""
    strange = set()
    for each in resource.REGISTRY:
        if '{' in each.path or not each.keys:
            continue
        fields = catalogue.fields_of(each.path)
        for record in rest.ok('GET', each.path, fields='**')['records']:
            strange |= {'%s %s' % (each.path, leaf) for leaf in query.flatten(record) if not fields.knows(leaf)}
    assert not strange


def test_every_path_has_its_fields():
    assert not [r.path for r in resource.REGISTRY if not catalogue.fields_of(r.path).by_name]


def test_every_reason_of_the_model_has_a_code():
    """Reasons are written as texts all over the model; the table knows each of them."""
    root = pathlib.Path(app.__file__).parent.parent
    used = set()
    for path in list((root / 'model').glob('*.py')) + list((root / 'rest').glob('*.py')):
        used |= set(re.findall(r"Refused\(\s*'([\w.]+)'", path.read_text()))
    missing = {r for r in used if r not in errors.CODES and not r.startswith(('licence', 'raw'))}
    assert missing == {'timeout', 'lif.enabled'}, 'those only the older transport can meet'
