"""Kinds of jobs that leave traces in tables of their own, and workers on them in processes of their own.

The tables are not part of the project's schema.
"""
import subprocess
import sys
import threading
import time

import sqlalchemy as sa

from manila.db import base, session
from manila.jobs import kind, store

metadata = sa.MetaData()
# One row for each time that a job was carried out to its end.
done = sa.Table('test_done', metadata, sa.Column('id', sa.Integer, primary_key=True),
                sa.Column('target', sa.String(64)), sa.Column('owner', sa.String(255)),
                sa.Column('attempts', sa.Integer), sa.Column('interrupted', sa.Boolean), **base.MYSQL)
# Begin and end of each run, by the clock of the machine.
spans = sa.Table('test_spans', metadata, sa.Column('id', sa.Integer, primary_key=True),
                 sa.Column('lock', sa.String(64)), sa.Column('start', sa.Double), sa.Column('end', sa.Double),
                 **base.MYSQL)
# Rows that a coalescing job has to see.
rules = sa.Table('test_rules', metadata, sa.Column('id', sa.Integer, primary_key=True),
                 sa.Column('target', sa.String(64), index=True), sa.Column('seen', sa.Boolean), **base.MYSQL)

PLAIN = kind.Kind('test.plain')
LOCKED = kind.Kind('test.locked', exclusive='test')
SYNC = kind.Kind('test.sync', coalesce=True, exclusive='sync')
STUCK = kind.Kind('test.stuck', exclusive='stuck')


@PLAIN.runs
def _plain(job, resources):
    time.sleep(job.args.get('seconds', 0))
    _finish(job)


def _finish(job):
    job.finish(lambda connection: connection.execute(sa.insert(done).values(
        target=job.target, owner=job.claim.owner, attempts=job.attempts, interrupted=job.interrupted)))


@LOCKED.runs
def _locked(job, resources):
    start = time.time()
    time.sleep(job.args.get('seconds', 0))
    end = time.time()

    def write(connection):
        connection.execute(sa.insert(spans).values(lock=job.args['lock'], start=start, end=end))
    job.finish(write)


@SYNC.runs
def _sync(job, resources):
    # First what is to be done is read, in a transaction of its own, then done, then what was done is noted.
    with session.reader(job.context) as connection:
        ids = list(connection.scalars(sa.select(rules.c.id).where(rules.c.target == job.target,
                                                                  rules.c.seen.is_(False))))

    def write(connection):
        if ids:
            connection.execute(sa.update(rules).where(rules.c.id.in_(ids)).values(seen=True))
        connection.execute(sa.insert(done).values(
            target=job.target, owner=job.claim.owner, attempts=job.attempts, interrupted=job.interrupted))
    job.finish(write)


@STUCK.runs
def _stuck(job, resources):
    print('stuck', flush=True)
    threading.Event().wait()


@STUCK.resumes
def _unstuck(job, resources):
    _finish(job)


def order(context, kind_, target, queue='test', **options):
    """Order one job in a transaction of its own."""
    @session.transaction
    def write(context):
        store.insert(context, kind_, target, queue, **options)
    write(context)


class Program:
    """A worker in a process of its own."""

    def __init__(self, url, queue='test', *options):
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'manila.tests.jobs.run_worker', url, queue, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def expect(self, line):
        """Wait for the next line of output."""
        found = self.process.stdout.readline().strip()
        assert found == line, f'{found!r} instead of {line!r}'
        return self

    def stop(self):
        """Let it end in good order; returns its exit status."""
        if self.process.poll() is None:
            self.process.stdin.close()
        status = self.process.wait(60)
        self.process.stdout.close()
        return status

    def kill(self):
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
