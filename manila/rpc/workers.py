"""Wake-ups for workers in other processes."""
from manila.jobs import bell
from manila.rpc import interface

SCHEDULER = 'scheduler'
SHARE_PREFIX = 'share:'


class SchedulerRPC(interface.Interface):
    """What the schedulers take."""

    topic = 'scheduler_topic'

    @interface.cast
    def wake(self):
        """Look for jobs in the queue of the schedulers."""


class ShareRPC(interface.Interface):
    """What the process in charge of a back end takes."""

    topic = 'share_topic'

    @interface.cast
    def wake(self):
        """Look for jobs in the queue of the back end."""


def send(queue):
    """Wake whoever works on a queue, in whatever process."""
    if queue == SCHEDULER:
        SchedulerRPC.client().wake()
    elif queue.startswith(SHARE_PREFIX):
        ShareRPC.client(queue.removeprefix(SHARE_PREFIX)).wake()


def connect():
    """From now on, orders given in this process wake workers in others."""
    bell.connect(send)


def disconnect():
    """End what :func:`connect` began."""
    bell.connect(None)
