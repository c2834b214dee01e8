"""SMB shares: Samba's configuration, made from a record for each share, and the access of users to them."""
import contextlib
import glob
import hmac
import os
import re
import stat
import threading

from oslo_log import log

from manila import exception, utils
from manila.i18n import _
from manila.share.drivers.local import access
from manila.share.drivers.local.accounts import AccountRefused
from manila.share.drivers.local.layout import read_json, write_file, write_json

LOG = log.getLogger(__name__)

_NAME = re.compile('[A-Za-z0-9_-]{1,80}')
_GLOBAL = '''# Written by manila-share; changes are lost at its next start.
[global]
    server role = standalone server
    disable netbios = yes
    smb ports = {port}
    interfaces = {addresses}
    bind interfaces only = yes
    load printers = no
    printcap name = /dev/null
    disable spoolss = yes
    map to guest = never
    restrict anonymous = 2
    server min protocol = SMB2
    passdb backend = tdbsam
    private dir = {state}/private
    lock directory = {state}/lock
    state directory = {state}/state
    cache directory = {state}/cache
    pid directory = {state}/run
    ncalrpc dir = {state}/ncalrpc
    log file = {log}
    max log size = 10000
    include = {shares}
'''
_SHARE = '''[{name}]
    path = {path}
    browseable = no
    read only = {read_only}
    valid users = {users}
    read list = {readers}
    force user = {owner}
    create mask = 0664
    directory mask = 0775
'''


def render_share(record, mounts, owner):
    """The section of one share; empty while nobody has access, for then Samba would let everybody in."""
    if not record['users']:
        return ''
    users = [f'"{name}"' for name, _level in record['users']]
    readers = [f'"{name}"' for name, level in record['users'] if level == 'ro']
    return _SHARE.format(name=record['name'], path=os.path.join(mounts, record['bind']), owner=owner,
                         read_only='yes' if record['read_only'] else 'no',
                         users=', '.join(users), readers=', '.join(readers))


