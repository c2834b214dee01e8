"""SVMs over ZAPI."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_INFO = 'attributes/vserver-info'


class Svms(Noun, face.Svms):
    """``vserver-get-iter`` for the cluster, ``vserver-get`` in the SVM that is asked about."""

    def list(self):
        records = self.wire.records('vserver-get-iter', 'vserver-info', {'vserver-type': 'data'},
                                    elements.named('vserver-name', 'uuid', 'state'))
        return [_svm(record) for record in records]

    def get(self, name):
        return _svm(self._record(name))

    def spaces(self, name):
        found = {}
        for each in self._record(name).findall('vserver-aggr-info-list/vserver-aggr-info'):
            aggregate = elements.text(each, 'aggr-name')
            found[aggregate] = values.AggregateSpace(aggregate, 0, 0, elements.number(each, 'aggr-availsize', 0))
        return found

    def _record(self, name):
        """The record of an SVM; an account of an SVM sees just that one."""
        tunnel = name if self.client.has_cluster_rights else None
        record = self.wire.read('vserver-get', svm=tunnel).find(_INFO)
        if record is None or elements.text(record, 'vserver-name') != name:
            raise errors.SvmNotFound(text=f'there is no SVM {name}', code='15698')
        return record


def _svm(record):
    return values.Svm(elements.text(record, 'vserver-name'), elements.text(record, 'uuid'),
                      elements.text(record, 'state', 'running'), tuple(elements.texts(record, 'aggr-list/aggr-name')))
