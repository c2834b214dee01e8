"""What the clients have in common over both transports: their nouns, and how they work in one SVM of a cluster."""
import functools

from manila.share.drivers.netapp.dataontap.client import face


class BaseClient(face.Client):
    """A client of the cluster, or one of an SVM, which uses the connections and the findings of the former.

    ``nouns`` has the class of each noun of the face by its name, ``wire_class`` the class of the transport.

    :param connection: a :class:`manila.share.drivers.netapp.dataontap.client.connection.Connection`
    """

    nouns = {}
    wire_class = None

    def __init__(self, connection, root=None, svm=None):
        self.connection = connection
        self.svm = svm
        self._root = root or self
        self.wire = root.wire if root else self.wire_class(connection)
        self._version = self._rights = None
        for name, noun in self.nouns.items():
            setattr(self, name, noun(self))

    @property
    def version(self):
        return self._root._version

    @property
    def has_cluster_rights(self):
        return self._root._rights

    @functools.lru_cache(maxsize=64)    # noqa: B019 - as long-lived as the client
    def _of_svm(self, name):
        return type(self)(self.connection, root=self._root, svm=name)

    def for_svm(self, name):
        return self._root._of_svm(name)

    @property
    def tunnel(self):
        """The SVM to name in requests: only accounts of the cluster have to, and may."""
        return self.svm if self.has_cluster_rights else None

    def close(self):
        self.wire.close()