class SambaServer:
    """Publishes directories of the pool over SMB, by the id of the share or snapshot they belong to."""

    def __init__(self, pool, exporter, layout, accounts, owner, addresses, port):
        self._pool, self._exporter, self._layout = pool, exporter, layout
        self._accounts, self._owner = accounts, owner
        self._addresses, self._port = addresses, port
        self._lock = threading.RLock()
        self._records = {}

    def open(self, taken_over):
        """Read the records and bring the server in line with them."""
        with self._lock:
            for directory in ('private', 'lock', 'state', 'cache', 'run', 'ncalrpc'):
                os.makedirs(os.path.join(self._layout.samba, directory), mode=0o755, exist_ok=True)
            os.chmod(os.path.join(self._layout.samba, 'private'), 0o700)
            self.write_global()
            self._warn_of_closed_path()
            for file in glob.glob(os.path.join(self._layout.samba_records, '*.json')):
                record = read_json(file)
                self._records[record['entity']] = record
            if taken_over:
                self._restore_binds()
            try:
                self._apply()
            except exception.ShareBackendException as failure:
                LOG.error('CIFS shares are not served: %s', failure)    # NFS need not suffer

    def write_global(self):
        """Write Samba's main configuration."""
        write_file(self._layout.samba_config, _GLOBAL.format(
            shares=self._layout.samba_shares, port=self._port, addresses=' '.join(self._addresses),
            state=self._layout.samba, log=os.path.join(self._layout.logs, 'smbd.log')), durable=False)

    def _warn_of_closed_path(self):
        """Files are used with the rights of an ordinary account, which has to reach the mounts."""
        path = self._layout.state
        while path != '/':
            if not os.stat(path).st_mode & stat.S_IXOTH:
                LOG.warning('SMB users will be denied: the directory %s is closed to them (mode o+x).', path)
            path = os.path.dirname(path)

    def _restore_binds(self):
        kept = {record['bind'] for record in self._records.values()}
        for name in self._exporter.request('binds'):
            if not name.isdigit() and name not in kept:
                self._exporter.request('unbind', name=name)
        for record in self._records.values():
            if self._pool.exists(record['source']):
                self._bind(record)

    def publish(self, entity, source, name=None, read_only=False):
        """Offer a directory, to nobody yet; a published one keeps its name and users.

        :raises ValueError: when the chosen name is in use or no share name
        """
        with self._lock:
            record = self._records.get(entity)
            if record is None:
                name = self._free_name(entity, name)
                record = {'entity': entity, 'name': name, 'bind': f'smb-{name}', 'read_only': read_only,
                          'users': []}
            self._store({**record, 'source': source})
            self._bind(self._records[entity])
            if record['users']:
                self._apply()

    def _free_name(self, entity, name):
        with open(self._layout.secret) as file:
            name = name or hmac.new(bytes.fromhex(file.read()), entity.encode(), 'sha256').hexdigest()[:32]
        if not _NAME.fullmatch(name) or name.lower() in ('global', 'homes', 'printers'):
            raise ValueError(f'{name} cannot be the name of an SMB share')
        if any(record['name'].lower() == name.lower() for record in self._records.values()):
            raise ValueError(f'the share name {name} is in use')
        return name

    def withdraw(self, entity):
        """Stop offering what belongs to an entity, if anything, cut its sessions and forget it."""
        with self._lock:
            record = self._records.get(entity)
            if record is None:
                return
            self._store({**record, 'users': []})
            self._apply(closing=record if record['users'] else None)
            self._exporter.request('unbind', name=record['bind'])
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._file(entity))
            del self._records[entity]
            self._remove_accounts()

    def allow(self, entity, rules, project=None):
        """Let exactly these rules' users in; returns verdicts, with ``access_key`` for accounts made here."""
        with self._lock:
            users, verdicts = self._granted(rules, project)
            record = self._records[entity]
            before, after = dict(record['users']), dict(users)
            weaker = any(after.get(name) not in (level, 'rw') for name, level in before.items())
            self._store({**record, 'users': [list(user) for user in users]})
            self._apply(closing=record if weaker else None)
            self._remove_accounts()
            return verdicts

    def _granted(self, rules, project):
        users, verdicts = access.users_of(rules)
        passwords = {}
        for name, _level in users:
            try:
                passwords[name] = self._accounts.grant(name, project)
            except AccountRefused as refusal:
                LOG.warning('An access rule cannot be applied: %s.', refusal)
        for rule in rules:
            verdict = verdicts[rule['access_id']]
            if verdict['state'] == access.ERROR:
                continue
            if rule['access_to'] not in passwords:
                verdict['state'] = access.ERROR
            elif passwords[rule['access_to']]:
                verdict['access_key'] = passwords[rule['access_to']]
        return [user for user in users if user[0] in passwords], verdicts

    def suspend(self, entity):
        """Let go of the directory, so that it can be replaced; :meth:`publish` continues."""
        with self._lock:
            record = self._records.get(entity)
            if record is not None:
                self._close(record)
                self._exporter.request('unbind', name=record['bind'])

    def adopt(self, entity, old, source):
        """Let another entity take over the share of an old one, whose directory may have been renamed."""
        with self._lock:
            record = self._records.pop(old)
            self._store({**record, 'entity': entity, 'source': source})
            if old != entity:
                os.unlink(self._file(old))

    def find(self, path=None, source=None):
        """(entity, directory in the pool, name) of the share with this name or directory, or None."""
        found = (record for record in list(self._records.values())
                 if path == record['name'] or source == record['source'])
        return next(((record['entity'], record['source'], record['name']) for record in found), None)

    def locations(self, entity):
        """What clients connect to, one for each address."""
        name = self._records[entity]['name']
        return [f'\\\\{address.replace(":", "-")}.ipv6-literal.net\\{name}' if ':' in address
                else f'\\\\{address}\\{name}' for address in self._addresses]

    def _file(self, entity):
        return os.path.join(self._layout.samba_records, f'{entity}.json')

    def _store(self, record):
        write_json(self._file(record['entity']), record)
        self._records[record['entity']] = record

    def _bind(self, record):
        self._exporter.request('bind', name=record['bind'], source=record['source'],
                               read_only=record['read_only'])

    def _remove_accounts(self):
        self._accounts.keep_only({user[0] for record in self._records.values() for user in record['users']})

    # --- the running server

    def _apply(self, closing=None):
        """Write all shares down and let the server read them; back when it has.

        :param closing: record of a share whose sessions must end, for somebody has lost access
        """
        text = ''.join(render_share(record, self._layout.mounts, self._owner)
                       for record in sorted(self._records.values(), key=lambda record: record['name']))
        if not text and not os.path.exists(self._layout.samba_shares):
            return      # the server need not run yet
        first = not os.path.exists(self._layout.samba_shares)
        write_file(self._layout.samba_shares, text)
        if first or not self._running():
            self._exporter.request('reload_samba')      # starts it, with what is written by now
            self._wait()
            return
        # Each process handles its messages in order, so the share is closed under the new configuration.
        self._control('all', 'reload-config')
        if closing:
            self._close(closing)
        self._wait()

    def _running(self):
        return self._exporter.request('status')['servers']['smbd']['pid'] is not None

    def _close(self, record):
        if self._running():
            self._control('all', 'close-share', record['name'])

    def _wait(self):
        try:
            utils.retry(exception.ProcessExecutionError, interval=0.05, retries=40, backoff_rate=1)(
                self._control)('smbd', 'ping')
        except exception.ProcessExecutionError as failure:
            raise exception.ShareBackendException(
                msg=_('Samba does not answer; see the logs in %s.') % self._layout.logs) from failure

    def _control(self, *message):
        """Send a message to the server's processes, whose numbers only mean something in their namespace."""
        utils.execute('nsenter', '--target', str(self._exporter.pid()), '--mount', '--pid', '--',
                      'smbcontrol', '-s', self._layout.samba_config, *message)
