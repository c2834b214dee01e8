#!/usr/bin/env python3
"""A small NFS client in user space: writes, reads and lists over NFS without a mount, through libnfs.

    python tools/nfs_probe.py write URL PATH [DATA]   # DATA or standard input becomes the file
    python tools/nfs_probe.py read URL PATH           # the file goes to standard output
    python tools/nfs_probe.py ls URL [PATH]
    python tools/nfs_probe.py session URL             # JSON requests by line, handles stay open

URL is nfs://HOST[:PORT]/EXPORT[?version=3|4&nfsport=N&mountport=N]. The client's own address is the one the
system uses towards HOST: where HOST is an address of this machine, the server sees just that address. One
process is one client: libnfs cannot keep several NFSv4 clients apart inside a process. Exit status 1 means
that NFS refused.
"""
import argparse
import base64
import contextlib
import ctypes
import errno
import json
import os
import re
import sys
import urllib.parse

_LIBRARIES = ('libnfs.so.13', 'libnfs.so.14')
_V4_WRITE = 3840            # libnfs 4.0 cannot encode more in one NFSv4 write
_V3_WRITE = 256 * 1024
# Numbers that differ between NFS and Linux.
_NFS_NUMBERS = {63: errno.ENAMETOOLONG, 66: errno.ENOTEMPTY, 69: errno.EDQUOT, 70: errno.ESTALE}
_BARE_STATUS = re.compile(rb'failed with "(.)"', re.DOTALL)
_POINTER, _INT, _TEXT, _U64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint64


class _Entry(ctypes.Structure):
    """The head of libnfs' directory entry; later fields are not needed."""


_Entry._fields_ = [('next', ctypes.POINTER(_Entry)), ('name', _TEXT)]


def load_library():
    """The libnfs of this machine.

    :raises OSError: when no known version of it is installed
    """
    for name in _LIBRARIES:
        with contextlib.suppress(OSError):
            return _declare(ctypes.CDLL(name))
    raise OSError(f'none of {", ".join(_LIBRARIES)} found: install the package libnfs13 or libnfs14')


