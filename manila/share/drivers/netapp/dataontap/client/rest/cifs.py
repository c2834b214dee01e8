"""CIFS shares over REST. Their paths name the SVM by uuid, which is asked for once."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun
from manila.share.drivers.netapp.dataontap.client.rest.transport import exact, quoted

_PATH = '/protocols/cifs/shares'
_KIND = 'windows'
_EVERYONE = 'Everyone'


class Cifs(Noun, face.Cifs):
    """``/protocols/cifs/shares``."""

    _uuid = None

    def find(self, name):
        record = self.first(_PATH, name=exact(name), fields='name,path,acls')
        if record is None:
            return None
        return values.CifsShare(record['name'], record['path'], {
            acl['user_or_group']: acl['permission'] for acl in record.get('acls') or ()})

    def create(self, name, path):
        self.post(_PATH, {'name': name, 'path': path, 'svm': {'name': self.client.svm}})
        self.deny(name, _EVERYONE)

    def delete(self, name):
        try:
            self.delete_at(self._share(name))
        except errors.NotFound:
            pass

    def allow(self, name, user, permission):
        try:
            self.post(f'{self._share(name)}/acls', {'user_or_group': user, 'permission': permission, 'type': _KIND})
        except errors.Duplicate:
            self.patch(self._entry(name, user), {'permission': permission})

    def deny(self, name, user):
        try:
            self.delete_at(self._entry(name, user))
        except errors.NotFound:
            pass

    def _share(self, name):
        if self._uuid is None:
            self._uuid = self.client.svms.get(self.client.svm).uuid
        return f'{_PATH}/{self._uuid}/{quoted(name)}'

    def _entry(self, name, user):
        return f'{self._share(name)}/acls/{quoted(user)}/{_KIND}'
