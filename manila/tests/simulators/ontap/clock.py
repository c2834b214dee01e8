"""The time of a simulated world: real time at some speed, or time that only moves when told to."""

import time


class Clock:
    """Seconds since the epoch as the arrays see them.

    :param speed: simulated seconds per real second; 0 stops the clock, only `advance` moves it then.
    :param start: simulated time at which to begin, by default the real time.
    """

    def __init__(self, speed=1.0, start=None):
        self.speed = float(speed)
        self._base = time.time() if start is None else float(start)
        self._mark = time.monotonic()

    def now(self):
        """The present simulated time in seconds since the epoch."""
        return self._base + (time.monotonic() - self._mark) * self.speed

    def advance(self, seconds):
        """Jump ahead. :raises ValueError: for a negative step, time never goes back."""
        if seconds < 0:
            raise ValueError('Time does not go back.')
        self._base += seconds

    def set_speed(self, speed):
        """Change the speed from now on."""
        self._base, self._mark = self.now(), time.monotonic()
        self.speed = float(speed)
