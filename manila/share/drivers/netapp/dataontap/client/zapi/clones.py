"""FlexClones over ZAPI."""
from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements

# EVOLNOTCLONE, EVOLOPNOTUNDERWAY; the rest stands for volumes or parents off line.
_NOT_UNDERWAY = (errors.NotAClone, errors.NotPossibleNow)


class Clones:
    """The part of :class:`.volumes.Volumes` that deals with clones."""

    def clone(self, spec):
        qos = spec.qos
        self.do('volume-clone-create', {
            'volume': spec.name, 'parent-volume': spec.parent, 'parent-snapshot': spec.snapshot,
            'junction-path': None if spec.export_policy else spec.junction,
            'qos-policy-group-name': qos.name if qos and not qos.adaptive else None})
        made = self._just_made(spec)
        if spec.export_policy or (qos and qos.adaptive):
            # Clones begin with the policy of their parent, whose clients are not to see them: mounted only afterwards.
            change = values.VolumeChange(export_policy=spec.export_policy, qos=qos if qos and qos.adaptive else None,
                                         junction=spec.junction if spec.export_policy else None)
            self._finish(made, lambda: self.modify(made, change))
        return made

    def clones_of(self, volume, snapshot=None):
        records = self.wire.records(
            'volume-clone-get-iter', 'volume-clone-info',
            {'parent-vserver': elements.like(self.client.svm), 'parent-volume': elements.like(volume.name)},
            elements.named('volume', 'parent-volume', 'parent-vserver', 'parent-snapshot'))
        return [elements.text(record, 'volume') for record in records
                if elements.text(record, 'parent-volume') == volume.name
                and elements.text(record, 'parent-vserver') == self.client.svm
                and snapshot in (None, elements.text(record, 'parent-snapshot'))]

    def start_split(self, name):
        try:
            self.do('volume-clone-split-start', {'volume': name})
        except (errors.NotAClone, errors.CloneSplitting):
            pass

    def stop_split(self, volume):
        try:
            self.do('volume-clone-split-stop', {'volume': volume.name})
        except _NOT_UNDERWAY:
            pass

    def split_percent(self, volume):
        try:
            answer = self.ask('volume-clone-split-status', {'volume': volume.name})
        except errors.NotAClone:
            return 100
        except (errors.NotPossibleNow, errors.Offline):
            return None
        return elements.number(
            answer, 'clone-split-details/clone-split-detail-info/block-percentage-complete')

    def _is_splitting(self, name):
        try:
            self.ask('volume-clone-split-status', {'volume': name})
        except errors.OntapError:
            return False
        return True
