"""The exports of one back end: which directory is shown to whom, kept in one small file each.

The file's first line is the record, a comment to Ganesha; the rest is the configuration made from it. So
there is one truth, replaced in one step, and the servers can be started from the files alone.
"""
import contextlib
import dataclasses
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import threading

from manila.share.drivers.local import ganesha
from manila.share.drivers.local.layout import read_json, write_file, write_json

LOG = logging.getLogger(__name__)

LAST_ID = 65535
_IDS_AHEAD = 64         # numbers promised to this process per write of the counter
_SUFFIX = '.conf'
_NAME = re.compile('[A-Za-z0-9_-]+')


@dataclasses.dataclass(frozen=True)
class Export:
    """One exported directory.

    ``number`` is part of every NFS file handle, so it stays with the entity for life. ``entity`` is the id
    of a share instance or snapshot instance, ``source`` its path in the pool, ``path`` the name that
    clients mount, ``clients`` pairs of network and level. An inactive export keeps its number and path but
    is not served.
    """

    number: int
    entity: str
    source: str
    path: str
    read_only: bool = False
    clients: tuple = ()
    active: bool = True

    @property
    def bind(self):
        """Name of the mount through which Ganesha sees the directory."""
        return str(self.number)


def to_text(export, mounts):
    """The file of an export: its record and what Ganesha reads."""
    record = json.dumps(dataclasses.asdict(export), sort_keys=True)
    return f'# {record}\n{ganesha.render_export(export, os.path.join(mounts, export.bind))}'


def from_text(text):
    """The export that a file describes.

    :raises ValueError: for a file that is not whole
    """
    header = text.partition('\n')[0]
    try:
        record = json.loads(header[1:]) if header.startswith('#') else {}
        record['clients'] = tuple(tuple(client) for client in record.get('clients', ()))
        return Export(**record)
    except (TypeError, ValueError) as problem:
        raise ValueError(f'not an export record: {problem}') from None


def load(directory):
    """All exports in a directory by number; unreadable files are passed over with a warning."""
    found = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith(_SUFFIX) or name.startswith('.'):
            continue
        path = os.path.join(directory, name)
        try:
            with open(path) as file:
                export = from_text(file.read())
        except (OSError, ValueError) as problem:
            LOG.warning('Export file %s is left out: %s', path, problem)
            continue
        found[export.number] = export
    return found


class ExportStore:
    """The exports of a back end, in memory and on disk; safe for several threads."""

    def __init__(self, layout):
        self._layout = layout
        self._lock = threading.Lock()
        self._exports = {}
        self._counter = os.path.join(layout.exports, 'next.json')
        self._next = self._promised = 0

    def open(self):
        """Read the files; rewrite those whose configuration would be written differently today."""
        with self._lock:
            self._exports = {export.entity: export for export in load(self._layout.exports).values()}
            self._secret = self._read_secret()
            self._next = self._promised = read_json(self._counter, {}).get('next', 1)
            for name in os.listdir(self._layout.exports):
                if name.startswith('.'):
                    os.unlink(os.path.join(self._layout.exports, name))
        for export in self.all():
            with open(self.file(export)) as file:
                changed = file.read() != to_text(export, self._layout.mounts)
            if changed:
                self._write(export)

    def _read_secret(self):
        try:
            with open(self._layout.secret) as file:
                return bytes.fromhex(file.read())
        except FileNotFoundError:
            write_file(self._layout.secret, secrets.token_hex(32))
            return self._read_secret()

    def path_for(self, entity, name=None):
        """The path under which an entity is mounted: a chosen name, or one that nobody can guess.

        Any host may list all export paths, so they must tell nothing; a keyed digest stays the same for ever.

        :raises ValueError: when the chosen name holds other characters than letters, digits, - and _
        """
        if name and not _NAME.fullmatch(name):
            raise ValueError(f'{name} cannot be part of an export path')
        token = hmac.new(self._secret, entity.encode(), hashlib.sha256).hexdigest()[:32]
        return f'/shares/{name or token}'

    def get(self, entity):
        """The export of an entity, or None."""
        return self._exports.get(entity)

    def all(self):
        """All exports by number."""
        every = list(self._exports.values())     # one step; other threads may change the dict
        every.sort(key=lambda export: export.number)
        return every

    def file(self, export):
        """The file of an export."""
        return os.path.join(self._layout.exports, f'{export.number}{_SUFFIX}')

    def create(self, entity, source, path, **values):
        """Register an export under a new number.

        :raises ValueError: when another entity has the path already
        """
        with self._lock:
            if any(export.path == path for export in self._exports.values()):
                raise ValueError(f'the export path {path} is in use')
            export = Export(number=self._allocate(), entity=entity, source=source, path=path, **values)
            self._exports[entity] = export      # holds number and path while the file is written
        try:
            self._write(export)
        except OSError:
            self._exports.pop(entity)
            raise
        return export

    def replace(self, export, **values):
        """Change an export; returns what it is now. No change, no write."""
        changed = dataclasses.replace(export, **values)
        if changed != export:
            self._write(changed)
            with self._lock:
                self._exports.pop(export.entity, None)
                self._exports[changed.entity] = changed
        return changed

    def retire(self, export):
        """Let a server started from now on not know the export; it is still known here."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.file(export))

    def remove(self, export):
        """Forget an export; its number is used again only after all others."""
        self.retire(export)
        self._exports.pop(export.entity, None)

    def _write(self, export):
        write_file(self.file(export), to_text(export, self._layout.mounts))

    def _allocate(self):
        taken = {export.number for export in self._exports.values()}
        if len(taken) >= LAST_ID:
            raise ValueError(f'all {LAST_ID} export numbers are in use')
        number = self._next
        while number in taken or number > LAST_ID:
            number = 1 if number >= LAST_ID else number + 1
        self._next = number + 1
        if not self._promised - _IDS_AHEAD <= number < self._promised:
            # After a crash the numbers up to the promised one are passed over rather than given twice.
            self._promised = number + _IDS_AHEAD
            write_json(self._counter, {'next': self._promised})
        return number
