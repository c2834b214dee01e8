"""manila-manage."""
import datetime
import json
import subprocess
import sys

import pytest
import sqlalchemy as sa
import yaml

from manila.cmd import manage
from manila.db import base, migration, session
from manila.jobs import kind, store
from manila.jobs.model import jobs
from manila.resources.messages.model import messages
from manila.resources.quotas import service as quotas
from manila.resources.services.model import services
from manila.resources.types.model import types
from manila.resources.zones.model import zones

MOVING = kind.Kind('test.moving', exclusive='test')


@MOVING.fails
def _moved(context, job, error):
    with session.writer(context) as connection:
        connection.execute(sa.insert(types).values(
            id=job.target, name=str(error), description=context.project_id, created_at=base.now()))


@pytest.fixture
def manage_(database, monkeypatch, capsys):
    """Run a command in this process: returns its exit status, output and error output."""
    monkeypatch.setattr(manage, '_configure', lambda *given: None)

    def run(*arguments):
        status = manage.main(list(arguments))
        output = capsys.readouterr()
        return status, output.out, output.err
    return run


def execute(context, statement, *values):
    with session.writer(context) as connection:
        return connection.execute(statement, *values)


def order(context, target='share-1', **values):
    with session.writer(context):
        store.insert(context, MOVING, target, 'host@one')
    if values:
        execute(context, sa.update(jobs).where(jobs.c.target == target).values(values))
    return next(row['id'] for row in store.find(context, target=target))


def test_configuration_file_is_named_before_the_command(tmp_path):
    path = tmp_path / 'manila.conf'
    path.write_text(f'[database]\nconnection = sqlite:///{tmp_path}/other.sqlite\n')

    def run(*arguments):
        command = [sys.executable, '-m', 'manila.cmd.manage', '--config-file', str(path), *arguments]
        return subprocess.run(command, capture_output=True, text=True)
    assert run('db', 'version').stdout == '\n'
    done = run('db', 'sync')
    assert (done.returncode, done.stdout, done.stderr) == (
        0, f'The schema has version {migration.head()}.\n', '')
    assert (tmp_path / 'other.sqlite').exists()
    assert run('db', 'version').stdout == f'{migration.head()}\n'


def test_category_without_action_is_refused(manage_, capsys):
    with pytest.raises(SystemExit) as caught:
        manage_('job')
    assert caught.value.code == 2
    assert 'ACTION' in capsys.readouterr().err


def test_schema_is_synced_downgraded_and_stamped(manage_):
    assert manage_('db', 'downgrade', 'base')[0] == 0
    assert manage_('db', 'version') == (0, '\n', '')
    assert manage_('db', 'sync', migration.head())[0] == 0
    assert migration.differences() == []
    assert manage_('db', 'stamp')[0] == 0
    assert manage_('db', 'version')[1] == f'{migration.head()}\n'


def test_unknown_version_is_an_error_of_one_line(manage_):
    status, output, error = manage_('db', 'sync', '9999')
    assert (status, output) == (1, '')
    assert error == "manila-manage: Can't locate revision identified by '9999'\n"


def test_purge_removes_old_failed_jobs_and_expired_messages_only(manage_, context):
    now = base.now()
    day = datetime.timedelta(days=1)
    order(context, 'old', failed_at=now - 3 * day)
    order(context, 'young', failed_at=now - day)
    order(context, 'waiting')
    for number, age in enumerate((3 * day, day, -day)):
        execute(context, sa.insert(messages).values(
            id=base.new_id(), project_id='p', message_level='ERROR', action_id='001', detail_id='001',
            request_id=str(number), expires_at=now - age, created_at=now))
    assert manage_('db', 'purge', '2')[1].split() == ['Rows', 'Removed', 'jobs', '1', 'messages', '1']
    assert {row['target'] for row in store.find(context)} == {'young', 'waiting'}
    assert manage_('db', 'purge')[1].split() == ['Rows', 'Removed', 'jobs', '1', 'messages', '1']
    assert [row['target'] for row in store.find(context)] == ['waiting']
    assert manage_('db', 'purge', '-1')[0] in (1, 2)


def test_jobs_are_listed_with_their_state(manage_, context):
    order(context, 'waiting')
    order(context, 'running', owner='me', lease_until=base.epoch() + 60)
    order(context, 'lost', owner='you', lease_until=1.0)
    order(context, 'delayed', run_after=base.epoch() + 60)
    order(context, 'failed', failed_at=base.now(), error='no space')
    rows = json.loads(manage_('job', 'list', '--format', 'json')[1])
    assert [(row['target'], row['state']) for row in rows] == [
        (name, name) for name in ('waiting', 'running', 'lost', 'delayed', 'failed')]
    assert rows[-1]['error'] == 'no space'
    (row,) = yaml.safe_load(manage_('job', 'list', '--failed', '--format', 'yaml')[1])
    assert row['target'] == 'failed'
    assert manage_('job', 'list', '--queue', 'other')[1].split() == list(manage.JOB_COLUMNS)


def test_job_is_shown_with_all_its_fields(manage_, context):
    job_id = order(context, 'share-1')
    output = dict(line.split(maxsplit=1) for line in manage_('job', 'show', str(job_id))[1].splitlines()
                  if len(line.split()) > 1)
    assert output['target'] == 'share-1' and output['kind'] == 'test.moving' and output['state'] == 'waiting'
    assert manage_('job', 'show', '12345') == (1, '', 'manila-manage: There is no job 12345.\n')


