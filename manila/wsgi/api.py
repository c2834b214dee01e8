"""The API for any WSGI server: ``manila.wsgi.api:application``.

The server's command line is not the service's, so it is not looked at. Configuration comes from the files
``manila.conf`` and ``manila-api.conf`` in the directory that ``OS_MANILA_CONFIG_DIR`` of the
environment names, or from the usual places.
"""
import os
import threading

from oslo_log import log

from manila import conf

_lock = threading.Lock()
_application = None


def configuration_files(environ=os.environ):
    """The files of ``OS_MANILA_CONFIG_DIR``, or None for those in the usual places."""
    directory = environ.get('OS_MANILA_CONFIG_DIR', '').strip()
    if not directory:
        return None
    paths = [os.path.join(directory, name) for name in ('manila.conf', 'manila-api.conf')]
    return [path for path in paths if os.path.exists(path)]


def _load():
    conf.parse([], files=configuration_files())
    log.setup(conf.CONF, 'manila')
    from manila.api import app
    return app.load()


def application(environ, start_response):
    """The WSGI application; it is put together at the first request, in the process that serves it."""
    global _application
    if _application is None:
        with _lock:
            if _application is None:
                _application = _load()
    return _application(environ, start_response)
