"""A request and its answer, between the generators and the WSGI application, without a library that tidies them up."""
import base64
import dataclasses
import io
import json
from urllib import parse

BASE = '/v2'
PASSWORD = 'fuzz-password'
VERSION_HEADER = 'X-OpenStack-Manila-API-Version'


@dataclasses.dataclass
class Request:
    """What is sent.

    :ivar who: user whose password is sent along; None for nobody
    :ivar path: percent-encoded, with ``/v2``
    :ivar query: raw query string
    :ivar headers: name -> value; Content-Type and Content-Length too, if there are to be any
    :ivar body: bytes, or None
    """

    who: str
    method: str
    path: str
    query: str = ''
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = None

    @property
    def version(self):
        """The microversion header, or None."""
        return self.headers.get(VERSION_HEADER)

    @property
    def path_info(self):
        """The path as a WSGI server decodes it: bytes in the guise of latin-1."""
        return parse.unquote_to_bytes(self.path).decode('latin-1')

    def environ(self):
        """The WSGI environment."""
        environ = {'REQUEST_METHOD': self.method, 'SCRIPT_NAME': '', 'PATH_INFO': self.path_info,
                   'QUERY_STRING': self.query, 'SERVER_NAME': '127.0.0.1', 'SERVER_PORT': '8786',
                   'HTTP_HOST': '127.0.0.1:8786', 'SERVER_PROTOCOL': 'HTTP/1.1', 'REMOTE_ADDR': '127.0.0.1',
                   'wsgi.version': (1, 0), 'wsgi.url_scheme': 'http', 'wsgi.input': io.BytesIO(self.body or b''),
                   'wsgi.errors': io.StringIO(), 'wsgi.multithread': True, 'wsgi.multiprocess': False,
                   'wsgi.run_once': False}
        if self.who:
            word = base64.b64encode(f'{self.who}:{PASSWORD}'.encode()).decode()
            environ['HTTP_AUTHORIZATION'] = f'Basic {word}'
        if self.body is not None:
            environ['CONTENT_LENGTH'] = str(len(self.body))
        for name, value in self.headers.items():
            key = name.upper().replace('-', '_')
            environ[key if key in ('CONTENT_TYPE', 'CONTENT_LENGTH') else f'HTTP_{key}'] = value
        return environ

    def __str__(self):
        query = f'?{self.query[:300]}' if self.query else ''
        body = '' if self.body is None else f' {self.body[:600]!r}'
        return f'{self.who}: {self.method} {self.path[:300]}{query} {self.headers}{body}'


@dataclasses.dataclass
class Answer:
    """What came back; ``headers`` have names in lower case."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        """The content.

        :raises ValueError: when it is not strict JSON
        """
        def refuse(name):
            raise ValueError(f'{name} is not JSON')
        return json.loads(self.body.decode('utf-8'), parse_constant=refuse)


def send(application, request):
    """Have a WSGI application answer a request."""
    got = {}

    def start(status, headers, exc_info=None):
        for name, value in headers:
            # What servers refuse to send, or what would end a header early.
            (name + value).encode('latin-1')
            if '\r' in value or '\n' in value:
                raise ValueError(f'header {name} has a line break')
        got.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})
        return lambda data: None

    parts = application(request.environ(), start)
    try:
        body = b''.join(parts)
    finally:
        if hasattr(parts, 'close'):
            parts.close()
    return Answer(body=body, **got)
