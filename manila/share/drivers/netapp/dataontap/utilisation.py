"""How busy nodes are, in percent, for the scheduler's filter and goodness functions."""
import collections

from oslo_log import log

from manila.share.drivers.netapp.dataontap.client import errors

LOG = log.getLogger(__name__)

_KEPT = 10                  # samples; the oldest and the newest are compared
_UNKNOWN = 50
_KAHUNA_LIMIT = 60          # percent of the serial part of WAFL from which on a node counts as full
_CP_WEIGHT = 1.2


class Utilisation:
    """Loads of the nodes of an array.

    :param array: :class:`manila.share.drivers.netapp.dataontap.array.Array`
    """

    def __init__(self, array):
        self._array = array
        self._samples = collections.defaultdict(lambda: collections.deque(maxlen=_KEPT))

    def refresh(self):
        """Take a sample of every node, where the account may."""
        if not self._array.has_rights:
            return
        try:
            for node, load in self._array.client.perf.sample().items():
                self._samples[node].append(load)
        except (errors.OntapError, errors.Unreachable, KeyError, ValueError, StopIteration) as error:
            LOG.warning('The load of the nodes is not known: %s', error)
            self._samples.clear()

    def of(self, node):
        """The load of a node, 0..100; 50 while it is not known."""
        samples = self._samples.get(node, ())
        return between(samples[0], samples[-1]) if len(samples) > 1 else _UNKNOWN


def between(first, last):
    """The load in percent between two :class:`.client.values.NodeLoad`."""
    try:
        kahuna = 100 * (last.kahuna - first.kahuna) / (last.elapsed - first.elapsed)
        if kahuna > _KAHUNA_LIMIT:
            return 100
        busy = 100 * (last.busy - first.busy) / (last.clock - first.clock)
        waiting = (last.cp - first.cp) - (last.cp_flush - first.cp_flush)
        writing = 100 * _CP_WEIGHT * waiting / ((last.taken_at - first.taken_at) * 1000)
    except ZeroDivisionError:
        return _UNKNOWN
    return max(0, min(100, max(busy, writing)))
