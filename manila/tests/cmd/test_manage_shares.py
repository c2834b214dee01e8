"""manila-manage: shares, logs and shells."""
import pytest

from manila.cmd import logs, shell
from manila.resources.shares import store as shares
from manila.resources.types import service as types
from manila.share import private_store
from manila.tests.cmd.test_manage import manage_  # noqa: F401
from manila.tests.fixtures import rows
from manila.tests.resources.conftest import api, user  # noqa: F401


@pytest.fixture
def share(api, context, user):  # noqa: F811
    """A share that is available."""
    types.create(context, 'plain', None, True, {'driver_handles_share_servers': 'False'})
    return rows.make_share(user)


def test_share_is_purged(manage_, context, share):  # noqa: F811
    status, printed, _ = manage_('share', 'delete', '--share_id', share['id'])
    assert status == 0 and share['instances'][0]['id'] in printed and rows.HOST in printed
    assert shares.instance(context, share['instances'][0]['id']) is None
    status, _, errors = manage_('share', 'delete', '--share_id', share['id'])
    assert status == 1 and share['id'] in errors


@pytest.mark.parametrize(('current', 'new'), [('node@alpha', 'node@beta'), ('node@alpha#pool0', 'node@beta#pool0')])
def test_host_is_changed_with_what_the_driver_keeps(manage_, context, share, current, new):  # noqa: F811
    instance_id = share['instances'][0]['id']
    private_store.update(context, instance_id, 'node@alpha', {'volume': '7'})
    private_store.update(context, 'server', 'node@alpha', {'vlan': '8'})
    assert manage_('share', 'update_host', '--currenthost', current, '--newhost', new)[0] == 1
    status, printed, _ = manage_('share', 'update_host', '--currenthost', current, '--newhost', new, '--force')
    assert status == 0 and 'node@beta#pool0' in printed
    assert shares.instance(context, instance_id)['host'] == 'node@beta#pool0'
    assert private_store.get(context, instance_id, 'node@beta') == {'volume': '7'}
    # What is kept of a server goes with the back end, and not with one pool of it.
    assert bool(private_store.get(context, 'server', 'node@beta')) is ('#' not in current)


def test_nothing_is_changed_when_part_of_it_fails(manage_, context, share, monkeypatch):  # noqa: F811
    def fail(*args):
        raise private_store.session.ERRORS[0]('no')
    monkeypatch.setattr(private_store, 'move', fail)
    assert manage_('share', 'update_host', '--currenthost', 'node', '--newhost', 'other', '--force')[0] == 1
    assert shares.instance(context, share['instances'][0]['id'])['host'] == rows.HOST


def test_errors_in_log_files_are_printed_with_their_place(manage_, conf, tmp_path):  # noqa: F811
    conf.config(log_dir=str(tmp_path))
    assert manage_('logs', 'errors')[1] == 'There is nothing to show.\n'
    (tmp_path / 'manila-api.log').write_text('a INFO fine\nb ERROR bad\n')
    (tmp_path / 'manila-share.log').write_text('c CRITICAL worse\n')
    status, printed, _ = manage_('logs', 'errors')
    assert status == 0
    assert printed.splitlines() == [f'{tmp_path}/manila-api.log:2: b ERROR bad',
                                    f'{tmp_path}/manila-share.log:1: c CRITICAL worse']
    conf.config(log_file='manila-share.log')
    assert logs.files() == [tmp_path / 'manila-share.log']


def test_newest_lines_of_the_services_in_syslog_are_printed(manage_, tmp_path, monkeypatch):  # noqa: F811
    path = tmp_path / 'messages'
    path.write_text(''.join(f'{number} manila-api\n{number} cron\n' for number in range(20)))
    monkeypatch.setattr(logs, 'SYSLOG', (str(tmp_path / 'none'), str(path)))
    assert manage_('logs', 'syslog', '2') == (0, '18 manila-api\n19 manila-api\n', '')
    monkeypatch.setattr(logs, 'SYSLOG', (str(tmp_path / 'none'),))
    assert manage_('logs', 'syslog')[1] == 'There is nothing to show.\n'


def test_log_that_cannot_be_read_is_told(tmp_path):
    assert 'No such file' in next(logs.errors([tmp_path / 'none.log']))


def test_script_has_the_configuration_and_a_context(manage_, tmp_path, conf):  # noqa: F811
    conf.config(host='node')
    path = tmp_path / 'script.py'
    path.write_text('print(CONF.host, context.is_admin, __name__)\n')
    assert manage_('shell', 'script', '--path', str(path)) == (0, 'node True __main__\n', '')


@pytest.mark.parametrize(('command', 'missing', 'started'), [
    (('run',), [], 'bpython'), (('run',), ['bpython', 'ipython'], 'python'),
    (('run', '--shell', 'python'), [], 'python'),
    (('ipython',), [], 'ipython'), (('bpython',), ['bpython'], 'ipython'), (('python',), [], 'python')])
def test_shell_that_is_wanted_and_installed_is_started(manage_, monkeypatch, command, missing, started):  # noqa: F811
    seen = []

    def starter(name):
        def start(names):
            if name in missing:
                raise ImportError(name)
            seen.append((name, sorted(names)))
        return start
    monkeypatch.setattr(shell, '_STARTERS', {name: starter(name) for name in shell.SHELLS})
    assert manage_('shell', *command)[0] == 0
    assert seen == [(started, ['CONF', 'context'])]
