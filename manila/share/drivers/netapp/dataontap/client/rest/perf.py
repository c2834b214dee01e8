"""Performance counters over REST."""
import time

from manila.share.drivers.netapp.dataontap.client import face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun

_TABLES = '/cluster/counter/tables'
_CPU, _CP, _DOMAIN = 'system:constituent', 'wafl', 'processor'
_BUSY = 'average_processor_busy_percent'


class Perf(Noun, face.Perf):
    """``/cluster/counter/tables``."""

    _clock = None

    def sample(self):
        clock = self._clock_name()
        now = time.monotonic()
        cpu = self._rows(_CPU, _BUSY, clock)
        cp = self._rows(_CP, 'total_cp_msecs', 'cp_phase_times')
        domains = self._rows(_DOMAIN, 'domain_busy_percent', 'elapsed_time')
        found = {}
        for node in cpu.keys() & cp.keys() & domains.keys():
            # Nodes have several processors; their counters add up.
            found[node] = values.NodeLoad(
                busy=_total(cpu[node], _BUSY), clock=_total(cpu[node], clock),
                kahuna=_total(domains[node], 'domain_busy_percent', 'kahuna'),
                elapsed=_total(domains[node], 'elapsed_time'), cp=_total(cp[node], 'total_cp_msecs'),
                cp_flush=_total(cp[node], 'cp_phase_times', 'cp_p2_flush'), taken_at=now)
        return found

    def _clock_name(self):
        """What the processor's busy time is counted against; releases differ."""
        if self._clock is None:
            table = self.wire.get(f'{_TABLES}/{_CPU}', {'fields': 'counter_schemas'})
            self._clock = next(schema['denominator']['name'] for schema in table['counter_schemas']
                               if schema['name'] == _BUSY)
        return self._clock

    def _rows(self, table, *counters):
        """Node -> list of its rows, each a dict from counter's name to the counter."""
        found = {}
        for record in self.wire.records(f'{_TABLES}/{table}/rows', {
                'counters.name': '|'.join(counters), 'fields': 'counters'}):
            node = record['id'].partition(':')[0]
            found.setdefault(node, []).append({each['name']: each for each in record.get('counters') or ()})
        return found


def _total(rows, name, label=None):
    """The sum of a counter over rows, of one of its labels if it has them."""
    total = 0
    for row in rows:
        counter = row[name]
        if label is None:
            total += counter['value']
        else:
            total += counter['values'][counter['labels'].index(label)]
    return float(total)
