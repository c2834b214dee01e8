"""Volume moves over REST; they belong to the cluster's account."""
from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import dig

_PATH = '/storage/volumes'
# What movement.state says -> phase.
_PHASES = {'replicating': 'running', 'cutover': 'running', 'cutover_pending': 'cutover_wait',
           'cutover_wait': 'cutover_wait', 'success': 'done', 'failed': 'failed', 'aborted': 'failed'}
# How to cut over -> what to send as movement.state; by itself is the default.
_CUTOVERS = {'defer': None, 'wait': 'cutover_wait', 'force': 'force'}


class Moves:
    """The part of :class:`.volumes.Volumes` that deals with moves."""

    def start_move(self, volume, aggregate, cutover='defer', validate_only=False):
        movement = {'destination_aggregate': {'name': aggregate}}
        if _CUTOVERS[cutover]:
            movement['state'] = _CUTOVERS[cutover]
        params = {'validate_only': 'true'} if validate_only else {}
        self.patch(f'{_PATH}/{volume.uuid}', {'movement': movement}, **params)

    def move_status(self, volume):
        record = self.one(f'{_PATH}/{volume.uuid}', fields='movement.state,movement.percent_complete')
        state = dig(record, 'movement.state')
        if state is None:
            return None
        return values.Move(_PHASES.get(state, 'running'), dig(record, 'movement.percent_complete', 0), state)

    def cut_over(self, volume):
        self.patch(f'{_PATH}/{volume.uuid}', {'movement': {'state': 'cutover'}})

    def abort_move(self, volume):
        try:
            self.patch(f'{_PATH}/{volume.uuid}', {'movement': {'state': 'aborted'}})
        except errors.NotPossibleNow:
            pass
