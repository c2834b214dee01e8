"""Answers of the array that stay true for a while."""
import threading
import time


class Cached:
    """A function whose answer is kept for some seconds; threads that come meanwhile wait for the one that asks.

    :param ask: function without arguments
    :param seconds: how long its answer counts
    """

    def __init__(self, ask, seconds):
        self._ask = ask
        self._seconds = seconds
        self._lock = threading.Lock()
        self._until = None
        self._answer = None

    def __call__(self):
        """The answer, asked for anew if it is too old. A failure is not kept."""
        with self._lock:
            if self._until is None or time.monotonic() >= self._until:
                self._answer = self._ask()
                self._until = time.monotonic() + self._seconds
            return self._answer

    def forget(self):
        """Ask anew next time."""
        with self._lock:
            self._until = None
