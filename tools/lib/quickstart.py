"""From a fresh clone to a running service with a real NFS share.

As root: installs what is missing (Debian 12, Ubuntu 24.04), starts all services in one process with SQLite
and the local driver (btrfs, NFS-Ganesha), creates a share over REST, opens it to one address, writes a file
over NFS and reads it back. Running it again changes nothing that is right already.
"""
import argparse
import os
import pathlib
import socket
import sys
import time

from lib import system
from lib.daemon import UNIT, Daemon
from lib.layout import USER, Layout

PACKAGES = ['python3-venv', 'btrfs-progs', 'nfs-ganesha', 'nfs-ganesha-vfs', 'rpcbind', 'dbus', 'libnfs13',
            'samba', 'kmod', 'iproute2']
OWN_UNITS = {'nfs-ganesha': ['nfs-ganesha.service', 'nfs-ganesha-lock.service'],
             'samba': ['smbd.service', 'nmbd.service', 'samba-ad-dc.service']}
VENV = system.ROOT / '.venv'
WITHOUT_ROOT = """Without root this script cannot:
  * install Debian packages (btrfs-progs, nfs-ganesha, samba, ...)
  * make and mount a btrfs file system for the shares
  * bind-mount shares into a mount namespace of their own and export them with NFS-Ganesha
  * write to /etc, /var and /run
The whole service but the storage runs without root, with a driver that only pretends to store:
  tools/quickstart --dummy
It then keeps everything below one folder (--prefix; default: {prefix})."""
HOME_PREFIX = pathlib.Path('~/.local/share/manila-quickstart').expanduser()


