"""What operators do with jobs."""
from manila import exception
from manila.db import session
from manila.jobs import kind, outcome, store, worker


def show(context, job_id):
    """One job as a plain dict with ``state`` (see :func:`state`).

    :raises manila.exception.NotFound: when there is none with this number
    """
    rows = store.find(context, job_id=job_id)
    if not rows:
        raise exception.NotFound(f'There is no job {job_id}.')
    return {**rows[0], 'state': state(rows[0])}


def state(row):
    """How a job stands: ``failed``, ``running``, ``lost`` (its worker is), ``delayed`` or ``waiting``."""
    if row['failed_at'] is not None:
        return 'failed'
    if row['owner'] is not None:
        return 'running' if row['lease_until'] >= row['clock'] else 'lost'
    return 'delayed' if row['run_after'] > row['clock'] else 'waiting'


def retry(context, job_id):
    """Let a job that is delayed, or has failed for good, be claimed now.

    :raises manila.exception.NotFound: when there is none with this number
    :raises manila.exception.InvalidState: when somebody works on it
    """
    show(context, job_id)
    if not session.attempt(lambda: store.retry(context, job_id)):
        raise exception.InvalidState(reason=f'A worker has job {job_id} in hand.')


def cancel(context, job_id):
    """End a job that nobody works on: its resource becomes what it becomes when such a job fails.

    The modules that know what that is, ``work`` of the packages of resources, must have been imported.

    :raises manila.exception.NotFound: when there is none with this number
    :raises manila.exception.InvalidState: when somebody works on it, or no package knows its kind
    """
    row = show(context, job_id)
    try:
        failed = kind.get(row['kind']).failed
    except KeyError:
        raise exception.InvalidState(reason=f'Jobs of kind {row["kind"]} are not known here.')
    claim = session.attempt(lambda: store.cancel(context, job_id))
    if claim is None:
        raise exception.InvalidState(reason=f'A worker has job {job_id} in hand.')
    job = worker.Job(claim)

    def end():
        with session.writer(job.context):
            store.remove(job.context, claim)
            # The handler of a failed job has done its work already.
            if row['failed_at'] is None:
                error = outcome.Failed('cancelled by an operator')
                if failed is not None:
                    failed(job.context, job, error)
                for watcher in job.watchers:
                    watcher.failed(job, error)
    session.attempt(end)
