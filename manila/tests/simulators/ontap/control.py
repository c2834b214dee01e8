"""The control plane: how tests steer a simulator, in the process or over HTTP below /_sim."""

import dataclasses
import json
import urllib.parse

from manila.tests.simulators.ontap import front
from manila.tests.simulators.ontap.model import (
    cluster as clusters,
    files as file_table,
    invariants,
    luns,
    network,
    peers,
    snapmirror,
    snapshots,
    space,
)
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.model.errors import Refused


class Control:
    """Every public method without underscore is a command; its arguments are the members of the JSON body."""

    def __init__(self, simulator):
        self.simulator = simulator

    # --- HTTP -----------------------------------------------------------------------------------------------
    def serve(self, request):
        """Answer GET /_sim/<query> and POST /_sim/<command> with JSON."""
        parts = [p for p in request.path.split('/') if p]
        if not parts or parts[0] != '_sim':
            return front.Response(404, b'{}', 'application/json')
        name = '_'.join(parts[1:]) or 'endpoints'
        try:
            arguments = dict(urllib.parse.parse_qsl(request.query))
            if request.body.strip():
                arguments = json.loads(request.body)
            command = COMMANDS.get((request.method, name))
            if command is None:
                return front.Response(404, json.dumps({'error': 'no command %s' % name}).encode(), 'application/json')
            result = getattr(self, command)(**arguments)
        except (Refused, ValueError, TypeError, KeyError) as error:
            return front.Response(400, json.dumps({'error': str(error)}).encode(), 'application/json')
        return front.Response(200, json.dumps(result, default=_plain).encode(), 'application/json')

    # --- looking --------------------------------------------------------------------------------------------
    def endpoints(self):
        """Addresses by name, and the file of the certificate authority."""
        return {'endpoints': {k: list(v) for k, v in self.simulator.endpoints.items()}, 'ca': self.simulator.ca_path}

    def entries(self, **wanted):
        return [dataclasses.asdict(e) for e in self.simulator.log.entries(**wanted)]

    def counters(self):
        return self.simulator.log.counters()

    def clear_log(self):
        self.simulator.log.clear()

    def violations(self):
        """Broken invariants, as sentences."""
        with self.simulator.world.lock:
            self.simulator.world.settle()
            return invariants.violations(self.simulator.world)

    def messages(self, cluster=None):
        """What clients have put into the event log."""
        return list(self._cluster(cluster).ems)

    def dump(self):
        return self.simulator.dump()

    def load(self, state):
        self.simulator.load(state)

    def reset(self):
        self.simulator.reset()

    # --- time -----------------------------------------------------------------------------------------------
    def clock(self):
        clock = self.simulator.world.clock
        return {'now': clock.now(), 'speed': clock.speed}

    def advance(self, seconds):
        self.simulator.world.advance(float(seconds))
        return self.clock()

    def set_speed(self, speed):
        with self.simulator.world.lock:
            self.simulator.world.clock.set_speed(float(speed))
        return self.clock()

    def skew(self, seconds, cluster=None):
        """Let a cluster's clock be wrong by some seconds."""
        self._cluster(cluster).clock_skew = float(seconds)

    # --- faults ---------------------------------------------------------------------------------------------
    def add_fault(self, **values):
        return dataclasses.asdict(self.simulator.faults.add(**values))

    def faults(self):
        return [dataclasses.asdict(f) for f in self.simulator.faults.list()]

    def remove_faults(self, id=None):
        self.simulator.faults.remove(None if id is None else int(id))

    def fail_jobs(self, operation='*', count=1, message='The job failed.', code='262145', status=500, stuck=False,
                  lost=False, slow=1, cluster=None):
        """Let coming jobs of an operation ('volume.create', ...) fail, hang or be lost."""
        fault = {'operation': operation, 'count': int(count), 'stuck': stuck, 'lost': lost, 'slow': slow}
        if not stuck and not lost and slow == 1:
            fault['refusal'] = {'reason': 'raw.%d.%s' % (int(status), code), 'message': message}
        with self.simulator.world.lock:
            self._cluster(cluster).job_faults.append(fault)

    def clear_job_faults(self, cluster=None):
        self._cluster(cluster).job_faults.clear()

    # --- the array ------------------------------------------------------------------------------------------
    def settings(self, cluster=None, durations=None, **values):
        """Change settings of a cluster and how long its operations take."""
        target = self._cluster(cluster)
        unknown = set(values) - set(target.settings)
        if unknown:
            raise ValueError('Unknown settings: %s' % ', '.join(sorted(unknown)))
        with self.simulator.world.lock:
            target.settings.update(values)
            target.durations.update(durations or {})
        return target.settings

    def licences(self, cluster=None, add=(), remove=()):
        target = self._cluster(cluster)
        with self.simulator.world.lock:
            target.licences = (target.licences | set(add)) - set(remove)
            return sorted(target.licences)

    def aggregate(self, name, cluster=None, state=None, free=None):
        """Take an aggregate off or on line, or leave only `free` bytes of it."""
        with self.simulator.world.lock:
            aggregate = get(self._cluster(cluster).aggregates, 'aggregate', name=name)
            if state is not None:
                aggregate.state = state
                for volume in aggregate.volumes:
                    if state != 'online':
                        volume.state, volume.junction = 'offline', None
            if free is not None:
                aggregate.blocked = 0
                aggregate.blocked = max(0, aggregate.available - int(free))
            return {'available': aggregate.available, 'state': aggregate.state}

    def node(self, name, cluster=None, action=None, load=None, compliance_clock=None, lif_limit=None):
        """Take a node over ('takeover') or give back ('giveback'), or change its load or limits."""
        with self.simulator.world.lock:
            node = get(self._cluster(cluster).nodes, 'node', name=name)
            if action == 'takeover':
                clusters.take_over(node)
            elif action == 'giveback':
                clusters.give_back(node)
            elif action is not None:
                raise ValueError('Unknown action: %s' % action)
            if load:
                clusters.set_load(node, node.cluster.now(), **load)
            if compliance_clock is not None:
                node.compliance_clock = compliance_clock
            node.lif_limit = int(lif_limit) if lif_limit is not None else node.lif_limit
            return {'state': node.state}

    def port(self, node, name, cluster=None, state=None, reasons=None):
        with self.simulator.world.lock:
            network.set_port(network.find_port(self._cluster(cluster), node, name), state, reasons)

    def peer(self, name, reachable, cluster=None):
        """Cut or mend the line to a peer cluster."""
        with self.simulator.world.lock:
            peer = get(self._cluster(cluster).peers, 'cluster peer', name=name)
            peers.set_reachable(peer, bool(reachable))
            if peer.remote is not None:
                snapmirror.line_changed(peer.cluster, peer.remote)

    def write(self, svm, volume, bytes, overwrite=False, files=0, path=None, cluster=None):
        """Write to a volume (negative: delete), if wanted as a file of its own, and say what it uses then."""
        with self.simulator.world.lock:
            target = self._volume(svm, volume, cluster)
            space.write(target, int(bytes), overwrite, int(files) or (1 if path else 0))
            if path:
                file_table.put(target, path, int(bytes))
            return {'used': target.used, 'available': target.available, 'size': target.size}

    def lun(self, svm, volume, path, size, cluster=None):
        """Make a LUN of `size` bytes in a volume, as a client of block storage would."""
        with self.simulator.world.lock:
            made = luns.create(self._volume(svm, volume, cluster), path, int(size))
            return {'path': made.path, 'uuid': made.uuid}

    def lock_snapshot(self, svm, volume, snapshot, owner, cluster=None, unlock=False):
        """Let somebody else need a snapshot, such as 'snapmirror' or 'ndmp'."""
        with self.simulator.world.lock:
            marks = snapshots.lookup(self._volume(svm, volume, cluster), snapshot).marks
            if unlock:
                marks[:] = [m for m in marks if m != owner]
            else:
                marks.append(owner)

    def scan(self, svm, volume, seconds, cluster=None):
        """Let an efficiency scan run on a volume for some seconds."""
        with self.simulator.world.lock:
            target = self._volume(svm, volume, cluster)
            target.efficiency.scanning_until = target.cluster.now() + float(seconds)

    def realm(self, domain, users, cluster=None):
        """The accounts of an Active Directory: {name: {password, admin}}."""
        self._cluster(cluster).settings['ad_realms'][domain.lower()] = {'users': users}

    # --- helpers --------------------------------------------------------------------------------------------
    def _cluster(self, name=None):
        world = self.simulator.world
        found = world.cluster(name) if name else world.clusters[0]
        if found is None:
            raise ValueError('Unknown cluster: %s' % name)
        return found

    def _volume(self, svm, volume, cluster):
        return get(self._cluster(cluster).data_svms, 'SVM', name=svm).volume(volume)


