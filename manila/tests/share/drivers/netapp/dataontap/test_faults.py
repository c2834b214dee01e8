"""The fault matrix: every kind of fault at every call of every operation, walked by machine.

An operation is first carried out undisturbed, and the simulator's log says which calls it takes. Then, for each of
these calls and each fault, it is carried out again with the fault at just that call. It has to succeed or to fail with
an exception of ours; after a failure, carrying it out again has to end in the undisturbed state, and deleting
everything instead must leave nothing behind.
"""
import contextlib
import dataclasses

import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap.client import errors
from manila.tests.share.drivers.netapp.dataontap.test_scenario import describe, name_of, volumes
from manila.tests.simulators.ontap.model import jobs

SVM = 'svm_manila'
PATIENCE = 60   # seconds to wait for an answer
TAGS = 6        # their place among the fields of a volume as described
# Fault -> what the simulator does with the call that it hits.
FAULTS = {
    'dropped before': {'drop': 'before'},
    'dropped after': {'drop': 'after'},
    'answer cut off': {'truncate': 20, 'when': 'after'},
    'hangs': {'hang': 0.5, 'when': 'after'},
    '401': {'status': 401, 'body': 'html'},
    '403': {'status': 403, 'body': 'html'},
    '429': {'status': 429, 'retry_after': 0},
    '500': {'status': 500, 'body': 'html'},
    '502 after': {'status': 502, 'body': 'html', 'when': 'after'},
    '503': {'status': 503},
    'html': {'body': 'html'},
    'empty after': {'body': 'empty', 'when': 'after'},
    'no json': {'body': 'not_json'},
    'malformed xml': {'body': 'malformed'},
    'internal error': {'error': {'code': '262145', 'message': 'Unexpected.', 'status': 500},
                       'zapi_error': {'errno': '13114', 'reason': 'Unexpected.'}},
    'refused after': {'error': {'code': '65541', 'message': 'Timed out.', 'status': 500},
                      'zapi_error': {'errno': '13114', 'reason': 'Timed out.'}, 'when': 'after'},
}
# Seconds after which nothing is left in the recovery queue and all clones stand alone.
RETENTION = 13 * 3600
JOBS = {'job fails': {'message': 'It failed.'}, 'job hangs': {'stuck': True}, 'job is lost': {'lost': True}}


@dataclasses.dataclass
class Case:
    """An operation: what has to be there before it, and how it is carried out; a namespace is handed through."""

    name: str
    before: object
    work: object
    proto: str = 'NFS'
    specs: dict = dataclasses.field(default_factory=dict)

    def __str__(self):
        return f'{self.name} {self.proto}'


@dataclasses.dataclass
class World:
    """The objects of one run."""

    driver: object
    make: object
    share: dict
    snapshot: dict = None
    child: dict = None
    rules: tuple = ()


def nothing(world):
    """Nothing has to be there."""


def with_share(world):
    """The share is there."""
    world.driver.create_share(None, world.share)


def with_rules(world):
    """The share is there and has a rule."""
    with_share(world)
    to = ('10.0.0.1', '10.0.0.2') if world.share['share_proto'] == 'NFS' else ('joe', 'ann')
    world.rules = [world.make.rule(each) for each in to]
    world.driver.update_access(None, world.share, world.rules[:1], [], [], [])


def with_snapshot(world):
    """The share is there and has a snapshot."""
    with_share(world)
    world.driver.create_snapshot(None, world.snapshot)


def with_clone(world):
    """The snapshot has a clone."""
    with_snapshot(world)
    clone(world)


def clone(world):
    """Make a share from the snapshot."""
    world.driver.create_share_from_snapshot(None, world.child, world.snapshot, parent_share=world.share)


RICH = {'netapp:fpolicy_extensions_to_include': 'avi', 'netapp:hide_snapdir': 'true', 'compression': 'true',
        'netapp:max_files': '20000'}
CASES = [
    Case('create', nothing, lambda w: w.driver.create_share(None, w.share)),
    Case('create', nothing, lambda w: w.driver.create_share(None, w.share), 'CIFS'),
    Case('access', with_rules, lambda w: w.driver.update_access(None, w.share, w.rules, [], [], [])),
    Case('access', with_rules, lambda w: w.driver.update_access(None, w.share, w.rules[1:], [], [], []), 'CIFS'),
    Case('snapshot', with_share, lambda w: w.driver.create_snapshot(None, w.snapshot)),
    Case('delete snapshot', with_snapshot, lambda w: w.driver.delete_snapshot(None, w.snapshot)),
    Case('delete snapshot of a clone', with_clone, lambda w: w.driver.delete_snapshot(None, w.snapshot)),
    Case('clone', with_snapshot, clone),
    Case('clone', with_snapshot, clone, 'CIFS'),
    Case('extend', with_share, lambda w: w.driver.extend_share(w.share, 2)),
    Case('delete', with_rules, lambda w: w.driver.delete_share(None, w.share)),
    Case('delete', with_rules, lambda w: w.driver.delete_share(None, w.share), 'CIFS'),
    Case('ensure', with_rules, lambda w: w.driver.ensure_share(None, w.share)),
]
# With all that a share type can bring; walked by the exhaustive tests only.
RICH_CASES = [
    Case('create, all there is', nothing, lambda w: w.driver.create_share(None, w.share), specs=RICH),
    Case('delete, all there is', with_rules, lambda w: w.driver.delete_share(None, w.share), specs=RICH),
]


