"""Volume moves between aggregates: copying, waiting for the cut-over, the cut-over itself."""

import dataclasses

from manila.tests.simulators.ontap.model import aggregates as aggrs, errors
from manila.tests.simulators.ontap.model.base import find, operation

CUTOVER_SECONDS = 0.5
KEPT_SECONDS = 300
# What may be said about the cut-over when a move is started; the last three are of clients older than the states.
START_STATES = (None, 'cutover_wait', 'wait', 'force', 'abort_on_failure')
STATES = ('replicating', 'cutover_wait', 'cutover', 'queued', 'paused', 'aborted', 'cutover_pending')


@dataclasses.dataclass(eq=False)
class Move:
    """A move. `wait` holds it before the cut-over until that is asked for."""

    target: object
    wait: bool
    started: float
    seconds: float
    state: str = 'replicating'
    ended: float = None
    details: str = ''
    action: str = 'defer_on_failure'
    encrypted: bool = None

    @property
    def active(self):
        return self.state in ('replicating', 'cutover_wait', 'cutover_pending', 'cutover')

    @property
    def phase(self):
        """The older interface's name of where the move is."""
        return {'replicating': 'replicating', 'cutover_wait': 'cutover_hard_deferred', 'cutover': 'cutover',
                'cutover_pending': 'cutover', 'success': 'completed', 'failed': 'failed',
                'aborted': 'failed'}[self.state]

    def percent(self, now):
        if self.state == 'success' or self.state.startswith('cutover'):
            return 100 if self.state == 'success' else 99
        if self.seconds <= 0:
            return 0
        return max(0, min(98, int(100 * (now - self.started) / self.seconds)))


def check(volume, target_name):
    """Why a volume cannot be moved to an aggregate. Returns the aggregate."""
    cluster = volume.cluster
    target = find(cluster.aggregates, name=target_name)
    if target is None:
        raise errors.Refused('move.no_target', 'Aggregate "%s" does not exist.' % target_name,
                             'movement.destination_aggregate.name')
    if target.is_root:
        raise errors.Refused('move.root_aggregate', 'Cannot move to root aggregate "%s".' % target_name)
    if volume.style == 'flexgroup':
        raise errors.Refused('move.flexgroup', 'FlexGroup volume "%s" cannot be moved as a whole.' % volume.name)
    if target in volume.aggregates:
        raise errors.Refused('move.same_aggregate', 'Volume "%s" is on aggregate "%s" already.' % (
            volume.name, target_name))
    volume.require_online()
    if volume.split is not None:
        raise errors.Refused('move.splitting', 'Volume "%s" is undergoing a clone split.' % volume.name)
    if volume.move is not None and volume.move.active:
        raise errors.Refused('move.running', 'Volume "%s" is being moved already.' % volume.name)
    if not volume.svm.may_use(target):
        raise errors.Refused('volume.aggregate', 'Aggregate "%s" is not delegated to SVM "%s".' % (
            target_name, volume.svm.name))
    if target.snaplock_type != volume.aggregates[0].snaplock_type and volume.cluster.version < (9, 10, 1):
        raise errors.Refused('move.snaplock', 'The SnapLock types of the aggregates differ.')
    if not aggrs.room_for(target, max(volume.footprint, volume.active)):
        raise errors.Refused('no_space', 'Aggregate "%s" has not enough space for volume "%s".' % (
            target_name, volume.name))
    return target


def start(volume, target_name, wait=False, **more):
    """Begin to copy. `more`: what the cut-over was asked to do, and whether the volume is encrypted at its target."""
    target = check(volume, target_name)
    cluster = volume.cluster
    seconds = max(0.05, volume.active / cluster.settings['move_bytes_per_second'])
    volume.move = Move(target, wait, cluster.now(), seconds, **more)
    cluster.world.after(seconds, 'move.copied', volume=volume, move=volume.move)
    return volume.move


@operation('move.copied')
def copied(volume, move):
    """All blocks are over: cut over, or wait for the word."""
    if volume.move is not move or move.state != 'replicating':
        return
    if move.wait:
        move.state = 'cutover_wait'
    else:
        move.state = 'cutover_pending'
        cut_over(volume)


def cut_over(volume):
    move = volume.move
    if move is None or not move.active:
        raise errors.Refused('move.none', 'No volume move is running for volume "%s".' % volume.name)
    if move.state == 'replicating':
        move.wait = False
        return
    move.state = 'cutover'
    volume.cluster.world.after(CUTOVER_SECONDS, 'move.done', volume=volume, move=move)


@operation('move.done')
def done(volume, move):
    """The volume is served from the target; a clone has become a volume of its own there."""
    if volume.move is not move or not move.active:
        return
    volume.aggregates = [move.target]
    volume.parent = volume.parent_snapshot = None
    volume.inherited = 0
    if move.encrypted is not None:
        volume.encrypted = move.encrypted
    _end(volume, move, 'success')


def abort(volume):
    move = volume.move
    if move is None or not move.active or move.state == 'cutover':
        raise errors.Refused('move.none', 'No volume move that could be aborted runs for volume "%s".' % volume.name)
    _end(volume, move, 'aborted')


def _end(volume, move, state):
    move.state = state
    move.ended = volume.cluster.now()
    volume.cluster.world.after(KEPT_SECONDS, 'move.forget', volume=volume, move=move)


@operation('move.forget')
def forget(volume, move):
    if volume.move is move:
        volume.move = None


def check_request(target, state):
    """Refuse states that are none, and those that do not go together with a target."""
    if state not in START_STATES + STATES:
        raise errors.Refused('move.bad_state', 'Unexpected value "%s" for movement.state.' % state, 'movement.state')
    if target and state not in START_STATES:
        raise errors.Refused('move.state_and_target', 'Only state "cutover_wait" goes with a destination aggregate.',
                             'movement.state')


def act(volume, target=None, state=None):
    """What the REST field 'movement' asks for."""
    check_request(target, state)
    if state == 'aborted':
        abort(volume)
    elif state == 'cutover':
        if volume.move is not None and volume.move.state == 'replicating':
            volume.move.wait = False
        else:
            cut_over(volume)
    elif target is None:
        raise errors.Refused('move.bad_state', 'Unexpected value "%s" for movement.state.' % state, 'movement.state')
    else:
        start(volume, target, wait=state in ('cutover_wait', 'wait'))
