"""Volumes over REST: making, finding, changing and deleting them. FlexClones and moves are in files of their own."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest import clones, moves
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig, filled, time_of, yes
from manila.share.drivers.netapp.dataontap.client.rest.transport import exact
from manila.utils import convert_time_duration_to_iso_format

PATH = '/storage/volumes'
_BRIEF = ('name,svm.name,aggregates.name,style,type,state,size,nas.export_policy.name,qos.policy.name,snapshot_count,'
          'clone.is_flexclone,clone.split_initiated,space.filesystem_size_fixed')
_DETAIL = _BRIEF + (
    ',space.used,nas.path,nas.security_style,is_svm_root,snapshot_policy.name,snapshot_directory_access_enabled,'
    'space.snapshot.reserve_percent,files.maximum,files.used,guarantee.type,encryption.enabled,'
    'create_time,clone.parent_volume.name,clone.parent_snapshot.name,snaplock.type')
_TAGS_SINCE = values.Version(9, 14, 1)


class Volumes(clones.Clones, moves.Moves, Noun, face.Volumes):
    """``/storage/volumes``."""

    # --- finding

    def find(self, name=None, junction=None, detail=False):
        if junction is not None:
            detail = True
            query = {'nas.path': exact(junction)}
        else:
            query = {'name': exact(name)}
        record = self.first(PATH, **query, fields='name' if detail else _BRIEF)
        if record is None:
            return None
        if detail:      # collections may leave fields out, the path above all
            try:
                record = self.one(f'{PATH}/{record["uuid"]}', fields=self._detail())
            except errors.NotFound:
                return None
        return self._volume(record)

    def _detail(self):
        return _DETAIL + (',_tags' if self.client.version >= _TAGS_SINCE else '')

    def list(self, pattern):
        return [self._volume(record) for record in self.records(PATH, name=pattern, fields=_BRIEF)]

    def junctions_below(self, junction):
        return [path for record in self.records(PATH, nas__path=junction.rstrip('/') + '/*', fields='nas.path')
                if (path := dig(record, 'nas.path'))]

    def has_luns(self, volume):
        return bool(self.records('/storage/luns', location__volume__name=exact(volume.name), fields='name'))

    def is_mirrored(self, volume):
        path = exact(f'{self.client.svm}:{volume.name}')
        return any(self.wire.records('/snapmirror/relationships', {side: path, 'fields': 'state', **more})
                   for side, more in (('destination.path', {}), ('source.path', {}),
                                      ('source.path', {'list_destinations_only': 'true'})))

    def _volume(self, record):
        return values.Volume(
            name=record['name'], uuid=record['uuid'], svm=dig(record, 'svm.name', self.client.svm),
            aggregates=tuple(each['name'] for each in record.get('aggregates') or ()),
            style=record.get('style', values.FLEXVOL), type=record.get('type', values.READ_WRITE),
            state=record.get('state', 'online'), size=record.get('size', 0), used=dig(record, 'space.used', 0),
            junction=dig(record, 'nas.path'), is_root=bool(yes(record.get('is_svm_root'))),
            export_policy=dig(record, 'nas.export_policy.name'), security_style=dig(record, 'nas.security_style'),
            qos_policy=dig(record, 'qos.policy.name'), snapshot_policy=dig(record, 'snapshot_policy.name'),
            snapdir_visible=yes(record.get('snapshot_directory_access_enabled')),
            snapshot_count=record.get('snapshot_count', 0),
            snapshot_reserve=dig(record, 'space.snapshot.reserve_percent'),
            files_max=dig(record, 'files.maximum'), files_used=dig(record, 'files.used'), thin=_thin(record),
            encrypted=yes(dig(record, 'encryption.enabled')),
            fixed_size=bool(yes(dig(record, 'space.filesystem_size_fixed'))),
            created_at=time_of(record.get('create_time')), clone_parent=dig(record, 'clone.parent_volume.name'),
            clone_snapshot=dig(record, 'clone.parent_snapshot.name'),
            splitting=bool(yes(dig(record, 'clone.split_initiated'))),
            snaplock_type=dig(record, 'snaplock.type', 'non_snaplock'), tags=tuple(record.get('_tags') or ()))

    # --- making

    def create(self, spec, timeout=None):
        body = {
            'name': spec.name, 'svm.name': self.client.svm, 'size': spec.size, 'style': spec.style, 'type': spec.type,
            'aggregates': [{'name': name} for name in spec.aggregates] or None,
            'guarantee.type': 'none' if spec.thin else 'volume', 'nas.path': spec.junction,
            'nas.export_policy.name': spec.export_policy, 'nas.security_style': spec.security_style,
            'space.snapshot.reserve_percent': spec.snapshot_reserve, 'snapshot_policy.name': spec.snapshot_policy,
            'snapshot_directory_access_enabled': spec.snapdir_visible, 'language': spec.language,
            'encryption.enabled': spec.encrypted, 'qos.policy.name': spec.qos and spec.qos.name,
            'files.maximum': spec.files_max, 'tiering.policy': spec.tiering_policy, '_tags': self._tags(spec.tags),
            **_efficiency(spec.efficiency, new=True), **_snaplock(spec.snaplock, new=True), **_autosize(spec.autosize)}
        return self._made(spec.name, spec, *self.post(PATH, filled(body), timeout))

    def _made(self, name, spec, _answer, uuid):
        """What was made: its uuid stands in the path that the answer names, or else is asked for."""
        if uuid:
            return values.Volume(name, uuid, self.client.svm, tuple(getattr(spec, 'aggregates', ())),
                                 getattr(spec, 'style', values.FLEXVOL), size=getattr(spec, 'size', 0),
                                 junction=spec.junction, export_policy=spec.export_policy)
        found = self.find(name)
        if found is None:
            raise errors.Unreachable(reason=f'volume {name} was made but cannot be found')
        return found

    def _tags(self, tags):
        return list(tags) if tags and self.client.version >= _TAGS_SINCE else None

    # --- changing

    def modify(self, volume, change):
        body = {
            'name': change.name, 'state': change.state, 'space.size': change.size, 'nas.path': change.junction,
            'nas.export_policy.name': change.export_policy, 'nas.security_style': change.security_style,
            'nas.uid': change.owner, 'snapshot_directory_access_enabled': change.snapdir_visible,
            'snapshot_policy.name': change.snapshot_policy,
            'space.snapshot.reserve_percent': change.snapshot_reserve, 'files.maximum': change.files_max,
            'qos.policy.name': change.qos and change.qos.name, 'tiering.policy': change.tiering_policy,
            'guarantee.type': None if change.thin is None else 'none' if change.thin else 'volume',
            '_tags': self._tags(change.tags), 'space.filesystem_size_fixed': change.fixed_size,
            **_efficiency(change.efficiency), **_snaplock(change.snaplock), **_autosize(change.autosize)}
        # The language of a volume is fixed when it is made.
        if body := filled(body):
            self.patch(f'{PATH}/{volume.uuid}', body)

    def delete(self, volume, force=False):
        if force:
            try:
                self.delete_at(f'{PATH}/{volume.uuid}', force='true')
                return
            except (errors.Invalid, errors.Forbidden, errors.Unsupported):
                pass        # this release or role has no way round the recovery queue
        self.delete_at(f'{PATH}/{volume.uuid}')

    def restore(self, volume, snapshot):
        self.patch(f'{PATH}/{volume.uuid}', {'restore_to': {'snapshot': {'name': snapshot}}})

    def restores(self):
        """Ask for a volume to be restored to a snapshot without name: refused for its licence, or for its name."""
        try:
            self.patch(PATH, {'restore_to': {'snapshot': {'name': ''}}}, name='*')
        except errors.NotLicensed:
            return False
        except errors.OntapError:
            pass
        return True


def _thin(record):
    kind = dig(record, 'guarantee.type')
    return None if kind is None else kind == 'none'


def _efficiency(wanted, new=False):
    """Fields of efficiency; what is off anyway on a new volume is not mentioned."""
    if wanted is None:
        return {}
    dedupe = wanted.dedupe or wanted.compression
    if new and not dedupe:
        return {}
    return {'efficiency.dedupe': 'background' if dedupe else 'none',
            'efficiency.compression': 'background' if wanted.compression else None if new else 'none',
            'efficiency.policy.name': wanted.policy}


def _snaplock(wanted, new=False):
    if wanted is None:
        return {}
    return {'snaplock.type': wanted.type if new else None, 'snaplock.autocommit_period': _period(wanted.autocommit),
            'snaplock.retention.minimum': _period(wanted.minimum),
            'snaplock.retention.maximum': _period(wanted.maximum),
            'snaplock.retention.default': _period(wanted.default)}


def _period(text):
    """'10 days' as P10D; 'infinite' stays."""
    return text if text in (None, 'infinite') else convert_time_duration_to_iso_format(text)


def _autosize(wanted):
    if wanted is None:
        return {}
    return {f'autosize.{name}': getattr(wanted, name)
            for name in ('mode', 'grow_threshold', 'shrink_threshold', 'maximum', 'minimum')}