class Bench:
    """Carries cases out on one array with one driver."""

    def __init__(self, driver, sim, make, specs):
        self.driver, self.sim, self.make, self.specs = driver, sim, make, specs
        connection = driver.array.client.connection
        connection.retry_interval, connection.read_timeout, connection.timeout = 0.001, PATIENCE, 1

    @property
    def svm(self):
        """The SVM as it is on the array."""
        return self.sim.world.clusters[0].svm(SVM)

    def world(self, case, seed):
        """An array as new on which everything is that the case needs."""
        self.sim.load(seed)
        self.sim.faults.remove()
        self.specs.clear()
        self.specs.update(case.specs)
        self.sim.control.clear_job_faults()
        share, child = (self.make.share(proto=case.proto) for _ in range(2))
        for number, each in enumerate((share, child)):      # alike in every run, so that runs can be compared
            each['id'] = f'00000000-0000-4000-8000-00000000000{number}'
            each['share_id'] = each['id'].replace('4000', '4001')
        snapshot = self.make.snapshot(share)
        snapshot['id'] = '00000000-0000-4000-8000-000000000009'
        world = World(self.driver, self.make, share, snapshot, child)
        case.before(world)
        self.sim.log.clear()
        return world

    def lose_patience(self, label):
        """Only where the array is to hang may time run out: elsewhere that would be the fault of a busy machine."""
        self.driver.array.client.connection.read_timeout = 0.2 if label.startswith('hangs') else PATIENCE

    def repair(self):
        """Take faults away; somebody has cancelled jobs that hung."""
        self.sim.faults.remove()
        self.driver.array.client.connection.read_timeout = PATIENCE
        self.sim.control.clear_job_faults()
        for job in self.svm.cluster.jobs:
            if job.stuck and not job.ended:
                jobs.act(job, 'cancel')

    def remove_everything(self, world):
        """Delete as users and housekeeping do."""
        for _again in range(2):
            with contextlib.suppress(errors.Offline):       # half deleted: the snapshot goes with the share
                self.driver.delete_snapshot(None, world.snapshot)
            self.driver.delete_share(None, world.child)
            self.driver.delete_share(None, world.share)
        self.driver.clean_up()
        self.sim.control.advance(RETENTION)
        self.driver.clean_up()

    def make_up_for_tags(self, world, undisturbed):
        """ZAPI has no tags: they are written by REST, as well as possible. Ensuring shares makes up for lost ones."""
        if self.driver.array.client.transport == 'zapi' and untagged(describe(self.svm)) == untagged(undisturbed):
            for share in (world.share, world.child):
                if name_of(share) in volumes(self.svm):
                    self.driver.ensure_share(None, share)

    def left(self):
        """What should not be there after that."""
        policies = [p.name for p in self.svm.export_policies if p.name != 'default']
        shares = [s.name for s in self.svm.cifs_shares if s.name.startswith('share_')]
        return [*volumes(self.svm), *policies, *shares, *[p.name for p in self.svm.cluster.qos_policies],
                *[each.name for each in (*self.svm.fpolicies, *self.svm.fpolicy_events)],
                *self.sim.control.violations()]

    def attempt(self, case, world):
        """Carry the case out; returns whether it succeeded. Failures have to be ours."""
        try:
            case.work(world)
            return True
        except exception.ManilaException:
            return False


def untagged(described):
    """A description without the tags of volumes."""
    found, *rest = described
    return [{name: fields[:TAGS] + fields[TAGS + 1:] for name, fields in found.items()}, *rest]


@pytest.fixture
def bench(driver, sim, make, specs):
    """A bench over the transport and with the credentials of the test's turn."""
    return Bench(driver, sim, make, specs)


@pytest.fixture
def usual_bench(make_driver, transport, specs, sim, make, monkeypatch):
    """With credentials of the cluster only; the exhaustive tests walk the matrix with the others, too."""
    return Bench(make_driver(transport), sim, make, specs)


