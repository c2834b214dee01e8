"""What drivers note for themselves about shares, servers and snapshots, and find again after a restart.

The option drivers_private_storage_class names the class that keeps it; the usual one uses the database.
"""
import abc
import threading

from oslo_utils import importutils, uuidutils

from manila.conf import CONF
from manila.conf.drivers import private_data_opts
from manila.i18n import _
from manila.share.configuration import Configuration


class StorageDriver(abc.ABC):
    """Keeps pairs of texts for each entity of one back end."""

    def __init__(self, context, backend_host):
        self.context = context
        self.backend_host = backend_host

    @abc.abstractmethod
    def get(self, entity_id, key, default):
        """The value of a key, all pairs as a dict when the key is None, ``default`` when there is nothing."""

    @abc.abstractmethod
    def update(self, entity_id, details, delete_existing):
        """Set the pairs in ``details``; with ``delete_existing`` others of the entity are removed."""

    @abc.abstractmethod
    def delete(self, entity_id, key):
        """Remove a pair, or all of the entity when the key is None."""


class SqlStorageDriver(StorageDriver):
    """Keeps the pairs in the service's database."""

    def __init__(self, context, backend_host):
        super().__init__(context, backend_host)
        self._local = threading.local()

    def _context(self):
        # A context carries the open transaction and serves one thread; a driver is called by many.
        if not hasattr(self._local, 'context'):
            from manila import context as manila_context
            self._local.context = manila_context.get_admin_context()
        return self._local.context

    def get(self, entity_id, key, default):
        from manila.share import private_store
        found = private_store.get(self._context(), entity_id, self.backend_host, key)
        return default if found is None or (found == {} and default is not None) else found

    def update(self, entity_id, details, delete_existing):
        from manila.share import private_store
        private_store.update(self._context(), entity_id, self.backend_host, details, delete_existing)

    def delete(self, entity_id, key):
        from manila.share import private_store
        private_store.delete(self._context(), entity_id, self.backend_host, key)


class DriverPrivateData:
    """A driver's notes.

    :param storage: a :class:`StorageDriver` instead of the configured one
    :param context: context of the service
    :param backend_host: ``host@backend``; notes of other back ends are out of reach
    :param config_group: group of the back end, whose options choose the storage
    """

    def __init__(self, storage=None, *args, **kwargs):
        self._storage = storage if storage is not None else _make_storage(*args, **kwargs)

    def get(self, entity_id, key=None, default=None):
        """The value of a key, or all pairs of an entity as a dict.

        :param entity_id: UUID of a share instance, share server, snapshot instance or whatever it is about
        :raises ValueError: when the id is no UUID
        """
        _require_uuid(entity_id)
        return self._storage.get(entity_id, key, default)

    def update(self, entity_id, details, delete_existing=False):
        """Set pairs of an entity.

        :param details: dict of texts
        :param delete_existing: whether pairs that are not given are removed
        """
        _require_uuid(entity_id)
        return self._storage.update(entity_id, details, delete_existing)

    def delete(self, entity_id, key=None):
        """Remove a pair of an entity, or all of them."""
        _require_uuid(entity_id)
        return self._storage.delete(entity_id, key)


def _make_storage(context=None, backend_host=None, config_group=None):
    options = Configuration(private_data_opts, config_group) if config_group else CONF
    return importutils.import_object(options.drivers_private_storage_class, context=context,
                                     backend_host=backend_host)


def _require_uuid(entity_id):
    if not uuidutils.is_uuid_like(entity_id):
        raise ValueError(_('Private data belong to a UUID, not to %s.') % entity_id)
