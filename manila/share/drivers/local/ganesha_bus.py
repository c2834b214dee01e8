"""Changes of exports while NFS-Ganesha runs, through its private message bus."""
import contextlib
import threading
import time

from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

_EXPORTS = DBusAddress('/org/ganesha/nfsd/ExportMgr', bus_name='org.ganesha.nfsd',
                       interface='org.ganesha.nfsd.exportmgr')
_CALL_TIMEOUT = 30
_RETRY_PAUSE = 0.02
_ABSENT = ('ServiceUnknown', 'NoReply', 'NameHasNoOwner', 'UnknownObject')


class GaneshaError(Exception):
    """Ganesha refused a change or could not be asked; the text is its own answer, with file and line."""


class ExportBus:
    """Ganesha's export manager on the private bus; one connection, safe for several threads."""

    def __init__(self, socket, patience=30):
        self._socket, self._patience = socket, patience
        self._lock = threading.Lock()
        self._connection = None

    def upsert(self, number, file):
        """Add an export or change it, at once and for open files too.

        :raises GaneshaError: with file and line when the export cannot be made
        """
        self._call('UpdateExport', 'ss', (file, f'EXPORT(Export_Id={number})'))

    def remove(self, number):
        """Take an export away; one that is not there is fine."""
        with contextlib.suppress(_Unknown):
            self._call('RemoveExport', 'q', (number,))

    def numbers(self):
        """The numbers of the exports being served."""
        _, exports = self._call('ShowExports')
        return {export[0] for export in exports} - {0}

    def answers(self):
        """Whether the server answers now."""
        with self._lock:
            try:
                self._send(new_method_call(_EXPORTS, 'ShowExports'))
            except (OSError, EOFError, _Absent):
                self._drop()
                return False
        return True

    def clients(self, number):
        """The client networks of an export, as the server has understood them."""
        return {client[0] for client in self._call('DisplayExport', 'q', (number,))[4]}

    def close(self):
        """Hang up."""
        with self._lock:
            self._drop()

    def _call(self, method, signature=None, body=()):
        """One call; a server that is just being restarted is waited for."""
        message = new_method_call(_EXPORTS, method, signature, body)
        deadline = time.monotonic() + self._patience
        with self._lock:
            while True:
                try:
                    return self._send(message)
                except (OSError, EOFError, _Absent) as failure:
                    self._drop()
                    if time.monotonic() > deadline:
                        raise GaneshaError(f'NFS-Ganesha does not answer: {failure!r}') from failure
                    time.sleep(_RETRY_PAUSE)

    def _send(self, message):
        if self._connection is None:
            self._connection = open_dbus_connection(f'unix:path={self._socket}')
        message.header.serial = None
        reply = self._connection.send_and_get_reply(message, timeout=_CALL_TIMEOUT)
        if reply.header.message_type is MessageType.error:
            raise _error(DBusErrorResponse(reply))
        return reply.body

    def _drop(self):
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None


class _Absent(Exception):
    """Nobody serves the bus name just now."""


class _Unknown(GaneshaError):
    """Ganesha knows no export of that number."""


def _error(response):
    text = ' '.join(str(part) for part in response.data)
    if response.name.removeprefix('org.freedesktop.DBus.Error.') in _ABSENT:
        return _Absent(f'{response.name}: {text}')
    if text.endswith('Export id not found'):
        return _Unknown(text)
    return GaneshaError(text)
