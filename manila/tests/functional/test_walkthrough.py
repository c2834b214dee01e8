"""The walk-through of the user guide, typed into a shell as it stands there, against running services."""
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from manila.tests.functional import cluster as clusters, services
from manila.tests.functional.conftest import make_types
from manila.tests.share.drivers.local import backend as local

pytestmark = [pytest.mark.functional, pytest.mark.slow, pytest.mark.xdist_group('storage')]

PAGE = clusters.ROOT / 'doc' / 'source' / 'user' / 'walkthrough.rst'
#: Ends what a command printed; no command prints it.
MARK = '=== end of command ==='
_BLOCK = re.compile(r'^\.\. code-block:: console\n\n((?:   .*\n|\n)+)', re.MULTILINE)


def steps():
    """(command, the lines that it prints) of all console blocks, in order."""
    found = []
    for block in _BLOCK.findall(PAGE.read_text()):
        for line in filter(None, (line[3:] for line in block.splitlines())):
            if line.startswith('$ '):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def fits(wanted, printed):
    """Whether what was printed is what the page says, with anything for three dots."""
    pattern = '.*'.join(map(re.escape, '\n'.join(wanted).split('...')))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


class Shell:
    """One shell for all commands of the page, in which variables last.

    :param environment: variables besides those of this process
    """

    def __init__(self, environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith('OS_')}
        self._process = subprocess.Popen(
            ['bash'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=clusters.ROOT, env={**kept, **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    def type(self, command):
        """Run a command; returns what it prints, errors included."""
        self._process.stdin.write(f'{command} </dev/null\necho; echo "{MARK}"\n')
        self._process.stdin.flush()
        printed = []
        for line in self._process.stdout:
            if line.startswith(MARK):
                return ''.join(printed)
            printed.append(line)
        raise AssertionError(f'the shell ended at: {command}\n{"".join(printed)}')


@pytest.fixture
def storage():
    """A local back end's directory and ports; nothing of it is left afterwards."""
    if problem := local.missing():
        pytest.skip(f'local back end: {problem}')
    made = local.Backend(conf=None)
    yield made
    made.clean()


@pytest.fixture
def shell(storage, tmp_path):
    """A shell whose openstack command knows the clouds of the page; the service has the local driver."""
    with services.database('mysql') as database:
        cluster = clusters.Cluster(tmp_path, database, services.url_of('rabbit'), backend={
            'share_driver': 'manila.share.drivers.local.LocalDriver', 'share_backend_name': 'LOCAL',
            'local_state_path': storage.state, 'local_pool_size_gb': 20, 'local_nfs_port': storage.nfs_port,
            'local_mount_port': storage.mount_port, 'local_enable_smb': 'no', 'local_export_ips': '127.0.0.1,::1'})
        try:
            cluster.start()
            make_types(cluster)
            with Shell(environment(cluster, storage, tmp_path)) as made:
                yield made
        finally:
            cluster.stop()


def environment(cluster, storage, folder):
    """What the page takes for granted: the commands, the clouds, and which one is meant."""
    clouds = {user: {'auth_type': 'http_basic', 'auth': {
        'endpoint': cluster.endpoint, 'username': user, 'password': clusters.PASSWORD}} for user in clusters.USERS}
    (folder / 'clouds.yaml').write_text(yaml.safe_dump({'clouds': clouds}))
    return {'OS_CLIENT_CONFIG_FILE': str(folder / 'clouds.yaml'), 'OS_CLOUD': 'alice', 'PYTHONWARNINGS': 'ignore',
            'COLUMNS': '500', 'PATH': f'{pathlib.Path(sys.prefix) / "bin"}:{os.environ["PATH"]}',
            'PORTS': f'&nfsport={storage.nfs_port}&mountport={storage.mount_port}'}


# Every openstack command is a process of its own, which takes seconds to start.
@pytest.mark.timeout(1200)
def test_every_command_prints_what_the_page_says(shell):
    done = []
    for command, wanted in steps():
        printed = shell.type(command)
        done.append(f'$ {command}\n{printed}')
        assert fits(wanted, printed), 'not as the page says:\n' + ''.join(done[-5:])
    assert len(done) > 40


@pytest.mark.parametrize('word', ['snapshot create', 'nfs_probe.py write', 'revert', '--snapshot-id', '--public',
                                  'transfer accept', 'lock create', '--soft', 'restore', 'quota set'])
def test_the_page_shows_what_users_come_for(word):
    assert any(word in command for command, _printed in steps())
