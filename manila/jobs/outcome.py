"""What the work of a job may raise to say how it went on.

Returning means done. Any other exception than these means failed for good.
"""


class Again(Exception):
    """Go on later: not a failure, the attempts are not counted.

    :param after: seconds to wait
    :param step: where to go on; None keeps the present step
    :param args: arguments to change
    """

    def __init__(self, after, step=None, **args):
        super().__init__(f'again in {after} s')
        self.after = after
        self.step = step
        self.changed = args


class TryLater(Exception):
    """Failed in a way that may pass: tried again with growing pauses, up to the kind's number of attempts."""

    def __init__(self, reason, after=None):
        super().__init__(str(reason))
        self.after = after


class Failed(Exception):
    """Failed for good. ``detail`` names the user message; ``cause`` is the exception behind it."""

    def __init__(self, reason, detail=None, cause=None):
        super().__init__(str(reason))
        self.detail = detail
        self.cause = cause


class Fenced(Exception):
    """Another worker has taken the job over: nothing that this one found out may be written."""


class Interrupted(Exception):
    """The worker of a job was lost and the kind cannot go on from there."""
