"""The commands. Importing this package decides, for the whole process, what threads are.

With the environment variable ``MANILA_CONCURRENCY=eventlet`` they are green threads, otherwise native ones. It is
decided here because it must come before all other imports take effect.
"""
import os
import sys


def _choose():
    green = os.environ.get('MANILA_CONCURRENCY', 'threading') == 'eventlet'
    if not green:
        # Libraries that can use eventlet load it when it is there, 10 MiB for nothing: say that it is not.
        sys.modules.setdefault('eventlet', None)
    from oslo_service import backend
    from oslo_service.backend import exceptions
    try:
        backend.init_backend(backend.BackendType.EVENTLET if green else backend.BackendType.THREADING)
    except exceptions.BackendAlreadySelected:
        # A process that is not ours, such as a test run, has decided.
        if green:
            raise


_choose()
