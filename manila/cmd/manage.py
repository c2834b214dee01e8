"""manila-manage: what administrators do beside the API, with the database and the configuration at hand."""
import argparse
import datetime
import logging
import sys

from oslo_log import log

from manila import conf, context as manila_context, exception
from manila.cmd import output
from manila.conf import CONF
from manila.db import migration, session

LOG = log.getLogger(__name__)

#: Actions in order, each with its category; filled in by :func:`command`.
COMMANDS = []
CATEGORIES = {
    'db': 'Schema and old rows of the database.',
    'job': 'Long work: what waits, runs or has failed.',
    'service': 'Services and whether they are alive.',
    'host': 'Hosts that run services.',
    'share': 'Rows of shares, when the world has changed behind the service.',
    'quota': 'Quotas.',
    'config': 'Configuration.',
    'logs': 'Logs.',
    'shell': 'Python with the service at hand.',
    'version': 'Version.',
}


def argument(*names, **options):
    """An argument of a command, as argparse takes it."""
    return names, options


def command(category, name, *arguments):
    """Declare a function as a command; it gets a context and the arguments, and may return an exit status."""
    def declare(function):
        COMMANDS.append((category, name, arguments, function))
        return function
    return declare


FORMAT = argument('--format_output', '--format-output', '--format', dest='form', choices=output.FORMATS,
                  default='table', help='How to print (default: table).')
VERSION = argument('version', nargs='?', help='Number of a migration.')
JOB = argument('job_id', type=int, help='Number of the job.')


@command('db', 'sync', VERSION)
def db_sync(context, version):
    """Bring the schema to the newest version, or to an older one that is newer than the present."""
    migration.sync(version or migration.HEAD)
    print(f'The schema has version {migration.version()}.')


@command('db', 'version')
def db_version(context):
    """Print the version of the schema."""
    print(migration.version() or '')


@command('db', 'downgrade',
         argument('version', help='Number of a migration, or "base" to remove everything.'))
def db_downgrade(context, version):
    """Undo migrations, with the data that only the newer schema has."""
    migration.downgrade(version)


@command('db', 'stamp', VERSION)
def db_stamp(context, version):
    """Note that the schema has a version, without changing it."""
    migration.stamp(version or migration.HEAD)


@command('db', 'revision',
         argument('-m', '--message', required=True, help='What the migration does.'),
         argument('--autogenerate', action='store_true',
                  help='Fill in what the connected database lacks of the tables that the code declares.'))
def db_revision(context, message, autogenerate):
    """Write a new migration (for developers)."""
    print(migration.revision(message, autogenerate))


@command('db', 'purge', argument('age_in_days', nargs='?', type=int, default=0,
                                 help='Keep what was still of use in the last so many days (default: 0).'))
def db_purge(context, age_in_days):
    """Remove failed jobs and expired user messages."""
    from manila.db import base, purge
    if age_in_days < 0:
        raise exception.InvalidInput(reason='The age in days must not be negative.')
    before = base.now() - datetime.timedelta(days=age_in_days)
    output.show([{'Rows': name, 'Removed': number} for name, number in purge.run(context, before).items()],
                ('Rows', 'Removed'))


JOB_COLUMNS = ('id', 'kind', 'queue', 'target', 'state', 'attempts', 'created_at', 'error')


@command('job', 'list',
         argument('--queue', help='Only those of this queue.'),
         argument('--target', help='Only those about the resource with this id.'),
         argument('--failed', action='store_true', default=None,
                  help='Only those that have failed for good.'),
         argument('--limit', type=int, default=1000,
                  help='At most so many, the oldest first (default: 1000).'),
         FORMAT)
def job_list(context, queue, target, failed, limit, form):
    """List jobs."""
    from manila.jobs import operator, store
    rows = store.find(context, queue=queue, target=target, failed=failed, limit=limit)
    output.show([{**row, 'state': operator.state(row)} for row in rows], JOB_COLUMNS, form)


