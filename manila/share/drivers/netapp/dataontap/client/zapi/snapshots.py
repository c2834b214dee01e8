"""Snapshots over ZAPI."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun, time_of

_FIELDS = ('name', 'volume', 'access-time', 'busy', 'total', 'snapshot-instance-uuid',
           'snapshot-owners-list/snapshot-owner/owner')
_MISSING = '13005'          # EAPINOTFOUND, how a rename says that there is no such snapshot
_KIB = 1024


class Snapshots(Noun, face.Snapshots):
    """``snapshot-...``."""

    def limit(self):
        return 1023 if self.client.version >= values.Version(9, 4) else 255

    def find(self, volume, name):
        for answer in self._pages({'volume': elements.like(volume.name), 'name': elements.like(name)}):
            for failed in answer.findall('volume-errors/volume-error'):
                if elements.text(failed, 'name') == volume.name:
                    raise errors.error('zapi', elements.text(failed, 'errno', ''), elements.text(failed, 'reason', ''))
            for record in answer.findall('attributes-list/snapshot-info'):
                if (elements.text(record, 'volume'), elements.text(record, 'name')) == (volume.name, name):
                    return _snapshot(record)
        return None

    def _pages(self, query):
        return self.wire.pages('snapshot-get-iter', 'snapshot-info', query, elements.named(*_FIELDS),
                               self.client.tunnel)

    def create(self, volume, name):
        self.do('snapshot-create', {'volume': volume.name, 'snapshot': name})

    def delete(self, volume, snapshot):
        try:
            self.do('snapshot-delete', {'volume': volume.name, 'snapshot': snapshot.name})
        except errors.NotFound:
            raise
        except errors.OntapError as refusal:
            # There is no number for busy snapshots of their own: the snapshot itself tells whether it is that.
            found = self.find(volume, snapshot.name)
            if found is not None and found.busy:
                raise errors.SnapshotBusy(text=refusal.text, code=refusal.ontap_code) from refusal
            raise

    def rename(self, volume, snapshot, name):
        try:
            self.do('snapshot-rename', {'volume': volume.name, 'current-name': snapshot.name, 'new-name': name})
        except errors.Forbidden as refusal:
            if refusal.ontap_code == _MISSING:
                raise errors.NotFound(text=refusal.text, code=_MISSING) from refusal
            raise

    def list(self, pattern):
        return [_snapshot(record) for answer in self._pages({'name': pattern})
                for record in answer.findall('attributes-list/snapshot-info')]


def _snapshot(record):
    owners = {owner.lower().replace(' ', '_')
              for owner in elements.texts(record, 'snapshot-owners-list/snapshot-owner/owner')}
    if elements.yes(record, 'busy', False):
        owners = owners or {'unknown'}
    else:       # somebody has it in mind, but it can be deleted: what REST calls dependent
        owners = {f'{owner}_dependent' for owner in owners}
    return values.Snapshot(
        elements.text(record, 'name'), elements.text(record, 'volume'),
        time_of(elements.number(record, 'access-time')), elements.number(record, 'total', 0) * _KIB,
        frozenset(owners), elements.text(record, 'snapshot-instance-uuid'))
