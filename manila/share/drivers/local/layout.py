"""Where the local driver and its export host keep what: every path below one state directory."""
import json
import os
import tempfile

_LONGEST_SOCKET_PATH = 100


class Layout:
    """Paths of one back end."""

    def __init__(self, state):
        self.state = os.path.abspath(state)
        self.exports = self._path('exports')         # one file each: record and Ganesha's configuration
        self.mounts = self._path('mnt')              # where the servers see the shares; theirs alone
        self.logs = self._path('log')
        self.ganesha_log = os.path.join(self.logs, 'ganesha.log')
        self.recovery = self._path('recovery')       # what Ganesha remembers of its clients
        self.copies = self._path('copies')           # orders to copy from other pools
        self.samba = self._path('samba')
        self.lock = self._path('exporter.lock')
        self.control = self._path('control.sock')
        self.bus = self._path('bus.sock')
        self.bus_config = self._path('bus.conf')
        self.ganesha_config = self._path('ganesha.conf')
        self.settings = self._path('exporter.json')
        self.secret = self._path('secret')
        self.samba_config = os.path.join(self.samba, 'smb.conf')
        self.samba_shares = os.path.join(self.samba, 'shares.conf')
        self.samba_records = os.path.join(self.samba, 'records')
        self.samba_accounts = os.path.join(self.samba, 'accounts')

    def _path(self, name):
        return os.path.join(self.state, name)

    def make(self):
        """Make the directories.

        :raises ValueError: when the state directory's path is too long for sockets in it
        """
        if len(self.control) > _LONGEST_SOCKET_PATH:
            raise ValueError(f'The path of the state directory {self.state} is too long for sockets in it.')
        os.makedirs(self.state, mode=0o711, exist_ok=True)
        os.chmod(self.state, 0o711)        # users' file accesses pass through to the mounts
        for directory in (self.exports, self.mounts, self.logs, self.recovery, self.samba,
                          self.samba_records, self.samba_accounts):
            os.makedirs(directory, mode=0o700, exist_ok=True)


def write_file(path, text, mode=0o600, durable=True):
    """Replace a file in one step, so that readers and a crash find the old or the new one whole."""
    directory, name = os.path.split(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f'.{name}.', dir=directory)
    try:
        with os.fdopen(descriptor, 'w') as file:
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            if durable:
                os.fsync(descriptor)
        os.rename(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def write_json(path, value, **kwargs):
    """Replace a file by a JSON document."""
    write_file(path, json.dumps(value, sort_keys=True), **kwargs)


def read_json(path, default=None):
    """The JSON document in a file, or the default when there is no file."""
    try:
        with open(path) as file:
            return json.load(file)
    except FileNotFoundError:
        return default
