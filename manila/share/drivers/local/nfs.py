"""NFS shares: exports of Ganesha over mounts that only its namespace has."""

import time

from oslo_log import log

from manila.share.drivers.local import access
from manila.share.drivers.local.ganesha_bus import GaneshaError

LOG = log.getLogger(__name__)

_MOST_STARTS = 6
_LONGEST_START = 300


class NfsServer:
    """Publishes directories of the pool over NFS, by the id of the share or snapshot they belong to."""

    def __init__(self, pool, exporter, bus, store, addresses):
        self._pool, self._exporter, self._bus, self._store = pool, exporter, bus, store
        self._addresses = addresses

    def open(self, taken_over):
        """Bring the servers in line with the files.

        :param taken_over: whether the export host ran before; then it may have missed changes
        """
        wanted = [export for export in self._store.all() if export.active]
        present = {export.number: export for export in wanted if self._pool.exists(export.source)}
        for export in wanted:
            if export.number not in present:
                LOG.warning('%s is missing in the pool and is not exported.', export.source)
        self._await_server()
        served = self._bus.numbers()
        for number in served - set(present):
            self._bus.remove(number)
        if taken_over:
            kept = {export.bind for export in present.values()}
            for name in self._exporter.request('binds'):
                if name.isdigit() and name not in kept:
                    self._exporter.request('unbind', name=name)
        for number in set(present) if taken_over else set(present) - served:
            self._serve(present[number])

    def _await_server(self):
        """Wait while it loads its exports, however many they are, but not while it fails again and again."""
        def starts():
            return self._exporter.request('status')['servers']['ganesha.nfsd']['starts']
        first, deadline = starts(), time.monotonic() + _LONGEST_START
        while not self._bus.answers():
            if starts() - first >= _MOST_STARTS or time.monotonic() > deadline:
                raise GaneshaError('NFS-Ganesha does not start.')
            time.sleep(0.02)

    def publish(self, entity, source, name=None, read_only=False):
        """Export a directory, to nobody yet; a published one keeps its path and clients.

        What is read-only is a snapshot; it is exported only while somebody has access.

        :param name: last part of the export path when the user chose it
        :raises ValueError: when the chosen path is in use
        """
        export = self._store.get(entity)
        if export is None:
            export = self._store.create(entity, source, self._store.path_for(entity, name),
                                        read_only=read_only, active=not read_only)
        else:
            export = self._store.replace(export, source=source, active=export.active or not read_only)
        if export.active:
            self._serve(export)

    def withdraw(self, entity):
        """Stop exporting what belongs to an entity, if anything, and forget it."""
        export = self._store.get(entity)
        if export is not None:
            self._store.retire(export)
            self._unserve(export)
            self._store.remove(export)

    def allow(self, entity, rules, project=None):
        """Let exactly these rules' clients in, at once and for open files too; returns verdicts by rule."""
        clients, verdicts = access.clients_of(rules)
        before = self._store.get(entity)
        if before is None:
            raise KeyError(f'nothing is exported for {entity}')
        after = self._store.replace(before, clients=clients, active=bool(clients) or not before.read_only)
        if not after.active:
            self._unserve(after)
        elif before.active:
            self._bus.upsert(after.number, self._store.file(after))
        else:
            self._serve(after)
        return verdicts

    def suspend(self, entity):
        """Let go of the directory, so that it can be replaced; :meth:`publish` continues."""
        export = self._store.get(entity)
        if export is not None:
            self._unserve(self._store.replace(export, active=False))

    def adopt(self, entity, old, source):
        """Let another entity take over the export of an old one, whose directory may have been renamed."""
        self._store.replace(self._store.get(old), entity=entity, source=source)

    def find(self, path=None, source=None):
        """(entity, directory in the pool, path) of the export with this path or directory, or None."""
        found = (export for export in self._store.all() if path == export.path or source == export.source)
        return next(((export.entity, export.source, export.path) for export in found), None)

    def locations(self, entity):
        """What clients mount, one for each address."""
        path = self._store.get(entity).path
        return [f'[{address}]:{path}' if ':' in address else f'{address}:{path}'
                for address in self._addresses]

    def _serve(self, export):
        self._exporter.request('bind', name=export.bind, source=export.source, read_only=export.read_only)
        self._bus.upsert(export.number, self._store.file(export))

    def _unserve(self, export):
        self._bus.remove(export.number)
        self._exporter.request('unbind', name=export.bind)