@command('job', 'show', JOB, FORMAT)
def job_show(context, job_id, form):
    """Show all there is to know about a job."""
    from manila.jobs import operator
    row = operator.show(context, job_id)
    if form != 'table':
        output.show([row], list(row), form)
        return
    output.show([{'Field': name, 'Value': value} for name, value in row.items()], ('Field', 'Value'))


@command('job', 'cancel', JOB)
def job_cancel(context, job_id):
    """End a job that no worker has in hand; its resource becomes what it becomes when such a job fails."""
    from manila import resources
    from manila.jobs import operator
    resources.modules('work')
    operator.cancel(context, job_id)


@command('job', 'retry', JOB)
def job_retry(context, job_id):
    """Let a job that is delayed, or has failed for good, run now."""
    from manila.jobs import operator
    operator.retry(context, job_id)


@command('service', 'list', FORMAT)
def service_list(context, form):
    """List services."""
    from manila.resources.services import store
    _show_services(store.find(context), form)


def _show_services(rows, form='table'):
    output.show([{'Binary': row['binary'], 'Host': row['host'], 'Zone': row['zone'],
                  'Status': 'disabled' if row['disabled'] else 'enabled',
                  'State': 'up' if row['up'] else 'down', 'Updated At': row['updated_at']} for row in rows],
                ('Binary', 'Host', 'Zone', 'Status', 'State', 'Updated At'), form)


@command('service', 'cleanup')
def service_cleanup(context):
    """Forget the services that are down, and list them."""
    from manila.resources.services import service
    _show_services(service.cleanup(context))


@command('host', 'list', argument('zone', nargs='?', help='Only those in this availability zone.'))
def host_list(context, zone):
    """List hosts."""
    from manila.resources.services import store
    rows = store.find(context, zone=zone)
    hosts = sorted({(row['host'].partition('@')[0], row['zone'] or '') for row in rows})
    output.show([{'host': host, 'zone': name} for host, name in hosts], ('host', 'zone'))


@command('share', 'delete', argument('--share_id', '--share-id', required=True, help='Id of the share.'))
def share_delete(context, share_id):
    """Remove all rows of a share with its snapshots and release what they count; its back end is not asked."""
    from manila.resources.maintenance import service
    row = service.purge_share(context, share_id)
    for instance in row['instances']:
        print(f'Share instance {instance["id"]} at {instance["host"] or "no host"} is not known any more.')


@command('share', 'update_host',
         argument('--currenthost', required=True, help='host, host@backend or host@backend#pool where shares are now.'),
         argument('--newhost', required=True, help='The same of where they are from now on.'),
         argument('--force', action='store_true',
                  help='Also while the old service is up, or if the new one has never been.'))
def share_update_host(context, currenthost, newhost, force):
    """Say that the shares of a host, back end or pool are served by another one now."""
    from manila.resources.maintenance import service
    from manila.share import private_store
    with session.writer(context):
        moves = service.update_host(context, currenthost, newhost, force)
        for old, new, ids in moves:
            # With a whole back end goes what is kept about its share servers, too.
            private_store.move(context, old.partition('#')[0], new.partition('#')[0],
                               ids if '#' in currenthost else None)
    output.show([{'From': old, 'To': new, 'Instances': len(ids)} for old, new, ids in moves],
                ('From', 'To', 'Instances'))


@command('quota', 'check',
         argument('--project', dest='projects', action='append', help='Only this project; may be repeated.'),
         argument('--repair', action='store_true', help='Set the usages to what the rows say.'),
         FORMAT)
def quota_check(context, projects, repair, form):
    """Compare the usages that quotas go by with the rows that they count; the status is 1 if they differ."""
    from manila import resources
    from manila.resources.quotas import service
    resources.modules('service')    # each package says how what it has is counted
    wrong = service.repair(context, projects) if repair else service.check(context, projects)
    output.show(wrong, ('project_id', 'scope', 'resource', 'in_use', 'actual'), form)
    return 1 if wrong and not repair else 0


