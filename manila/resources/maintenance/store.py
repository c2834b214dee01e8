"""SQL of maintenance: jobs and snapshots of a share, and hosts of instances."""
import sqlalchemy as sa

from manila.db import base, query
from manila.jobs.model import jobs
from manila.resources.shares.model import instances
from manila.resources.snapshots.model import instances as snapshot_instances, snapshots


def snapshot_instances_of(connection, share_id):
    """Instances of all snapshots of a share: their ids, and those of the snapshots."""
    return query.rows(connection, sa.select(snapshot_instances.c.id, snapshot_instances.c.snapshot_id)
                      .join(snapshots, snapshots.c.id == snapshot_instances.c.snapshot_id)
                      .where(snapshots.c.share_id == share_id))


def forget_jobs(connection, targets, locks):
    """Remove the jobs about some resources; a worker that has one in hand can write nothing any more.

    :param targets: ids that jobs name as their target
    :param locks: locks that jobs take
    """
    connection.execute(sa.delete(jobs).where(jobs.c.target.in_(targets) | jobs.c.exclusive.in_(locks)))


def lies_on(host):
    """The condition that an instance lies at a host, back end or pool."""
    column = instances.c.host
    return sa.or_(column == host, *(column.startswith(host + mark, autoescape=True)
                                    for mark in '@#' if mark not in host and '#' not in host))


def hosts_on(connection, host):
    """The full hosts of all instances at a host, back end or pool, with the ids of the instances."""
    found = {}
    for full, instance_id in connection.execute(sa.select(instances.c.host, instances.c.id).where(lies_on(host))):
        found.setdefault(full, []).append(instance_id)
    return found


def move(connection, old, new):
    """Change the host of all instances that have it; returns how many."""
    return connection.execute(sa.update(instances).where(instances.c.host == old)
                              .values(host=new, updated_at=base.now())).rowcount


def move_jobs(connection, old, new, locks):
    """Put the jobs that take one of some locks from one queue into another."""
    connection.execute(sa.update(jobs).where(jobs.c.queue == old, jobs.c.exclusive.in_(locks)).values(queue=new))