COMMANDS = {
    ('GET', 'endpoints'): 'endpoints', ('GET', 'log'): 'entries', ('DELETE', 'log'): 'clear_log',
    ('GET', 'counters'): 'counters', ('GET', 'invariants'): 'violations', ('GET', 'ems'): 'messages',
    ('GET', 'state'): 'dump', ('PUT', 'state'): 'load', ('POST', 'reset'): 'reset', ('GET', 'clock'): 'clock',
    ('POST', 'clock_advance'): 'advance', ('POST', 'clock_speed'): 'set_speed', ('POST', 'clock_skew'): 'skew',
    ('GET', 'faults'): 'faults', ('POST', 'faults'): 'add_fault', ('DELETE', 'faults'): 'remove_faults',
    ('POST', 'jobs'): 'fail_jobs', ('DELETE', 'jobs'): 'clear_job_faults', ('POST', 'settings'): 'settings',
    ('POST', 'licences'): 'licences', ('POST', 'aggregate'): 'aggregate', ('POST', 'node'): 'node',
    ('POST', 'port'): 'port', ('POST', 'peer'): 'peer', ('POST', 'write'): 'write', ('POST', 'scan'): 'scan',
    ('POST', 'snapshot_lock'): 'lock_snapshot', ('POST', 'ad'): 'realm', ('POST', 'lun'): 'lun',
}


def _plain(value):
    return str(value)
