"""Long operations of the dummy driver: half done when continued once, done when continued twice."""


class Progress:
    """How far migrations, backups and restores are."""

    def _begin(self, kind, subject):
        with self._lock:
            self.array.put(kind, subject, {'progress': 0})

    def _advance(self, kind, subject):
        """Do half of the work; returns the percentage that is done."""
        with self._lock:
            done = min(100, self._progress(kind, subject) + 50)
            self.array.put(kind, subject, {'progress': done})
        return done

    def _progress(self, kind, subject):
        # What a restart made this array forget begins anew.
        record = self.array.get(kind, subject)
        return record['progress'] if record else 0

    def _finish(self, kind, subject):
        with self._lock:
            self.array.remove(kind, subject)
