"""SVMs over REST; they are read without tunnel."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun
from manila.share.drivers.netapp.dataontap.client.rest.transport import exact

_PATH = '/svm/svms'


class Svms(Noun, face.Svms):
    """``/svm/svms``."""

    def list(self):
        return [_svm(record) for record in self.wire.records(_PATH, {'fields': 'name,state'})]

    def get(self, name):
        return _svm(self._record(name))

    def spaces(self, name):
        return {each['name']: values.AggregateSpace(each['name'], 0, 0, each['available_size'])
                for each in _delegated(self._record(name))}

    def _record(self, name):
        record = self.wire.first(_PATH, {'name': exact(name), 'fields': (
            'name,state,aggregates.name,aggregates.available_size')})
        if record is None:
            raise errors.SvmNotFound(text=f'there is no SVM {name}', code='4')
        return record


def _delegated(record):
    """Aggregates delegated to an SVM: those of which it knows the space."""
    return [each for each in record.get('aggregates') or () if 'available_size' in each]


def _svm(record):
    return values.Svm(record['name'], record['uuid'], record.get('state', 'running'),
                      tuple(each['name'] for each in _delegated(record)))
