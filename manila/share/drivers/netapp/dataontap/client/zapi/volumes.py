"""Volumes over ZAPI: making, finding, changing and deleting them.

FlexClones, moves and settings are in files of their own. Volumes go by name here, where REST has their uuid.
"""
import dataclasses
import uuid

from oslo_log import log

from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import clones, elements, moves, settings
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun, time_of

LOG = log.getLogger(__name__)

_ID, _SPACE, _STATE = 'volume-id-attributes/', 'volume-space-attributes/', 'volume-state-attributes/'
_SNAPSHOT, _INODE = 'volume-snapshot-attributes/', 'volume-inode-attributes/'
_CLONE = 'volume-clone-attributes/volume-clone-parent-attributes/'
_QOS = ('volume-qos-attributes/policy-group-name', 'volume-qos-attributes/adaptive-policy-group-name')
_NAME, _JUNCTION = _ID + 'name', _ID + 'junction-path'
_BRIEF = (
    _NAME, _JUNCTION, _ID + 'instance-uuid', _ID + 'owning-vserver-name', _ID + 'containing-aggregate-name',
    _ID + 'aggr-list/aggr-name', _ID + 'style-extended', _ID + 'type', _STATE + 'state', _STATE + 'is-vserver-root',
    _SPACE + 'size', _SPACE + 'is-filesys-size-fixed', 'volume-export-attributes/policy',
    'volume-security-attributes/style', *_QOS, _SNAPSHOT + 'snapshot-count', _SNAPSHOT + 'snapshot-policy',
    _CLONE + 'name', _CLONE + 'snapshot-name')
_DETAIL = (
    *_BRIEF, _ID + 'creation-time', _SPACE + 'size-used', _SPACE + 'percentage-snapshot-reserve',
    _SPACE + 'space-guarantee', _SNAPSHOT + 'snapdir-access-enabled', _INODE + 'files-total',
    _INODE + 'files-used', 'encrypt', 'volume-snaplock-attributes/snaplock-type')


