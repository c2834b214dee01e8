"""Where the quick start puts its files, and what it writes into them."""
import json
import os
import pathlib
import secrets
import shutil

from lib import system

USER = 'admin'
CONFIG = """# Written by tools/quickstart; yours to change: it is kept when the script runs again.
[DEFAULT]
state_path = {state}
log_file = {log}
host = {host}
enabled_share_backends = {backend}
default_share_type = default
auth_strategy = http_basic
osapi_share_listen = 127.0.0.1
osapi_share_listen_port = {port}
api_paste_config = {etc}/api-paste.ini

[database]
connection = sqlite:///{state}/manila.sqlite

[oslo_middleware]
http_basic_auth_user_file = {etc}/htpasswd

[standalone]
accounts_file = {etc}/accounts.yaml

[oslo_concurrency]
lock_path = {state}/locks

[{backend}]
{options}
"""
LOCAL = {
    'share_driver': 'manila.share.drivers.local.LocalDriver',
    'driver_handles_share_servers': 'False',
    'share_backend_name': 'LOCAL',
}
DUMMY = {
    'share_driver': 'manila.share.drivers.dummy.DummyDriver',
    'driver_handles_share_servers': 'False',
    'share_backend_name': 'DUMMY',
}


def local_options(address):
    """Options of the local driver; loopback stays as a second address, where nobody is allowed at first."""
    addresses = [address] if address == '127.0.0.1' else [address, '127.0.0.1']
    return {**LOCAL, 'local_export_ips': ','.join(addresses)}


class Layout:
    """Paths of one installation: the system's own places, or all below one folder.

    :param prefix: the folder, or None for /etc, /var/lib, /var/log and /run
    """

    def __init__(self, prefix=None):
        base = pathlib.Path(prefix).absolute() if prefix else None
        self.base = base
        self.etc = base / 'etc' if base else pathlib.Path('/etc/manila')
        self.state = base / 'state' if base else pathlib.Path('/var/lib/manila')
        self.log = (base / 'log' if base else pathlib.Path('/var/log/manila')) / 'manila.log'
        self.run = base / 'run' if base else pathlib.Path('/run/manila')
        self.pid = self.state / 'quickstart.pid'
        self.config = self.etc / 'manila.conf'
        self.clouds = self.etc / 'clouds.yaml'
        self.mark = self.state / 'quickstart.json'

    def folders(self):
        """All folders, each with the mode it needs."""
        return {self.etc: 0o750, self.state: 0o755, self.log.parent: 0o750, self.run: 0o755}

    def make(self):
        """Make the folders; those that were not there are remembered as ours to remove."""
        ours = self.remembered().get('folders', [])
        for folder, mode in self.folders().items():
            if not folder.exists():
                folder.mkdir(parents=True, mode=mode)
                ours.append(str(folder))
        self.remember(folders=ours)

    def remembered(self):
        """What earlier runs noted."""
        return json.loads(self.mark.read_text()) if self.mark.exists() else {}

    def remember(self, **facts):
        """Note facts for later runs."""
        self.mark.write_text(json.dumps({**self.remembered(), **facts}, indent=1))

    def write_config(self, dummy, port, host, address):
        """Write manila.conf and what it names; a manila.conf that is there stays.

        :raises system.Problem: when a manila.conf is there that is not ours
        """
        backend, options = ('dummy', DUMMY) if dummy else ('local', local_options(address))
        shutil.copyfile(system.ROOT / 'etc' / 'manila' / 'api-paste.ini', self.etc / 'api-paste.ini')
        if self.config.exists():
            if 'tools/quickstart' not in self.config.read_text().partition('\n')[0]:
                raise system.Problem(f'{self.config} is there and not ours; move it away or use --prefix')
            return
        lines = '\n'.join(f'{name} = {value}' for name, value in options.items())
        private(self.config, CONFIG.format(state=self.state, log=self.log, etc=self.etc, host=host,
                                           port=port, backend=backend, options=lines))

    def write_accounts(self):
        """Write the password file and the accounts, with one administrator, if they are not there.

        :returns: the administrator's password
        """
        import bcrypt
        secret = self.etc / 'admin-password'
        if not secret.exists():
            private(secret, secrets.token_urlsafe(18) + '\n')
        password = secret.read_text().strip()
        if not (self.etc / 'htpasswd').exists():
            digest = bcrypt.hashpw(password.encode(), bcrypt.gensalt(10)).decode()
            private(self.etc / 'htpasswd', f'{USER}:{digest}\n')
        if not (self.etc / 'accounts.yaml').exists():
            private(self.etc / 'accounts.yaml', ACCOUNTS.format(user=USER, project=secrets.token_hex(16)))
        return password

    def remove(self):
        """Remove everything of ours; folders that were there before us lose only our files."""
        ours = self.remembered().get('folders', [])
        for folder in self.folders():
            if str(folder) in ours or self.base:
                shutil.rmtree(folder, ignore_errors=True)
        for name in ('manila.conf', 'api-paste.ini', 'htpasswd', 'accounts.yaml', 'admin-password',
                     'clouds.yaml'):
            (self.etc / name).unlink(missing_ok=True)
        if self.base and self.base.exists() and not any(self.base.iterdir()):
            self.base.rmdir()


ACCOUNTS = """# User of htpasswd -> project and roles. Written by tools/quickstart.
{user}:
  project_id: "{project}"
  project_name: admin
  roles: [admin, member, reader]
"""


def private(path, text):
    """Write a file that only its owner can read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:
        file.write(text)
