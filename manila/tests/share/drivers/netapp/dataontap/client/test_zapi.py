"""What only ZAPI has: its XML, its versions, its errors record by record, and REST in aid of it."""
import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements, settings
from manila.tests.fixtures.ontap import SVM
from manila.tests.share.drivers.netapp.dataontap.client.conftest import GIB
from manila.tests.simulators.ontap.zapi import perf

ANSWER = ('<?xml version="1.0" encoding="UTF-8"?>{doctype}<netapp xmlns="http://www.netapp.com/filer/admin" '
          'version="1.240"><results status="passed">{content}</results></netapp>')


@pytest.fixture
def client(make_client):
    """A client over ZAPI."""
    return make_client('zapi').for_svm(SVM)


# --- XML

def test_requests_are_written_as_zapi_wants_them():
    data = elements.request('some-call', {
        'name': 'a<b&c', 'on': True, 'number': 5, 'left-out': None, 'list': {'item': ['x', 'y']}}, '1.15', 'svm1')
    assert data.decode().splitlines()[-1] == (
        '<netapp xmlns="http://www.netapp.com/filer/admin" version="1.15" vfiler="svm1"><some-call>'
        '<name>a&lt;b&amp;c</name><on>true</on><number>5</number><list><item>x</item><item>y</item></list>'
        '</some-call></netapp>')
    with pytest.raises(errors.Invalid):
        elements.request('some-call', {'name': 'a\x00b'}, '1.15')


def test_answers_are_read_with_and_without_namespace_and_doctype():
    content = '<list><each> a </each><each/><each>b</each></list><n>7</n><bad>x</bad><on>TRUE</on><empty> </empty>'
    usual = ANSWER.format(doctype="<!DOCTYPE netapp SYSTEM 'file:/etc/netapp_gx.dtd'>", content=content)
    for text in (usual, usual.replace(' xmlns="http://www.netapp.com/filer/admin"', '')):
        found = elements.results(text.encode())
        assert elements.texts(found, 'list/each') == ['a', 'b']
        assert (elements.number(found, 'n'), elements.number(found, 'bad', 1), elements.number(found, 'no')) == (
            7, 1, None)
        assert (elements.yes(found, 'on'), elements.yes(found, 'no', False)) == (True, False)
        assert (elements.text(found, 'empty', 'default'), elements.text(found, 'no')) == ('default', None)


@pytest.mark.parametrize('text', [
    b'', b'<html>', b'<html/>', b'<netapp/>', b'\xff\xfe', b'no XML',
    ANSWER.format(doctype='<!DOCTYPE x [<!ENTITY e "boom">]>', content='<a>&e;</a>').encode(),
    ANSWER.format(doctype='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', content='<a>&e;</a>').encode()],
    ids=['empty', 'html', 'closed html', 'no results', 'binary', 'text', 'entity', 'file'])
def test_what_is_no_answer_is_not_taken_for_one(text):
    with pytest.raises(ValueError):
        elements.results(text)


def test_secrets_stay_out_of_the_log():
    assert elements.shown({'user': 'joe', 'admin-password': 'x', 'inner': {'passphrase': 'y', 'name': 'z'}}) == {
        'user': 'joe', 'admin-password': '***', 'inner': {'passphrase': '***', 'name': 'z'}}


# --- versions

def test_the_first_calls_say_the_oldest_version_and_later_ones_the_arrays(sim, make_client):
    client = make_client('zapi')
    client.cluster.nodes()
    requests = [entry.request for entry in sim.log.entries()]
    assert 'version="1.15"' in requests[0] and 'version="1.240"' in requests[-1]
    assert not any('vfiler' in request for request in requests)


@pytest.mark.parametrize('release', ['9.8.0'])
def test_an_array_before_rest_is_served(client, release, spec, on_array, monkeypatch):
    assert client.version == values.Version(9, 8)
    client.exports.create('policy')
    volume = client.volumes.create(spec(junction='/vol', export_policy='policy', tags=('a:b',)))
    client.volumes.modify(volume, values.VolumeChange(size=2 * GIB, tags=('c:d',)))
    assert (on_array().size, on_array().export_policy.name, on_array().tags) == (2 * GIB, 'policy', [])
    group = client.volumes.create(spec('group', 800 * GIB, ('aggr1', 'aggr2')))
    assert client.volumes.find('group').is_flexgroup and group.uuid


