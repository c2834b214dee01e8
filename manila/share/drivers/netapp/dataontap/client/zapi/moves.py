"""Volume moves over ZAPI; they belong to the cluster's account and are not tunnelled."""
from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements

# What phases mean; those not named here go on by themselves.
_PHASES = {'cutover_hard_deferred': 'cutover_wait', 'cutover_soft_deferred': 'cutover_wait', 'completed': 'done',
           'success': 'done', 'failed': 'failed'}
_CUTOVERS = {'defer': 'defer_on_failure', 'wait': 'wait', 'force': 'force'}


class Moves:
    """The part of :class:`.volumes.Volumes` that deals with moves."""

    def start_move(self, volume, aggregate, cutover='defer', validate_only=False):
        self.wire.write('volume-move-start', {
            **self._moving(volume), 'dest-aggr': aggregate, 'cutover-action': _CUTOVERS[cutover],
            'perform-validation-only': validate_only or None})

    def move_status(self, volume):
        records = self.wire.records(
            'volume-move-get-iter', 'volume-move-info',
            {'volume': elements.like(volume.name), 'vserver': elements.like(self.client.svm)},
            elements.named('volume', 'vserver', 'state', 'phase', 'percent-complete', 'details'))
        for record in records:
            if (elements.text(record, 'volume'), elements.text(record, 'vserver')) == (volume.name, self.client.svm):
                return _move(record)
        return None

    def cut_over(self, volume):
        self.wire.write('volume-move-trigger-cutover', self._moving(volume))

    def abort_move(self, volume):
        try:
            self.wire.write('volume-move-trigger-abort', self._moving(volume))
        except errors.OntapError:
            found = self.move_status(volume)
            if found is not None and found.phase not in ('done', 'failed'):
                raise

    def _moving(self, volume):
        return {'source-volume': volume.name, 'vserver': self.client.svm}


def _move(record):
    state, phase = elements.text(record, 'state'), elements.text(record, 'phase', '')
    meaning = {'done': 'done', 'failed': 'failed'}.get(state) or _PHASES.get(phase, 'running')
    return values.Move(meaning, elements.number(record, 'percent-complete', 0), elements.text(record, 'details', phase))
