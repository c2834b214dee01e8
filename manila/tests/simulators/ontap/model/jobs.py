"""Jobs: operations that outlive the request which started them."""

import dataclasses

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import OPERATIONS, new_uuid, operation

KEPT_SECONDS = 300
ENDED = ('success', 'failure')


@dataclasses.dataclass(eq=False)
class Job:
    """One job. `refusal` is the reason and text of a failure, `result` what the operation returned."""

    cluster: object
    number: int
    description: str
    operation: str
    arguments: dict
    svm: object = None
    node: object = None
    uuid: str = dataclasses.field(default_factory=new_uuid)
    state: str = 'queued'
    start_time: float = None
    end_time: float = None
    refusal: tuple = None
    result: object = None
    stuck: bool = False
    planned: dict = None

    @property
    def ended(self):
        return self.state in ENDED

    @property
    def message(self):
        if self.refusal:
            return self.refusal[1]
        return 'success' if self.state == 'success' else self.state


def start(cluster, description, name, svm, /, **arguments):
    """Start operation `name` with `arguments`. How long it takes is a setting of the cluster, by operation."""
    cluster.job_number += 1
    job = Job(cluster, cluster.job_number, description, name, arguments, svm=svm,
              node=cluster.nodes[0] if cluster.nodes else None, start_time=cluster.now())
    cluster.jobs.append(job)
    job.state = 'running'
    fault = cluster.take_job_fault(name)
    if fault and fault.get('lost'):
        cluster.jobs.remove(job)
    if fault and fault.get('stuck'):
        job.stuck = True
        return job
    refusal = job.planned = (fault or {}).get('refusal')
    seconds = cluster.duration(name)
    if seconds <= 0:
        finish(job, refusal)
    else:
        cluster.world.after(seconds, 'job.finish', job=job, refusal=refusal)
    return job


@operation('job.finish')
def finish(job, refusal=None):
    """Carry the operation out and end the job by its outcome; `refusal` makes it fail without effect."""
    if job.ended or job.state == 'paused':
        return
    cluster = job.cluster
    try:
        if refusal:
            raise errors.Refused(refusal['reason'], refusal['message'])
        job.result = OPERATIONS[job.operation](**job.arguments)
        job.state = 'success'
    except errors.Refused as refused:
        job.state = 'failure'
        job.refusal = (refused.reason, refused.message)
    job.end_time = cluster.now()
    cluster.world.after(KEPT_SECONDS, 'job.forget', job=job)


def conclude(job):
    """Let a job end now, as a call does that answers only when all is done. Returns the result or refuses."""
    if not job.ended and not job.stuck:
        finish(job, job.planned)
    if job.stuck:
        raise errors.Refused('timeout', 'The operation timed out (job ID %d).' % job.number)
    if job.refusal:
        raise errors.Refused(*job.refusal)
    return job.result


@operation('job.forget')
def forget(job):
    """Ended jobs are kept for a while only."""
    if job in job.cluster.jobs:
        job.cluster.jobs.remove(job)


def act(job, action):
    """Cancel, stop, pause or resume a job."""
    if job.ended:
        raise errors.Refused('job.ended', 'The job has already ended.')
    if action in ('cancel', 'stop'):
        finish(job, {'reason': 'job.cancelled', 'message': 'The job was cancelled.'})
    elif action == 'pause':
        job.state = 'paused'
    elif action == 'resume':
        job.state = 'running'
        job.cluster.world.after(job.cluster.duration(job.operation), 'job.finish', job=job)
    else:
        raise errors.invalid('action', action)