def test_cancelled_job_is_gone_and_its_resource_settled(manage_, context):
    context.project_id = 'project-1'
    job_id = order(context)
    assert manage_('job', 'cancel', str(job_id)) == (0, '', '')
    assert store.find(context) == []
    row = execute(context, sa.select(types)).one()
    assert (row.id, row.name, row.description) == ('share-1', 'cancelled by an operator', 'project-1')


def test_job_in_hand_is_not_cancelled(manage_, context):
    job_id = order(context, owner='me', lease_until=base.epoch() + 60)
    status, _, error = manage_('job', 'cancel', str(job_id))
    assert status == 1 and 'in hand' in error
    assert len(store.find(context)) == 1


def test_job_of_a_lost_worker_is_cancelled_and_the_worker_fenced_off(manage_, context):
    job_id = order(context, owner='me', claims=1, lease_until=1.0)
    assert manage_('job', 'cancel', str(job_id))[0] == 0
    assert store.find(context) == []


def test_cancelling_a_failed_job_does_not_fail_it_again(manage_, context):
    job_id = order(context, failed_at=base.now())
    assert manage_('job', 'cancel', str(job_id))[0] == 0
    assert store.find(context) == [] and execute(context, sa.select(types)).all() == []


def test_job_of_an_unknown_kind_is_not_cancelled(manage_, context):
    job_id = order(context, kind='no.such')
    status, _, error = manage_('job', 'cancel', str(job_id))
    assert status == 1 and 'no.such' in error and len(store.find(context)) == 1


def test_job_that_cannot_be_settled_stays(manage_, context):
    job_id = order(context)
    execute(context, sa.insert(types).values(id='share-1', name='taken', created_at=base.now()))
    assert manage_('job', 'cancel', str(job_id))[0] == 1
    assert len(store.find(context)) == 1


def test_failed_job_is_retried(manage_, context):
    job_id = order(context, failed_at=base.now(), attempts=5, run_after=base.epoch() + 600)
    assert manage_('job', 'retry', str(job_id)) == (0, '', '')
    (row,) = store.find(context)
    assert (row['failed_at'], row['attempts'], row['run_after']) == (None, 0, 0.0)
    assert manage_('job', 'retry', '12345')[0] == 1


@pytest.fixture
def two_services(context, database):
    """One service that is up in zone ``nova`` and one that is down."""
    zone = base.new_id()
    execute(context, sa.insert(zones).values(id=zone, name='nova', created_at=base.now()))
    common = dict(disabled=False, ensuring=False, stopped=False, created_at=base.now())
    execute(context, sa.insert(services).values(host='one@a', binary='manila-share', topic='manila-share',
                                                availability_zone_id=zone, seen=base.epoch(), **common))
    execute(context, sa.insert(services).values(
        host='two', binary='manila-scheduler', topic='manila-scheduler', seen=1.0, **common))


def test_services_are_listed_in_all_formats(manage_, two_services):
    for form, read in (('json', json.loads), ('yaml', yaml.safe_load)):
        rows = read(manage_('service', 'list', '--format_output', form)[1])
        assert [(row['Host'], row['Zone'], row['State'], row['Status']) for row in rows] == [
            ('one@a', 'nova', 'up', 'enabled'), ('two', None, 'down', 'enabled')]
    assert manage_('service', 'list')[1].splitlines()[1].split()[:5] == [
        'manila-share', 'one@a', 'nova', 'enabled', 'up']


def test_cleanup_forgets_services_that_are_down(manage_, two_services):
    assert 'two' in manage_('service', 'cleanup')[1]
    assert [row['Host'] for row in json.loads(manage_('service', 'list', '--format', 'json')[1])] == ['one@a']


def test_hosts_are_listed_by_zone(manage_, two_services):
    assert manage_('host', 'list')[1].split() == ['host', 'zone', 'one', 'nova', 'two']
    assert manage_('host', 'list', 'nova')[1].split() == ['host', 'zone', 'one', 'nova']


def test_quota_check_tells_by_its_status_whether_usages_are_right(manage_, monkeypatch):
    assert manage_('quota', 'check')[0] == 0
    drift = [{'project_id': 'p', 'scope': '', 'resource': 'shares', 'in_use': 2, 'actual': 1}]
    monkeypatch.setattr(quotas, 'check', lambda context, projects: drift)
    status, output, _ = manage_('quota', 'check', '--format', 'json')
    assert status == 1 and json.loads(output) == drift


def test_quota_repair_is_given_the_projects(manage_, monkeypatch):
    given = []
    monkeypatch.setattr(quotas, 'repair', lambda context, projects: given.append(projects) or [])
    assert manage_('quota', 'check', '--repair', '--project', 'a', '--project', 'b')[0] == 0
    assert given == [['a', 'b']]


def test_configuration_is_listed_without_secrets(manage_, database):
    lines = manage_('config', 'list')[1]
    assert 'jobs.lease' in lines and 'share_topic' in lines
    assert str(database.url) not in lines


def test_version_is_printed(manage_):
    from manila import version
    assert manage_('version', 'list') == (0, f'{version.version_string()}\n', '')