def _declare(library):
    signatures = {
        'nfs_init_context': (_POINTER,), 'nfs_destroy_context': (None, _POINTER),
        'nfs_get_error': (_TEXT, _POINTER), 'nfs_set_timeout': (None, _POINTER, _INT),
        'nfs_parse_url_dir': (_POINTER, _POINTER, _TEXT), 'nfs_destroy_url': (None, _POINTER),
        'nfs_mount': (_INT, _POINTER, _TEXT, _TEXT),
        'nfs_open': (_INT, _POINTER, _TEXT, _INT, ctypes.POINTER(_POINTER)),
        'nfs_create': (_INT, _POINTER, _TEXT, _INT, _INT, ctypes.POINTER(_POINTER)),
        'nfs_pwrite': (_INT, _POINTER, _POINTER, _U64, _U64, _TEXT),
        'nfs_pread': (_INT, _POINTER, _POINTER, _U64, _U64, _POINTER),
        'nfs_ftruncate': (_INT, _POINTER, _POINTER, _U64), 'nfs_fsync': (_INT, _POINTER, _POINTER),
        'nfs_close': (_INT, _POINTER, _POINTER),
        'nfs_unlink': (_INT, _POINTER, _TEXT), 'nfs_mkdir': (_INT, _POINTER, _TEXT),
        'nfs_opendir': (_INT, _POINTER, _TEXT, ctypes.POINTER(_POINTER)),
        'nfs_readdir': (ctypes.POINTER(_Entry), _POINTER, _POINTER),
        'nfs_closedir': (None, _POINTER, _POINTER),
    }
    for name, (result, *arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class Target:
    """What a URL names: host, export path and protocol version; without ports the port mapper is asked."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != 'nfs' or not parts.hostname or not parts.path:
            raise ValueError(f'not an NFS URL: {url}')
        options = dict(urllib.parse.parse_qsl(parts.query))
        self.host, self.export = parts.hostname, urllib.parse.unquote(parts.path)
        self.version = int(options.get('version', 3))
        if parts.port:
            options.setdefault('nfsport', str(parts.port))
        # libnfs takes ports and version only from a URL, but its parser knows no IPv6 address: the host
        # stands apart.
        self.settings = 'nfs://localhost/?' + urllib.parse.urlencode({**options, 'version': self.version})


class Client:
    """One mounted export, usable in a ``with`` block; a refusal is ``OSError`` with the server's number."""

    def __init__(self, url, timeout=20):
        self._library = load_library()
        self._target = target = Target(url)
        self._nfs = self._library.nfs_init_context()
        self._library.nfs_set_timeout(self._nfs, timeout * 1000)
        self._library.nfs_destroy_url(self._library.nfs_parse_url_dir(self._nfs, target.settings.encode()))
        try:
            self._check(self._library.nfs_mount(self._nfs, target.host.encode(), target.export.encode()),
                        'mount')
        except OSError:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Forget the mount."""
        if self._nfs:
            self._library.nfs_destroy_context(self._nfs)
            self._nfs = None

    def open(self, path, create=False):
        """A :class:`File`; an existing one for reading and writing (or reading, where writing is refused)."""
        handle = _POINTER()
        if create:
            result = self._library.nfs_create(self._nfs, path.encode(), os.O_RDWR, 0o644,
                                              ctypes.byref(handle))
            if result != -errno.EEXIST:     # NFSv4 creates exclusively
                self._check(result, path)
                return File(self, handle).truncated()
        result = self._library.nfs_open(self._nfs, path.encode(), os.O_RDWR, ctypes.byref(handle))
        if result < 0:
            result = self._library.nfs_open(self._nfs, path.encode(), os.O_RDONLY, ctypes.byref(handle))
        self._check(result, path)
        return File(self, handle).truncated() if create else File(self, handle)

    def write(self, path, data):
        """Create or replace a file; the data is on the server's disk when this returns."""
        with self.open(path, create=True) as file:
            file.write(data)

    def read(self, path):
        """The whole content of a file."""
        with self.open(path) as file:
            return file.read()

    def list(self, path='/'):
        """Names in a directory, sorted."""
        directory, names = _POINTER(), []
        self._check(self._library.nfs_opendir(self._nfs, path.encode(), ctypes.byref(directory)), path)
        while entry := self._library.nfs_readdir(self._nfs, directory):
            names.append(entry.contents.name.decode(errors='surrogateescape'))
        self._library.nfs_closedir(self._nfs, directory)
        return sorted(set(names) - {'.', '..'})

    def unlink(self, path):
        """Remove a file."""
        self._check(self._library.nfs_unlink(self._nfs, path.encode()), path)

    def mkdir(self, path):
        """Make a directory."""
        self._check(self._library.nfs_mkdir(self._nfs, path.encode()), path)

    @property
    def largest_write(self):
        """Bytes that fit in one request."""
        return _V4_WRITE if self._target.version == 4 else _V3_WRITE

    def _check(self, result, what):
        if result >= 0:
            return result
        text, number = self._library.nfs_get_error(self._nfs) or b'', -result
        if number == errno.EFAULT and (status := _BARE_STATUS.search(text)):
            # libnfs 4.0 hands the status of a refused NFSv3 write on as if it were text.
            number = _NFS_NUMBERS.get(status[1][0], status[1][0])
        raise OSError(number, f'{what}: {os.strerror(number)} ({text.decode(errors="replace")})')


class File:
    """An open file handle."""

    def __init__(self, client, handle):
        self._client, self._handle = client, handle
        self._nfs, self._library = client._nfs, client._library

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client._check(self._library.nfs_close(self._nfs, self._handle), 'close')

    def truncated(self):
        """This file, emptied."""
        self._client._check(self._library.nfs_ftruncate(self._nfs, self._handle, 0), 'truncate')
        return self

    def write(self, data, offset=0):
        """Write bytes at an offset and commit them."""
        step = self._client.largest_write
        for start in range(0, len(data), step):
            piece = data[start:start + step]
            written = self._client._check(self._library.nfs_pwrite(
                self._nfs, self._handle, offset + start, len(piece), piece), 'write')
            if written != len(piece):
                raise OSError(f'write: {written} of {len(piece)} bytes')
        self._client._check(self._library.nfs_fsync(self._nfs, self._handle), 'commit')

    def read(self, step=256 * 1024):
        """The content from the start to the end."""
        buffer, content = ctypes.create_string_buffer(step), bytearray()
        while count := self._client._check(self._library.nfs_pread(
                self._nfs, self._handle, len(content), step, buffer), 'read'):
            content += buffer.raw[:count]
        return bytes(content)


class Session:
    """Requests and answers by line on standard input and output; open handles survive in between."""

    def __init__(self, url):
        self._client, self._files = Client(url), {}

    def answer(self, line):
        """One JSON request ``[operation, path, data]`` (data in base64) to one JSON answer."""
        operation, path, data = (json.loads(line) + ['', ''])[:3]
        try:
            return {'ok': self._do(operation, path, base64.b64decode(data))}
        except OSError as failure:
            return {'errno': failure.errno, 'error': str(failure)}

    def _do(self, operation, path, data):
        if operation == 'open':
            self._files[path] = self._client.open(path)
        elif operation == 'create':
            self._files[path] = self._client.open(path, create=True)
        elif operation == 'write':
            self._files[path].write(data)
        elif operation == 'read':
            return base64.b64encode(self._files[path].read()).decode()
        elif operation == 'ls':
            return self._client.list(path or '/')
        else:
            getattr(self._client, {'unlink': 'unlink', 'mkdir': 'mkdir'}[operation])(path)
        return True


def _session(url):
    session = Session(url)
    print(json.dumps({'ok': True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(session.answer(line)), flush=True)


def main(arguments=None):
    """Entry point; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('operation', choices=('write', 'read', 'ls', 'session'))
    parser.add_argument('url')
    parser.add_argument('path', nargs='?', default='/')
    parser.add_argument('data', nargs='?')
    given = parser.parse_args(arguments)
    try:
        if given.operation == 'session':
            _session(given.url)
            return 0
        with Client(given.url) as client:
            if given.operation == 'write':
                data = sys.stdin.buffer.read() if given.data is None else given.data.encode()
                client.write(given.path, data)
            elif given.operation == 'read':
                sys.stdout.buffer.write(client.read(given.path))
            else:
                print('\n'.join(client.list(given.path)))
    except (OSError, ValueError) as failure:
        print(f'nfs_probe: {failure}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
