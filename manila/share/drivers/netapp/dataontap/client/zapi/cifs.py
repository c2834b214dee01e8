"""CIFS shares over ZAPI."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_EVERYONE = 'Everyone'


class Cifs(Noun, face.Cifs):
    """``cifs-share-...``."""

    def find(self, name):
        shares = self.records('cifs-share-get-iter', 'cifs-share', {'share-name': elements.like(name)},
                              elements.named('share-name', 'path'))
        for record in shares:
            if elements.text(record, 'share-name') == name:
                return values.CifsShare(name, elements.text(record, 'path'), self._access(name))
        return None

    def _access(self, name):
        records = self.records('cifs-share-access-control-get-iter', 'cifs-share-access-control',
                               {'share': elements.like(name)}, elements.named('share', 'user-or-group', 'permission'))
        return {elements.text(record, 'user-or-group'): elements.text(record, 'permission')
                for record in records if elements.text(record, 'share') == name}

    def create(self, name, path):
        self.do('cifs-share-create', {'share-name': name, 'path': path})
        self.deny(name, _EVERYONE)

    def delete(self, name):
        try:
            self.do('cifs-share-delete', {'share-name': name})
        except errors.NotFound:
            pass

    def allow(self, name, user, permission):
        entry = {'share': name, 'user-or-group': user, 'permission': permission}
        try:
            self.do('cifs-share-access-control-create', entry)
        except errors.Duplicate:
            self.do('cifs-share-access-control-modify', entry)

    def deny(self, name, user):
        try:
            self.do('cifs-share-access-control-delete', {'share': name, 'user-or-group': user})
        except errors.NotFound:
            pass