@command('config', 'list')
def config_list(context):
    """Print the options in force; secrets are not shown."""
    CONF.log_opt_values(Printer(), 0)


class Printer:
    """What oslo.config takes for a logger."""

    def log(self, level, text, *values):
        """Print a line."""
        print(text % values if values else text)


@command('logs', 'errors')
def logs_errors(context):
    """Print the errors that are in the log files."""
    from manila.cmd import logs
    return logs.show(logs.errors(logs.files()))


@command('logs', 'syslog', argument('number', nargs='?', type=int, default=10,
                                    help='At most so many lines, the newest (default: 10).'))
def logs_syslog(context, number):
    """Print what the services have written to syslog."""
    from manila.cmd import logs
    return logs.show(logs.syslog(number))


@command('shell', 'run', argument('--shell', choices=('bpython', 'ipython', 'python'),
                                  help='Which one (default: the first that is installed).'))
def shell_run(context, shell):
    """Start an interactive shell with CONF and an administrator's context."""
    from manila.cmd import shell as shells
    shells.run(shell, {'CONF': CONF, 'context': context})


@command('shell', 'bpython')
def shell_bpython(context):
    """Start bpython, or what is installed instead."""
    shell_run(context, 'bpython')


@command('shell', 'ipython')
def shell_ipython(context):
    """Start IPython, or what is installed instead."""
    shell_run(context, 'ipython')


@command('shell', 'python')
def shell_python(context):
    """Start Python's own shell."""
    shell_run(context, 'python')


@command('shell', 'script', argument('--path', required=True, help='File with the script.'))
def shell_script(context, path):
    """Run a Python script with CONF and an administrator's context."""
    import runpy
    runpy.run_path(path, {'CONF': CONF, 'context': context}, run_name='__main__')


@command('version', 'list')
def version_list(context):
    """Print the version of this package."""
    from manila import version
    print(version.version_string())


def parser():
    """The parser of the command line."""
    top = argparse.ArgumentParser(prog='manila-manage', description=__doc__.partition(': ')[2])
    top.add_argument('--config-file', action='append', default=[], metavar='PATH', help='May be repeated.')
    top.add_argument('--config-dir', action='append', default=[], metavar='DIR', help='May be repeated.')
    top.add_argument('-d', '--debug', action='store_true', help='Log all there is to say.')
    categories = top.add_subparsers(dest='category', required=True, metavar='CATEGORY')
    actions = {}
    for category, name, arguments, function in COMMANDS:
        if category not in actions:
            found = categories.add_parser(category, help=CATEGORIES[category])
            actions[category] = found.add_subparsers(dest='action', required=True, metavar='ACTION')
        action = actions[category].add_parser(name, help=function.__doc__, description=function.__doc__)
        action.set_defaults(function=function)
        for names, options in arguments:
            action.add_argument(*names, **options)
    return top


def _configure(config_file, config_dir, debug):
    arguments = ['--debug'] if debug else []
    for name, values in (('--config-file', config_file), ('--config-dir', config_dir)):
        for value in values:
            arguments += [name, value]
    conf.parse(arguments)
    log.setup(CONF, 'manila')
    # alembic tells more of itself than of what it does.
    logging.getLogger('alembic').setLevel(logging.DEBUG if debug else logging.WARNING)


def main(argv=None):
    """Carry one command out; returns the exit status."""
    given = vars(parser().parse_args(argv))
    function = given.pop('function')
    del given['category'], given['action']
    _configure(given.pop('config_file'), given.pop('config_dir'), given.pop('debug'))
    context = manila_context.get_admin_context()
    try:
        return function(context, **given) or 0
    except (exception.ManilaException, migration.Error, *session.ERRORS) as error:
        LOG.debug('The command failed', exc_info=error)
        print(f'manila-manage: {error}', file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main())