def parse(argv):
    """The command line."""
    parser = argparse.ArgumentParser(prog='tools/quickstart', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--dummy', action='store_true', help='no real storage; needs no root')
    parser.add_argument('--prefix', help='keep everything below this folder instead of /etc, /var and /run')
    parser.add_argument('--port', type=int, default=8786, help='port of the API on the loopback address')
    parser.add_argument('--address', help='address under which clients reach the shares '
                                          '(default: the one of this machine towards other networks)')
    parser.add_argument('--clouds', type=pathlib.Path,
                        default=pathlib.Path('~/.config/openstack/clouds.yaml').expanduser(),
                        help='clouds.yaml to add the cloud "manila" to (default: %(default)s)')
    parser.add_argument('--stop', action='store_true', help='stop the service and keep everything')
    parser.add_argument('--clean', action='store_true',
                        help='stop the service and remove its configuration, its logs and ALL SHARES')
    arguments = parser.parse_args(argv)
    if not system.is_root() and not arguments.prefix:
        arguments.prefix = str(HOME_PREFIX)
    return arguments


class QuickStart:
    """One run of the script."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.layout = Layout(arguments.prefix)
        self.daemon = Daemon([VENV / 'bin' / 'python', VENV / 'bin' / 'manila-all', '--config-file',
                              self.layout.config], self.layout.pid, self.layout.state / 'quickstart.out')
        self.endpoint = f'http://127.0.0.1:{arguments.port}/v2'

    def up(self):
        """Bring everything up and prove it."""
        from lib import proof, rest
        with system.step('Configuration'):
            password = self.configure()
        with system.step('Database'):
            system.run([VENV / 'bin' / 'manila-manage', '--config-file', self.layout.config, 'db', 'sync'])
        api = rest.Client(self.endpoint, USER, password)
        with system.step('Services: API, scheduler and share service in one process'):
            self.start(api)
        with system.step('Share type "default"'):
            proof.share_type(api)
        if self.arguments.dummy:
            with system.step('A share, made by the dummy driver'):
                lines = proof.dummy_share(api)
        else:
            with system.step('A share, opened to one address, written and read over NFS'):
                lines = proof.nfs_share(api, VENV / 'bin' / 'python')
        self.farewell(lines)

    def configure(self):
        """Write all files that are not there yet; returns the administrator's password."""
        from lib import clouds
        self.layout.make()
        self.layout.write_config(self.arguments.dummy, self.arguments.port, socket.gethostname(),
                                 self.arguments.address or system.own_address())
        password = self.layout.write_accounts()
        cloud = clouds.entry(self.endpoint, USER, password)
        clouds.add(self.layout.clouds, cloud)
        try:
            clouds.add(self.arguments.clouds, cloud)
            self.layout.remember(clouds=str(self.arguments.clouds))
        except clouds.Conflict as conflict:
            system.say(f'    {conflict}; left alone. Use: export OS_CLIENT_CONFIG_FILE={self.layout.clouds}')
        return password

    def start(self, api):
        """Start the service and wait until a back end can take shares."""
        self.daemon.start()
        begin = time.monotonic()

        def ready():
            try:
                services = api.call('GET', 'services')['services']
                pools = api.call('GET', 'scheduler-stats/pools')['pools']
            except system.Problem:
                return False
            return bool(pools) and {service['state'] for service in services} == {'up'}

        try:
            system.wait_until(ready, 90, 'manila-all', alive=self.daemon.alive)
        except system.Problem as problem:
            raise system.Problem(f'{problem}\n{self.daemon.last_words(self.layout.log)}')
        system.say(f'    ready after {time.monotonic() - begin:.1f} s')

    def farewell(self, lines):
        """Tell what runs, where to look and what to try."""
        command = f'{VENV / "bin" / "openstack"} --os-cloud manila'
        running = f'systemctl status {UNIT}' if self.daemon.systemd else f'process {self.daemon.pid()}'
        again = 'tools/quickstart' + ' --dummy' * self.arguments.dummy
        if self.arguments.prefix and self.arguments.prefix != str(HOME_PREFIX):
            again += f' --prefix {self.arguments.prefix}'
        system.say('\n'.join(['', 'Proof', *(f'  {line}' for line in lines), '',
                              f'Running   manila-all ({running}), API at {self.endpoint}',
                              f'Log       {self.layout.log}',
                              f'Settings  {self.layout.config}', '', 'Try',
                              f'  {command} share list',
                              f'  {command} share create NFS 1 --name mine',
                              f'  {command} share pool list --detail', '',
                              f'Stop with {again} --stop, remove with {again} --clean.']))

    def stop_exports(self):
        """End the process that keeps mounts and servers of the local driver when the service is gone."""
        state, python = self.layout.state / 'local', VENV / 'bin' / 'python'
        if state.exists() and python.exists():
            system.run([python, '-m', 'manila.share.drivers.local.exporter', '--stop', state])

    def down(self):
        """Stop, and with --clean remove what was made."""
        from lib import clouds
        with system.step('Stopping the service and its NFS server'):
            self.daemon.stop()
            self.stop_exports()
            release_mounts(self.layout.state, self.layout.run)
        if not self.arguments.clean:
            return
        with system.step('Removing configuration, logs and shares'):
            self.daemon.remove()
            clouds.remove(self.layout.remembered().get('clouds', self.arguments.clouds))
            self.layout.remove()
        system.say(f'Left as they are: the Debian packages, and the Python environment in {VENV}.')


def release_mounts(*folders):
    """Unmount what still lies below the folders and detach its loop devices, so that they can be removed."""
    below = tuple(f'{folder}/' for folder in folders)
    points = [line.split()[1] for line in pathlib.Path('/proc/mounts').read_text().splitlines()]
    for point in sorted((point for point in points if point.startswith(below)), reverse=True):
        system.run(['umount', point], check=False)
    for backing in pathlib.Path('/sys/block').glob('loop*/loop/backing_file'):
        if backing.read_text().strip().startswith(below):
            system.run(['losetup', '-d', f'/dev/{backing.parts[3]}'], check=False)


def prepare(arguments):
    """System packages and the Python environment; the rest of the work runs in that environment."""
    if not arguments.dummy:
        with system.step('Debian packages'):
            installed = system.install_packages(PACKAGES)
            system.say(f'    installed: {" ".join(installed) or "nothing, all are here"}')
            if system.has_systemd():
                keep_system_units_off(installed)
    with system.step(f'Python environment in {VENV}'):
        return system.make_venv(VENV, [system.ROOT / 'requirements.txt',
                                       system.ROOT / 'tools' / 'quickstart-requirements.txt'])


def keep_system_units_off(installed):
    """The local driver runs NFS-Ganesha and Samba itself; units we brought must not take the ports."""
    for package in installed:
        for unit in OWN_UNITS.get(package, ()):
            system.run(['systemctl', 'disable', '--now', unit], check=False)


def main(argv=None):
    """Entry of tools/quickstart."""
    arguments = parse(argv)
    try:
        if arguments.stop or arguments.clean:
            QuickStart(arguments).down()
            return 0
        if not system.is_root() and not arguments.dummy:
            system.say(WITHOUT_ROOT.format(prefix=HOME_PREFIX))
            return 1
        if pathlib.Path(sys.prefix) != VENV:
            python = prepare(arguments)
            os.execv(python, [str(python), '-m', 'lib.quickstart', *(sys.argv[1:] if argv is None else argv)])
        QuickStart(arguments).up()
        return 0
    except system.Problem as problem:
        system.say(f'\nNot done: {problem}')
        return 1


if __name__ == '__main__':
    sys.exit(main())
