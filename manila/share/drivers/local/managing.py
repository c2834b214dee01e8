"""Taking subvolumes that exist in the pool under management, and letting them go again."""
import os

from manila import exception
from manila.share.drivers.local.failures import reported
from manila.share.drivers.local.pool import GIB

_LET_GO = 'unmanaged-'      # before the id under which an export is kept whose share was let go


class LocalManaging:
    """What the driver does with shares it has not made."""

    def manage_existing(self, share, driver_options):
        """Take over a subvolume, named by its export path or by its path in the pool.

        A share that was let go before keeps its export path. The size is the subvolume's limit, or without
        one the space it uses, rounded up.

        :raises ManageInvalidShare: when there is no such subvolume, or it cannot be a share
        """
        location = share['export_locations'][0]['path']
        with reported():
            server, path = self._server(share), _path_of(location)
            known = server.find(path=path) or self._find(path.lstrip('/'))
            old = known[1] if known else path.lstrip('/')
            problem = self._managed_problem(share, known) or self._pool.unfit_as_share(old)
            if problem:
                raise exception.ManageInvalidShare(reason=f'{location} {problem}')
            source = self._source(share)
            self._pool.move(old, source)
            size = self._size_for(source)
            self._pool.limit(source, size)
            if known:
                server.adopt(share['id'], known[0], source)
            server.publish(share['id'], source, name=share.get('mount_point_name'))
            self._pool.commit()
            return {'size': size, 'export_locations': self._locations(share)}

    def unmanage(self, share):
        """Leave the share as it is; its export path can be given to manage it again."""
        with reported():
            server, source = self._server(share), self._source(share)
            if server.find(source=source):
                server.adopt(f'{_LET_GO}{share["id"]}', share['id'], source)

    def _find(self, source):
        return next(filter(None, (server.find(source=source) for server in self._servers())), None)

    def _managed_problem(self, share, known):
        if known is None or known[0] == share['id']:
            return None
        if not known[0].startswith(_LET_GO):
            return 'is managed already'
        if self._server(share).find(source=known[1]) is None:
            return 'was exported with another protocol'
        return None

    def _size_for(self, source):
        return max(1, -(-(self._pool.size(source) or self._pool.used(source, exact=True)) // GIB))


def _path_of(location):
    r"""The part of an export location behind the address: ``host:/path`` or ``\\host\name``."""
    if location.startswith('\\\\'):
        return location.rpartition('\\')[2]
    _host, separator, path = location.rpartition(':/')
    return os.path.normpath(f'/{path}' if separator else location)
