"""FlexClones over REST."""
from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import dig, filled, yes
from manila.share.drivers.netapp.dataontap.client.rest.transport import exact

_PATH = '/storage/volumes'
_STATE = 'clone.is_flexclone,clone.split_complete_percent,clone.split_initiated'


class Clones:
    """The part of :class:`.volumes.Volumes` that deals with clones."""

    def clone(self, spec):
        body = filled({
            'name': spec.name, 'svm.name': self.client.svm, 'clone.is_flexclone': True,
            'clone.parent_volume.name': spec.parent, 'clone.parent_snapshot.name': spec.snapshot,
            'nas.path': spec.junction, 'nas.export_policy.name': spec.export_policy})
        made = self._made(spec.name, spec, *self.post(_PATH, body))
        if spec.qos:        # refused while a clone is made
            self.modify(made, values.VolumeChange(qos=spec.qos))
        return made

    def clones_of(self, volume, snapshot=None):
        query = {'clone.parent_volume.name': exact(volume.name), 'clone.parent_svm.name': exact(self.client.svm)}
        if snapshot is not None:
            query['clone.parent_snapshot.name'] = exact(snapshot)
        return [record['name'] for record in self.records(_PATH, **query, fields='name')]

    def start_split(self, name):
        volume = self.find(name)
        if volume is None:
            raise errors.NotFound(text=f'there is no volume {name}', code='4')
        if volume.splitting:
            return
        try:
            self.patch(f'{_PATH}/{volume.uuid}', {'clone': {'split_initiated': True}})
        except (errors.NotAClone, errors.CloneSplitting):
            pass

    def stop_split(self, volume):
        try:
            self.patch(f'{_PATH}/{volume.uuid}', {'clone': {'split_initiated': False}})
        except errors.OntapError as error:
            if isinstance(error, (errors.NotAClone, errors.CloneSplitting)) or error.ontap_code == '918250':
                return
            raise

    def split_percent(self, volume):
        record = self.one(f'{_PATH}/{volume.uuid}', fields=_STATE)
        if not yes(dig(record, 'clone.is_flexclone')):
            return 100
        return dig(record, 'clone.split_complete_percent')