class Volumes(clones.Clones, moves.Moves, settings.Settings, Noun, face.Volumes):
    """``volume-...``."""

    # --- finding

    def find(self, name=None, junction=None, detail=False):
        path, wanted = (_NAME, name) if junction is None else (_JUNCTION, junction)
        detail = detail or junction is not None
        for record in self._records({path: elements.like(wanted)}, _DETAIL if detail else _BRIEF):
            if elements.text(record, path) == wanted:
                return self._volume(record, detail)
        return None

    def list(self, pattern):
        return [self._volume(record) for record in self._records({_NAME: pattern}, _BRIEF)]

    def _records(self, query, wanted):
        return self.records('volume-get-iter', 'volume-attributes', elements.nested(query), elements.named(*wanted))

    def _record(self, name, wanted):
        """The record of one volume.

        :raises manila.share.drivers.netapp.dataontap.client.errors.NotFound: when it is gone
        """
        for record in self._records({_NAME: elements.like(name)}, [_NAME, *wanted]):
            if elements.text(record, _NAME) == name:
                return record
        raise errors.NotFound(text=f'there is no volume {name}', code='13040')

    def junctions_below(self, junction):
        records = self._records({_JUNCTION: elements.like(junction.rstrip('/')) + '/*'}, [_JUNCTION])
        found = (elements.text(record, _JUNCTION, '') for record in records)
        return [path for path in found if path.startswith(junction.rstrip('/') + '/')]

    def has_luns(self, volume):
        records = self.records('lun-get-iter', 'lun-info', {'volume': elements.like(volume.name)},
                               elements.named('path', 'volume'))
        return any(elements.text(record, 'volume', volume.name) == volume.name for record in records)

    def is_mirrored(self, volume):
        return any(
            elements.text(record, f'{side}-vserver') == self.client.svm
            and elements.text(record, f'{side}-volume') == volume.name
            for call, side in (('snapmirror', 'destination'), ('snapmirror', 'source'),
                               ('snapmirror-destination', 'source'))
            for record in self._mirrors(call, side, volume))

    def _mirrors(self, kind, side, volume):
        call = 'snapmirror-get-iter' if kind == 'snapmirror' else 'snapmirror-get-destination-iter'
        return self.records(call, f'{kind}-info', {
            f'{side}-vserver': elements.like(self.client.svm), f'{side}-volume': elements.like(volume.name)},
            elements.named(f'{side}-vserver', f'{side}-volume'))

    def _volume(self, record, detail=False, new=False):
        """The volume of a record; whether a clone is being split takes a call, which new ones are spared."""
        identity = elements.text(record, _ID + 'instance-uuid')
        parent = elements.text(record, _CLONE + 'name')
        name = elements.text(record, _NAME)
        aggregates = (elements.texts(record, _ID + 'aggr-list/aggr-name')
                      or elements.texts(record, _ID + 'containing-aggregate-name'))
        found = values.Volume(
            name=name, uuid=identity, svm=elements.text(record, _ID + 'owning-vserver-name', self.client.svm),
            aggregates=tuple(aggregates), style=elements.text(record, _ID + 'style-extended', values.FLEXVOL),
            type=elements.text(record, _ID + 'type', values.READ_WRITE),
            state=elements.text(record, _STATE + 'state', 'online'), size=elements.number(record, _SPACE + 'size', 0),
            junction=elements.text(record, _JUNCTION), is_root=elements.yes(record, _STATE + 'is-vserver-root', False),
            export_policy=elements.text(record, 'volume-export-attributes/policy'),
            security_style=elements.text(record, 'volume-security-attributes/style'),
            qos_policy=elements.text(record, _QOS[0]) or elements.text(record, _QOS[1]),
            snapshot_policy=elements.text(record, _SNAPSHOT + 'snapshot-policy'),
            snapshot_count=elements.number(record, _SNAPSHOT + 'snapshot-count', 0), clone_parent=parent,
            clone_snapshot=elements.text(record, _CLONE + 'snapshot-name'),
            fixed_size=elements.yes(record, _SPACE + 'is-filesys-size-fixed', False),
            splitting=parent is not None and not new and self._is_splitting(name))
        return dataclasses.replace(found, **self._details(record, identity)) if detail else found

    def _details(self, record, identity):
        guarantee = elements.text(record, _SPACE + 'space-guarantee')
        return {
            'used': elements.number(record, _SPACE + 'size-used', 0),
            'snapdir_visible': elements.yes(record, _SNAPSHOT + 'snapdir-access-enabled'),
            'snapshot_reserve': elements.number(record, _SPACE + 'percentage-snapshot-reserve'),
            'files_max': elements.number(record, _INODE + 'files-total'),
            'files_used': elements.number(record, _INODE + 'files-used'),
            'thin': None if guarantee is None else guarantee == 'none', 'encrypted': elements.yes(record, 'encrypt'),
            'created_at': time_of(elements.number(record, _ID + 'creation-time')),
            'snaplock_type': elements.text(record, 'volume-snaplock-attributes/snaplock-type', 'non_snaplock'),
            'tags': self.client.rest_only.tags(identity)}

    # --- making

    def create(self, spec, timeout=None):
        flexgroup = spec.style == values.FLEXGROUP or len(spec.aggregates) > 1
        arguments = _arguments(spec)
        if spec.encrypted is not None and self.client.knows('encrypted volumes'):
            arguments['encrypt'] = spec.encrypted
        if flexgroup:
            self.client.need('FlexGroup')
            place = {'aggr-list': {'aggr-name': spec.aggregates}} if spec.aggregates else {
                'auto-provision-as': 'flexgroup'}
            self.wire.run('volume-create-async', {'volume-name': spec.name, **place, **arguments}, self.client.tunnel,
                          timeout)
        else:
            self.do('volume-create', {
                'volume': spec.name, 'containing-aggr-name': next(iter(spec.aggregates), None), **arguments})
        made = self._just_made(spec)
        self._finish(made, lambda: self._complete(made, spec))
        return made

    def _just_made(self, spec):
        """What was made a moment ago; its identity has to be asked for."""
        for record in self._records({_NAME: elements.like(spec.name)}, _BRIEF):
            if elements.text(record, _NAME) == spec.name:
                return self._volume(record, new=True)
        raise errors.Unreachable(reason=f'volume {spec.name} was made but cannot be found')

    def _complete(self, volume, spec):
        """The properties that making a volume does not take."""
        for part in settings.in_order(settings.attributes(values.VolumeChange(
                snapdir_visible=spec.snapdir_visible, files_max=spec.files_max, autosize=spec.autosize))):
            self._set(volume.name, part)
        if spec.efficiency is not None:
            self._set_efficiency(volume, spec.efficiency, new=True)
        if spec.snaplock is not None:
            self._set_snaplock(volume.name, spec.snaplock)
        if spec.tags:
            self.client.rest_only.set_tags(volume.uuid, spec.tags)

    def _finish(self, volume, complete):
        """Complete a new volume; when the array refuses a part, the volume goes, too: all of it or nothing."""
        try:
            complete()
        except errors.OntapError:
            try:
                self.modify(volume, values.VolumeChange(junction='', state='offline'))
                self.delete(volume)
            except errors.OntapError as trouble:
                LOG.warning('Volume %s cannot be removed after it could not be completed: %s', volume.name, trouble)
            raise

    # --- changing

    def modify(self, volume, change):
        volume = self._renamed(volume, change.name)
        if change.state == 'online':
            self._online(volume)
        for part in settings.in_order(settings.attributes(change)):
            self._set(volume.name, part)
        if change.qos is not None:
            self._set_qos(volume.name, change.qos)
        if change.efficiency is not None:
            self._set_efficiency(volume, change.efficiency)
        if change.snaplock is not None:
            self._set_snaplock(volume.name, change.snaplock)
        if change.tags:
            self.client.rest_only.set_tags(volume.uuid, change.tags)
        if change.junction:
            self._mount(volume.name, change.junction)
        elif change.junction == '':
            self._unmount(volume.name)
        if change.state == 'offline':
            self._offline(volume)

    def _renamed(self, volume, name):
        if name is None or name == volume.name:
            return volume
        renamed = dataclasses.replace(volume, name=name)
        try:
            self.do('volume-rename', {'volume': volume.name, 'new-volume-name': name})
        except errors.NotFound:
            # A repetition finds it under its new name.
            found = self.find(name)
            if found is None or found.uuid != volume.uuid:
                raise
        return renamed

    def _online(self, volume):
        try:
            self.do('volume-online', {'name': volume.name})
        except errors.NotFound:
            raise
        except errors.OntapError:
            if elements.text(self._record(volume.name, [_STATE + 'state']), _STATE + 'state') != 'online':
                raise

    def _offline(self, volume):
        try:
            self.do('volume-offline', {'name': volume.name})
        except errors.Offline:
            pass

    def _mount(self, name, junction):
        try:
            self.do('volume-mount', {'volume-name': name, 'junction-path': junction})
        except (errors.NotFound, errors.Busy, errors.Offline):
            raise
        except errors.OntapError:
            present = elements.text(self._record(name, [_JUNCTION]), _JUNCTION)
            if present == junction:
                return
            if present is None:
                raise
            self._unmount(name)         # it cannot be moved in one step
            self.do('volume-mount', {'volume-name': name, 'junction-path': junction})

    def _unmount(self, name):
        try:
            self.do('volume-unmount', {'volume-name': name})
        except errors.NotPossibleNow:       # not mounted
            pass

    def delete(self, volume, force=False):
        if force and self.client.rest_only.delete(volume.uuid):
            return
        self.do('volume-destroy', {'name': volume.name})

    def restore(self, volume, snapshot):
        self.do('snapshot-restore-volume', {'volume': volume.name, 'snapshot': snapshot})

    def restores(self):
        """Ask for a volume that cannot exist to be restored: refused for the licence, or for its name."""
        try:
            self.do('snapshot-restore-volume', {'volume': f'probe_{uuid.uuid4().hex}', 'snapshot': ''})
        except errors.NotLicensed:
            return False
        except errors.OntapError:
            pass
        return True


def _arguments(spec):
    """What both ways of making a volume take."""
    qos = spec.qos
    return {
        'size': spec.size, 'volume-type': spec.type, 'space-reserve': 'none' if spec.thin else 'volume',
        'junction-path': spec.junction, 'export-policy': spec.export_policy,
        'volume-security-style': spec.security_style, 'percentage-snapshot-reserve': spec.snapshot_reserve,
        'snapshot-policy': spec.snapshot_policy, 'language-code': spec.language, 'tiering-policy': spec.tiering_policy,
        'qos-policy-group-name': qos.name if qos and not qos.adaptive else None,
        'qos-adaptive-policy-group-name': qos.name if qos and qos.adaptive else None,
        'snaplock-type': spec.snaplock and spec.snaplock.type}
