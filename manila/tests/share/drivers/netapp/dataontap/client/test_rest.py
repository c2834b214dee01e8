"""What only REST has: jobs, pages, queries with operators, accounts that may not ask for the version."""
import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.share.drivers.netapp.dataontap.client.rest import noun, transport as rest
from manila.tests.fixtures.ontap import SVM


@pytest.fixture
def client(make_client):
    """A client in the SVM with credentials of the cluster."""
    return make_client('rest').for_svm(SVM)


@pytest.fixture
def asleep(monkeypatch, sim):
    """Waiting lets the array's clock go on instead; a list of the seconds."""
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        sim.control.advance(seconds)
    monkeypatch.setattr(rest.time, 'sleep', sleep)
    return waits


def slow(sim, monkeypatch, seconds):
    """Jobs that make volumes take a while, and the array does not keep answers back."""
    monkeypatch.setattr(rest, '_WAIT', 0)
    sim.world.clusters[0].durations['volume.create'] = seconds


def test_a_job_that_lasts_is_asked_for_at_growing_intervals(client, sim, spec, on_array, monkeypatch, asleep):
    slow(sim, monkeypatch, 8)
    client.volumes.create(spec())
    assert on_array() is not None
    assert asleep[0] < asleep[1] <= 2 and 8 <= sum(asleep) < 12
    polls = [entry for entry in sim.log.entries() if entry.operation.startswith('GET /api/cluster/jobs')]
    assert len(polls) == len(asleep) + 1 and {entry.svm for entry in polls} == {None}


def test_a_job_that_fails_does_so_with_its_own_error(client, sim, spec, on_array, monkeypatch, asleep):
    slow(sim, monkeypatch, 3)
    sim.control.aggregate('aggr1', free=0)
    with pytest.raises(errors.NoSpace):
        client.volumes.create(spec(thin=False))
    assert on_array() is None


def test_patience_with_a_job_ends(client, sim, spec, monkeypatch, asleep):
    slow(sim, monkeypatch, 8)
    moments = iter(range(0, 1000))
    monkeypatch.setattr(rest.time, 'monotonic', lambda: next(moments))
    with pytest.raises(errors.JobTimeout):
        client.volumes.create(spec(), timeout=5)


def test_a_job_that_has_disappeared_may_have_ended_either_way(client, sim, spec, monkeypatch, asleep):
    slow(sim, monkeypatch, 8)
    sim.control.fail_jobs(lost=True)
    with pytest.raises(errors.JobTimeout):
        client.volumes.create(spec())


def test_lists_come_page_by_page(client, sim, spec):
    for number in range(5):
        client.volumes.create(spec(f'vol{number}'))
    sim.control.settings(page_limit=2)
    assert sorted(each.name for each in client.volumes.list('vol*')) == [f'vol{number}' for number in range(5)]
    sim.control.settings(page_limit=0)


@pytest.mark.parametrize('text, query', [
    ('plain', 'plain'), ('a*', '"a*"'), ('a|b', '"a|b"'), ('!a', '"!a"'), ('1..2', '"1..2"'), ('null', '"null"')])
def test_operators_in_names_mean_nothing(text, query):
    assert rest.exact(text) == query
    assert rest.any_of([text, 'x']) == f'{query}|x'


def test_a_junction_with_operators_finds_only_itself(client, spec):
    client.volumes.create(spec('a', junction='/a'))
    assert client.volumes.find(junction='/*') is None and client.volumes.find(junction='/a|/b') is None
    assert client.volumes.find(junction='/a').name == 'a'


def test_calls_name_what_they_want_and_no_more(client, sim, spec):
    made = client.volumes.create(spec())
    sim.log.clear()
    client.volumes.find(made.name)
    entry, = sim.log.entries()
    assert 'fields=' in entry.query and '**' not in entry.query and 'space.used' not in entry.query


def test_the_version_comes_from_the_command_line_where_the_cluster_is_forbidden(make_client, sim):
    sim.faults.add(match={'path': '^/api/cluster$'}, action={
        'error': {'code': '6', 'message': 'not authorized', 'status': 403}})
    assert make_client('rest', 'svm').version == values.Version(9, 14, 1)


@pytest.mark.parametrize('release', ['9.14.1'])
def test_tags_are_left_out_for_releases_without_them(client, spec, sim, release):
    sim.world.clusters[0].version = (9, 13, 1)
    client._root._version = values.Version(9, 13, 1)
    client.volumes.create(spec(tags=('a:b',)))
    assert client.volumes.find('vol', detail=True).tags == ()
    sim.world.clusters[0].version = (9, 14, 1)


def test_bodies_are_nested_and_without_gaps():
    assert noun.filled({'a.b': 1, 'a.c.d': None, 'a.c.e': False, 'f': ''}) == {
        'a': {'b': 1, 'c': {'e': False}}, 'f': ''}
    assert noun.dig({'a': {'b': 1}}, 'a.b') == 1 and noun.dig({'a': 1}, 'a.b', 'x') == 'x'
    assert noun.time_of('2024-05-01T12:00:00+02:00').isoformat() == '2024-05-01T10:00:00'
    assert (noun.yes('TRUE'), noun.yes(False), noun.yes(None)) == (True, False, None)
