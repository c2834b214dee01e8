"""Performance counters over ZAPI."""
import time

from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_CP, _DOMAIN = 'wafl', 'processor'
_BUSY = 'avg_processor_busy'
_PHASES, _DOMAINS = 'cp_phase_times', 'domain_busy'


class Perf(Noun, face.Perf):
    """``perf-object-...``; what the counters are like is asked for once."""

    _schema = None

    def sample(self):
        clock, phases, domains = self._asked_once()
        now = time.monotonic()
        cpu = self._rows(self._cpu, _BUSY, clock)
        cp = self._rows(_CP, 'total_cp_msecs', _PHASES)
        busy = self._rows(_DOMAIN, _DOMAINS, 'processor_elapsed_time')
        found = {}
        for node in cpu.keys() & cp.keys() & busy.keys():
            # Nodes have several processors; their counters add up.
            found[node] = values.NodeLoad(
                busy=_total(cpu[node], _BUSY), clock=_total(cpu[node], clock),
                kahuna=_total(busy[node], _DOMAINS, domains, 'kahuna'),
                elapsed=_total(busy[node], 'processor_elapsed_time'), cp=_total(cp[node], 'total_cp_msecs'),
                cp_flush=_total(cp[node], _PHASES, phases, 'p2_flush'), taken_at=now)
        return found

    @property
    def _cpu(self):
        return 'system:constituent' if self.client.knows('counters by constituent') else 'system'

    def _asked_once(self):
        """(what the processor's busy time is counted against, labels of phases, labels of domains)."""
        if self._schema is None:
            self._schema = (elements.text(self._counter(self._cpu, _BUSY), 'base-counter'),
                            _labels(self._counter(_CP, _PHASES)), _labels(self._counter(_DOMAIN, _DOMAINS)))
        return self._schema

    def _counter(self, kind, name):
        answer = self.wire.read('perf-object-counter-list-info', {'objectname': kind})
        for each in answer.findall('counters/counter-info'):
            if elements.text(each, 'name') == name:
                return each
        raise errors.Unsupported(text=f'there is no counter {name} of {kind}', code='counter')

    def _rows(self, kind, *counters):
        """Node -> list of the counters of its instances, each a dict from name to text."""
        instances = self.wire.records('perf-object-instance-list-info-iter', 'instance-info', objectname=kind)
        uuids = [elements.text(each, 'uuid') for each in instances]
        found = {}
        if not uuids:
            return found
        answer = self.wire.read('perf-object-get-instances', {
            'objectname': kind, 'instance-uuids': {'instance-uuid': uuids}, 'counters': {'counter': counters}})
        for each in answer.findall('instances/instance-data'):
            node = elements.text(each, 'uuid', '').partition(':')[0]
            found.setdefault(node, []).append({
                elements.text(counter, 'name'): elements.text(counter, 'value', '0')
                for counter in each.findall('counters/counter-data')})
        return found


def _labels(counter):
    return [label.strip().lower() for label in elements.text(counter, 'labels/label-info', '').split(',')]


def _total(rows, name, labels=None, label=None):
    """The sum of a counter over rows, of one of its labels if it has them."""
    if label is None:
        return float(sum(int(row[name]) for row in rows))
    return float(sum(int(row[name].split(',')[labels.index(label)]) for row in rows))
