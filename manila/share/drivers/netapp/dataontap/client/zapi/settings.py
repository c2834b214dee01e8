"""Properties of volumes as the attributes of ``volume-modify-iter``, and those that have calls of their own."""
import re
import time

from manila.share.drivers.netapp.dataontap.client import errors
from manila.share.drivers.netapp.dataontap.client.zapi import elements

_SCAN_TRIES, _SCAN_PAUSE = 5, 3.0       # a scan for duplicates that has just begun keeps efficiency from being changed

_QOS = 'volume-qos-attributes/'
_FIXED_QOS, _ADAPTIVE_QOS = _QOS + 'policy-group-name', _QOS + 'adaptive-policy-group-name'
# Field of a VolumeChange -> attribute of a volume.
_ATTRIBUTES = {
    'size': 'volume-space-attributes/size', 'snapshot_reserve': 'volume-space-attributes/percentage-snapshot-reserve',
    'fixed_size': 'volume-space-attributes/is-filesys-size-fixed', 'export_policy': 'volume-export-attributes/policy',
    'security_style': 'volume-security-attributes/style',
    'owner': 'volume-security-attributes/volume-security-unix-attributes/user-id',
    'snapdir_visible': 'volume-snapshot-attributes/snapdir-access-enabled',
    'snapshot_policy': 'volume-snapshot-attributes/snapshot-policy',
    'files_max': 'volume-inode-attributes/files-total', 'language': 'volume-language-attributes/language',
    'tiering_policy': 'volume-comp-aggr-attributes/tiering-policy',
}
_AUTOSIZE = {
    'mode': 'mode', 'grow_threshold': 'grow-threshold-percent', 'shrink_threshold': 'shrink-threshold-percent',
    'maximum': 'maximum-size', 'minimum': 'minimum-size',
}
_SNAPLOCK = {
    'autocommit': 'autocommit-period', 'minimum': 'minimum-retention-period', 'maximum': 'maximum-retention-period',
    'default': 'default-retention-period',
}


def attributes(change):
    """The attributes (path -> value) that a :class:`values.VolumeChange` sets, QoS apart."""
    found = {path: getattr(change, field) for field, path in _ATTRIBUTES.items()
             if getattr(change, field) is not None}
    if change.thin is not None:
        found['volume-space-attributes/space-guarantee'] = 'none' if change.thin else 'volume'
    if change.autosize is not None:
        found.update({f'volume-autosize-attributes/{name}': getattr(change.autosize, field)
                      for field, name in _AUTOSIZE.items() if getattr(change.autosize, field) is not None})
    return found


def in_order(found):
    """Attributes in sets for one call each: what a new size depends on goes before it, what depends on it after."""
    size = _ATTRIBUTES['size']
    if size not in found:
        return [found] if found else []
    before, after = _ATTRIBUTES['fixed_size'], _ATTRIBUTES['files_max']
    parts = [{path: value for path, value in found.items() if path == before},
             {path: value for path, value in found.items() if path not in (before, after)},
             {path: value for path, value in found.items() if path == after}]
    return [part for part in parts if part]


class Settings:
    """The part of :class:`.volumes.Volumes` that sets properties."""

    def _set(self, name, found):
        """Set attributes (path -> value) of a volume."""
        self.wire.change_each('volume-modify-iter', {
            'query': {'volume-attributes': elements.nested({'volume-id-attributes/name': name})},
            'attributes': {'volume-attributes': elements.nested(found)}}, self.client.tunnel)

    def _set_qos(self, name, qos):
        """Give a volume its QoS policy. It has a field for either kind, and only one of them may be filled."""
        field = _ADAPTIVE_QOS if qos.adaptive else _FIXED_QOS
        if qos.adaptive:
            self.client.need('adaptive QoS')
        if self.client.knows('adaptive QoS'):
            record = self._record(name, [_FIXED_QOS, _ADAPTIVE_QOS])
            present = {path for path in (_FIXED_QOS, _ADAPTIVE_QOS)
                       if elements.text(record, path, 'none') not in ('none', '-')}
            for path in present - ({field} if qos.name != 'none' else set()):
                self._set(name, {path: 'none'})
        elif qos.name == 'none':
            self._set(name, {_FIXED_QOS: 'none'})
        if qos.name != 'none':
            self._set(name, {field: qos.name})

    # --- efficiency

    def _set_efficiency(self, volume, wanted, new=False):
        """Switch deduplication and compression; what is as wanted already is left alone."""
        dedupe = wanted.dedupe or wanted.compression
        enabled, compressed = (False, False) if new else self._efficiency(volume.name)
        if dedupe:
            if not enabled:
                self._sis('sis-enable', volume)
            compression = wanted.compression if wanted.compression != compressed else None
            if compression is not None or wanted.policy is not None:
                self._sis('sis-set-config', volume, {
                    'enable-compression': compression, 'policy-name': wanted.policy})
        elif enabled:
            if compressed:
                self._sis('sis-set-config', volume, {'enable-compression': False})
            self._sis('sis-disable', volume)

    def _efficiency(self, name):
        """(deduplication is on, compression is on)."""
        path = f'/vol/{name}'
        for record in self.records('sis-get-iter', 'sis-status-info', {'path': path}):
            if elements.text(record, 'path') == path:
                return (elements.text(record, 'state') == 'enabled',
                        elements.yes(record, 'is-compression-enabled', False))
        return False, False

    def _sis(self, call, volume, arguments=None):
        """A call about efficiency; FlexGroups take the asynchronous one. Repeated while a scan has just begun."""
        for tries in range(1, _SCAN_TRIES + 1):
            try:
                if volume.is_flexgroup:
                    self.wire.run(f'{call}-async', {'volume-name': volume.name, **(arguments or {})},
                                  self.client.tunnel)
                else:
                    self.do(call, {'path': f'/vol/{volume.name}', **(arguments or {})})
                return
            except errors.Duplicate:        # it is on
                return
            except errors.Busy:
                if tries == _SCAN_TRIES:
                    raise
                time.sleep(_SCAN_PAUSE)

    # --- SnapLock

    def _set_snaplock(self, name, wanted):
        periods = {argument: _period(getattr(wanted, field)) for field, argument in _SNAPLOCK.items()}
        if any(period is not None for period in periods.values()):
            self.do('volume-set-snaplock-attrs', {'volume': name, **periods})


def _period(text):
    """'10 days' as '10days'."""
    return text and re.sub(r'\s+', '', text)