def walk(bench, case, seed, undisturbed, setters, repairs=('retry', 'delete')):
    """Carry a case out with each way of setting a fault; returns complaints."""
    complaints = []
    for label, setter in setters:
        for repair in repairs:
            world = bench.world(case, seed)
            setter()
            bench.lose_patience(label)
            try:
                done = bench.attempt(case, world)
            except Exception as error:
                complaints.append(f'{label}: {error!r} is none of our exceptions')
                continue
            bench.repair()
            if repair == 'retry':
                if not done:
                    case.work(world)
                bench.make_up_for_tags(world, undisturbed)
                if describe(bench.svm) != undisturbed:
                    complaints.append(f'{label}, done: {done}: {describe(bench.svm)} instead of {undisturbed}')
            bench.remove_everything(world)
            if left := bench.left():
                complaints.append(f'{label}, {repair}: left are {left}')
    return complaints


def begin(bench, case):
    """(seed of the array, state after an undisturbed run, calls that it took)."""
    seed = bench.sim.dump()
    world = bench.world(case, seed)
    case.work(world)
    return seed, describe(bench.svm), bench.sim.log.entries()


def at_every_call(bench, calls, names, once=True):
    """(label, function that sets the fault) for every call and fault."""
    def setter(place, fault):
        return lambda: bench.sim.faults.add(action=fault, skip=place, count=1 if once else None)
    return [(f'{name} at {place} ({entry.operation})', setter(place, FAULTS[name]))
            for place, entry in enumerate(calls) for name in names]


@pytest.mark.parametrize('case', CASES, ids=str)
def test_an_answer_lost_at_any_call_is_mended_by_doing_it_again(usual_bench, case):
    bench = usual_bench
    seed, undisturbed, calls = begin(bench, case)
    complaints = walk(bench, case, seed, undisturbed, at_every_call(bench, calls, ['dropped after']), ['retry'])
    assert calls and not complaints, '\n'.join(complaints)


@pytest.mark.exhaustive
@pytest.mark.parametrize('case', CASES + RICH_CASES, ids=str)
@pytest.mark.parametrize('once', [True, False], ids=['once', 'until repaired'])
def test_faults_at_every_call_leave_nothing_that_cannot_be_mended(bench, case, once):
    seed, undisturbed, calls = begin(bench, case)
    chosen = FAULTS if once else ('dropped before', '503', '401')
    complaints = walk(bench, case, seed, undisturbed, at_every_call(bench, calls, chosen, once))
    assert calls and not complaints, '\n'.join(complaints)


@pytest.mark.exhaustive
@pytest.mark.parametrize('case', CASES + RICH_CASES, ids=str)
def test_jobs_of_the_array_that_go_wrong_leave_nothing_that_cannot_be_mended(bench, case):
    seed, undisturbed, _calls = begin(bench, case)
    setters = [(name, lambda fault=fault: bench.sim.control.fail_jobs(**fault)) for name, fault in JOBS.items()]
    complaints = walk(bench, case, seed, undisturbed, setters)
    assert not complaints, '\n'.join(complaints)


TROUBLES = {
    'aggregate full': (lambda c: c.aggregate('aggr1', free=0), lambda c: c.aggregate('aggr1', free=10 * 1024 ** 4)),
    'aggregate offline': (lambda c: c.aggregate('aggr1', state='offline'), lambda c: bring_online(c)),
    'no licences': (lambda c: c.licences(remove=LICENCES), lambda c: c.licences(add=LICENCES)),
    'node down': (lambda c: c.node('cluster1-01', action='takeover'),
                  lambda c: c.node('cluster1-01', action='giveback')),
}
LICENCES = ('flexclone', 'nfs', 'cifs', 'snaprestore')


def bring_online(control):
    """An aggregate comes back, and an administrator brings its volumes online."""
    control.aggregate('aggr1', state='online')
    aggregate = next(a for a in control.simulator.world.clusters[0].aggregates if a.name == 'aggr1')
    for volume in aggregate.volumes:
        volume.state, volume.junction = 'online', '/' if volume.is_root else volume.junction


@pytest.mark.parametrize('trouble', TROUBLES)
@pytest.mark.parametrize('case', [case for case in CASES if case.proto == 'NFS'], ids=str)
def test_an_array_in_trouble_leaves_nothing_that_cannot_be_mended(usual_bench, case, trouble):
    bench = usual_bench
    seed = bench.sim.dump()
    begins, ends = TROUBLES[trouble]
    world = bench.world(case, seed)
    begins(bench.sim.control)
    bench.attempt(case, world)
    ends(bench.sim.control)
    case.work(world)
    bench.remove_everything(world)
    assert bench.left() == []
