"""Bytes that are hardly HTTP, sent to the API's two servers: that of manila-api and that inside other processes."""
import base64
import contextlib
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from manila.tests.fixtures import database
from manila.tests.fuzz import world
from manila.tests.fuzz.messages import PASSWORD

WHO = b'\r\nAuthorization: Basic ' + base64.b64encode(f'admin:{PASSWORD}'.encode())
END = WHO + b'\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'
VERSION = b'\r\nX-OpenStack-Manila-API-Version: '
POST = b'POST /v2/shares HTTP/1.1\r\nContent-Type: application/json'
CHUNKED = b'\r\nTransfer-Encoding: chunked'
LINES = (
    b'', b'\r\n', b'GET', b'GET /', b'GET / HTTP/1.1', b'\x16\x03\x01\x02\x00\x01\x00',
    b'\x00' * 100, b'\xff' * 100,
    b'GET / HTTP/9.9' + END, b'GET / HTTP/0.9' + END, b'GET / HTTP/1.1 x' + END, b'GET  / HTTP/1.1' + END,
    b'GET /\x00 HTTP/1.1' + END, b'GET /v2/\xff HTTP/1.1' + END, b'GET v2/shares HTTP/1.1' + END,
    b'get /v2/ HTTP/1.1' + END,
    b'GET http://example.org/v2/shares HTTP/1.1' + END, b'GET //v2//shares HTTP/1.1' + END, b'GET * HTTP/1.1' + END,
    b'OPTIONS * HTTP/1.1' + END, b'CONNECT a:1 HTTP/1.1' + END, b'GET /v2/../../etc/passwd HTTP/1.1' + END,
    b'GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1' + END, b'GET /v2/#x HTTP/1.1' + END, b'GET /v2/?\xff HTTP/1.1' + END,
    b'GET /v2/%00 HTTP/1.1' + END, b'GET /v2/%zz HTTP/1.1' + END, b'GET /v2/' + b'a' * 100000 + b' HTTP/1.1' + END,
    b'GET /v2/?' + b'a' * 100000 + b' HTTP/1.1' + END, b'A' * 100000, b'GET /v2/ HTTP/1.1\r\nHost: \xff\r\n\r\n',
    b'GET /v2/ HTTP/1.1\r\n\r\n', b'GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    b'GET /v2/ HTTP/1.1\nHost: a\n\n',
    b'GET /v2/ HTTP/1.1\r\nno colon' + END, b'GET /v2/ HTTP/1.1\r\n: empty' + END,
    b'GET /v2/ HTTP/1.1\r\nA : b' + END,
    b'GET /v2/ HTTP/1.1\r\nA: b\r\n folded' + END, b'GET /v2/ HTTP/1.1\r\nA\x00B: c' + END,
    b'GET /v2/ HTTP/1.1\r\nA: \x00' + END,
    b'GET /v2/ HTTP/1.1\r\nA: ' + b'b' * 100000 + END, b'GET /v2/ HTTP/1.1' + b'\r\nA: b' * 5000 + END,
    b'GET /v2/ HTTP/1.1' + VERSION + b'\xff\xfe' + END,
    b'GET /v2/ HTTP/1.1' + VERSION + b'2.0' + VERSION + b'2.7' + END,
    b'GET /v2/ HTTP/1.1' + VERSION + b'2' * 5000 + END, b'GET /v2/ HTTP/1.1' + VERSION + END,
    b'GET /v2/ HTTP/1.1\r\nAuthorization: Basic \xff' + END, b'GET /v2/ HTTP/1.1\r\nRange: bytes=0-0,-1' + END,
    POST + b'\r\nContent-Length: -1' + END, POST + b'\r\nContent-Length: x' + END,
    POST + b'\r\nContent-Length: 99' + END + b'{}', POST + b'\r\nContent-Length: 99999999999999999999' + END + b'{}',
    POST + b'\r\nContent-Length: 2\r\nContent-Length: 3' + END + b'{}',
    POST + CHUNKED + END + b'2\r\n{}\r\n0\r\n\r\n', POST + CHUNKED + END + b'zz\r\n{}\r\n0\r\n\r\n',
    POST + CHUNKED + END + b'ffffffffffffffffff\r\n{}', POST + CHUNKED + END + b'-2\r\n{}\r\n0\r\n\r\n',
    POST + CHUNKED + END + b'2\r\n{}', POST + CHUNKED + END + b'2;' + b'x' * 70000 + b'\r\n{}\r\n0\r\n\r\n',
    POST + CHUNKED + END + b'1\r\n{\r\n' * 90000,
    POST + CHUNKED + END + b'20000\r\n' + b' ' * 0x20000 + b'\r\n0\r\n\r\n',
    POST + CHUNKED + b'\r\nContent-Length: 2' + END + b'2\r\n{}\r\n0\r\n\r\n',
    POST + b'\r\nTransfer-Encoding: gzip, chunked' + END + b'2\r\n{}\r\n0\r\n\r\n',
    POST + b'\r\nTransfer-Encoding: nonsense' + END + b'{}',
    POST + b'\r\nExpect: 100-continue\r\nContent-Length: 2' + END + b'{}',
    POST + b'\r\nExpect: a-pony\r\nContent-Length: 2' + END + b'{}',
    POST + b'\r\nContent-Length: 200000' + END + b' ' * 200000,
    b'GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n' * 20, b'HEAD /v2/ HTTP/1.1' + END, b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
#: What a server rightly says of a protocol or of a coding that it does not know.
PROPER = {501, 505}
WAIT = 3.0      # seconds for an answer; what is not complete gets none
START = 60      # seconds for a server to come up

SERVE_INSIDE = """
import sys
from manila import conf
conf.parse([], files=[sys.argv[1]])
from manila.api import server
served = server.ApiServer()
served.start()
served.wait()
"""

COMMANDS = {'manila-api': [str(pathlib.Path(sys.prefix) / 'bin' / 'manila-api'), '--config-file'],
            'the server inside': ['-c', SERVE_INSIDE]}


def run():
    """Send all to both servers; returns how many were sent, and the findings."""
    found = []
    for name, command in COMMANDS.items():
        with tempfile.TemporaryDirectory(prefix='manila-fuzz-') as folder, _served(command, folder) as port:
            for line in LINES:
                problem = _problem(port, line)
                if problem:
                    found.append(f'{name}: {problem}\n  {line[:200]!r}')
            alive = _ask(port, b'GET /v2/ HTTP/1.1' + END)
            if not alive.startswith(b'HTTP/1.1 200'):
                found.append(f'{name} does not answer any more: {alive[:100]!r}')
    return 2 * len(LINES), found


@contextlib.contextmanager
def _served(command, folder):
    """The port of a server in a process of its own."""
    port = _free_port()
    process = subprocess.Popen([sys.executable, *command, str(_write_configuration(folder, port))],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _write_configuration(folder, port):
    url = f'sqlite:///{folder}/wire.sqlite'
    database.create_schema(url)
    groups = world.settings(folder)
    groups[None].update(osapi_share_listen='127.0.0.1', osapi_share_listen_port=port, osapi_share_workers=1,
                        state_path=folder, transport_url='fake:/')
    groups['database'] = {'connection': url}
    path = pathlib.Path(folder) / 'manila.conf'
    path.write_text(''.join(
        f'[{group or "DEFAULT"}]\n' + ''.join(f'{name} = {value}\n' for name, value in options.items())
        for group, options in groups.items()))
    return path


def _free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def _wait(port, process):
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        time.sleep(0.1)
    raise SystemExit(f'a server did not start: {process.args}')


def _problem(port, line):
    """What is wrong with the answer to a line, or None."""
    answer = _ask(port, line)
    status = answer[9:12]
    if answer and not answer.startswith(b'HTTP/1.'):
        return f'answers {answer[:100]!r}'
    if status.isdigit() and int(status) >= 500 and int(status) not in PROPER:
        return f'answers {answer[:200]!r}'
    if b'Traceback' in answer:
        return f'tells internals: {answer[:300]!r}'
    return None


def _ask(port, line):
    """All that comes back until the server closes or says no more."""
    answer = b''
    with socket.create_connection(('127.0.0.1', port), WAIT) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(line)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
    return answer