@pytest.mark.parametrize('release', ['9.3.0'])
def test_what_a_release_has_not_is_refused_or_left_out(client, release, spec, on_array):
    with pytest.raises(errors.Unsupported, match='FlexGroup'):
        client.volumes.create(spec(size=800 * GIB, aggregates=('aggr1', 'aggr2')))
    with pytest.raises(errors.Unsupported, match='adaptive QoS'):
        client.qos.create('adaptive', {'expected_iops': 1, 'peak_iops': 2}, adaptive=True)
    client.qos.create('fixed', {'max_throughput_iops': 5})
    assert [policy.name for policy in client.qos.list('*')] == ['fixed']
    volume = client.volumes.create(spec(qos=values.Qos('fixed')))
    client.volumes.modify(volume, values.VolumeChange(qos=values.NO_QOS))
    assert on_array().qos_policy is None
    assert client.snapshots.limit() == 255
    assert [aggregate.encrypted for aggregate in client.aggregates.list(['aggr1'])] == [False]


def test_an_array_without_zapi_says_so(sim, make_client):
    sim.control.settings(zapi=False)
    with pytest.raises(errors.Unsupported):
        make_client('zapi')
    sim.control.settings(zapi=True)


def test_zapi_that_is_switched_off_is_told_from_a_missing_right(sim, make_client):
    for errno, kind in (('13005', errors.Unsupported), ('13003', errors.Forbidden)):
        sim.faults.add({'api': 'system-get-ontapi-version'}, {'zapi_error': {'errno': errno}}, count=1)
        with pytest.raises(kind):
            make_client('zapi')


def test_counters_that_a_release_has_not(sim, client, monkeypatch):
    monkeypatch.setitem(perf.OBJECTS, 'wafl', [])
    with pytest.raises(errors.Unsupported, match='cp_phase_times'):
        client.perf.sample()


# --- errors

def test_a_change_that_fails_for_the_record_fails(sim, client, spec):
    volume = client.volumes.create(spec())
    sim.faults.add({'api': 'volume-modify-iter'}, {'record_failure': {'errno': '160', 'reason': 'Too small.'}}, 1)
    with pytest.raises(errors.TooSmall, match='Too small'):
        client.volumes.modify(volume, values.VolumeChange(size=2 * GIB))


@pytest.mark.parametrize(('errno', 'reason', 'kind'), [
    ('13002', 'login', errors.NotAuthenticated), ('13003', 'privilege', errors.Forbidden),
    ('13005', 'no such call', errors.Forbidden), ('13040', 'gone', errors.NotFound),
    ('13001', 'There is not enough space.', errors.NoSpace), ('99999', 'Something else.', errors.OntapError)])
def test_numbers_of_errors_have_a_meaning(sim, client, errno, reason, kind):
    sim.faults.add({'api': 'net-interface-get-iter'}, {'zapi_error': {'errno': errno, 'reason': reason}}, 1)
    with pytest.raises(errors.OntapError) as caught:
        client.network.lifs()
    assert (type(caught.value), caught.value.ontap_code, caught.value.text) == (kind, errno, reason)


def test_a_scan_that_has_just_begun_is_waited_for(sim, client, spec, on_array, monkeypatch):
    volume = client.volumes.create(spec())
    pauses = []
    monkeypatch.setattr(settings.time, 'sleep', lambda seconds: pauses.append(seconds) or sim.control.advance(seconds))
    sim.control.scan(SVM, 'vol', 7)
    client.volumes.modify(volume, values.VolumeChange(efficiency=values.Efficiency(True)))
    assert on_array().efficiency.enabled and pauses == [3.0] * 3
    client.volumes.modify(volume, values.VolumeChange(efficiency=values.Efficiency()))
    sim.control.scan(SVM, 'vol', 60)
    with pytest.raises(errors.Busy):
        client.volumes.modify(volume, values.VolumeChange(efficiency=values.Efficiency(True)))


# --- REST in aid

@pytest.mark.parametrize('status', [401, 403, 404, 503])
def test_tags_and_forced_deletion_do_without_rest(sim, make_client, spec, on_array, status):
    client = make_client('zapi', retries=2).for_svm(SVM)
    sim.faults.add({'transport': 'rest'}, {'status': status})
    volume = client.volumes.create(spec(tags=('a:b',)))
    assert client.volumes.find('vol', detail=True).tags == ()
    client.volumes.modify(volume, values.VolumeChange(tags=('a:b',), size=2 * GIB))
    assert (on_array().tags, on_array().size) == ([], 2 * GIB)
    client.volumes.modify(volume, values.VolumeChange(state='offline'))
    client.volumes.delete(volume, force=True)
    assert on_array() is None


def test_a_tag_write_whose_answer_was_lost_is_repeated(sim, client, spec, on_array):
    sim.faults.add({'transport': 'rest', 'method': 'PATCH'}, {'drop': 'after'}, count=1)
    client.volumes.create(spec(tags=('a:b',)))
    assert on_array().tags == ['a:b']
