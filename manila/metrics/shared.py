"""The directory through which processes of one API count together; prometheus_client must not be imported before."""
import os
import shutil
import tempfile

_VARIABLE = 'PROMETHEUS_MULTIPROC_DIR'


def directory():
    """The directory, or None when each process counts alone."""
    return os.environ.get(_VARIABLE) or None


class Directory:
    """Makes the directory for this process and those that it forks, unless the environment names one already."""

    def __init__(self):
        self._made = None

    def __enter__(self):
        if not directory():
            self._made = os.environ[_VARIABLE] = tempfile.mkdtemp(prefix='manila-metrics-')
            self._owner = os.getpid()
        return self

    def __exit__(self, *error):
        # Processes forked in the block leave it, too.
        if self._made and self._owner == os.getpid():
            del os.environ[_VARIABLE]
            shutil.rmtree(self._made, ignore_errors=True)
