"""Files by path: only those tests have told of exist here; cloning one costs no blocks, moving one takes its blocks."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, jobs
from manila.tests.simulators.ontap.model.base import new_uuid, operation


@dataclasses.dataclass(eq=False)
class FileMove:
    """One file on its way to another volume; moves of one request share the identifier and count by index."""

    uuid: str
    index: int
    source: object
    source_path: str
    destination: object
    destination_path: str
    size: int
    started: float
    seconds: float

    @property
    def node(self):
        return self.source.node

    def percent(self, now):
        return max(0, min(99, int(100 * (now - self.started) / self.seconds))) if self.seconds else 99


def normal(path):
    return (path or '').strip('/')


def put(volume, path, size):
    """A file of `size` bytes that was written to a volume."""
    volume.paths[normal(path)] = size


def _size(volume, path):
    if normal(path) not in volume.paths:
        raise errors.Refused('file.missing', 'File "%s" does not exist in volume "%s".' % (path, volume.name))
    return volume.paths[normal(path)]


def request_clone(volume, source, destination, overwrite=False):
    """Check and start the job that clones a file within its volume."""
    volume.cluster.require_licence('flexclone')
    _check_clone(volume, source, destination, overwrite)
    return jobs.start(volume.cluster, 'POST /api/storage/file/clone', 'file.clone', volume.svm, volume=volume,
                      source=source, destination=destination, overwrite=overwrite)


def _check_clone(volume, source, destination, overwrite):
    volume.require_online()
    if volume.type != 'rw':
        raise errors.Refused('volume.read_only', 'Volume "%s" cannot be written.' % volume.name)
    if volume.style == 'flexgroup':
        raise errors.Refused('file.flexgroup', 'Files of FlexGroup volume "%s" cannot be cloned.' % volume.name)
    _size(volume, source)
    if normal(destination) in volume.paths and not overwrite:
        raise errors.duplicate('file', destination)


@operation('file.clone')
def clone(volume, source, destination, overwrite):
    """The clone shares all blocks with its source."""
    _check_clone(volume, source, destination, overwrite)
    if normal(destination) not in volume.paths:
        volume.files_used += 1
    volume.paths[normal(destination)] = volume.paths[normal(source)]


def request_moves(pairs):
    """Check and start to move files: pairs of (volume, path) and (volume, path). Returns the job."""
    if not pairs:
        raise errors.required('files_to_move.sources')
    for (source, path), (destination, _) in pairs:
        size = _size(source, path)
        source.require_online(), destination.require_online()
        if source.svm is not destination.svm:
            raise errors.Refused('file.other_svm', 'Files can be moved within one SVM only.')
        if size > destination.available and source is not destination:
            raise errors.Refused('no_space', 'Volume "%s" has no room for file "%s".' % (destination.name, path))
    cluster, uuid = pairs[0][0][0].cluster, new_uuid()
    made = []
    for index, ((source, path), (destination, target)) in enumerate(pairs):
        target = normal(target) or normal(path)
        if target in destination.paths:
            raise errors.duplicate('file', target)
        size = source.paths[normal(path)]
        made.append(FileMove(uuid, index, source, normal(path), destination, target, size, cluster.now(),
                             size / cluster.settings['move_bytes_per_second']))
    cluster.file_moves += made
    for move in made:
        cluster.world.after(move.seconds, 'file.moved', move=move)
    return jobs.start(cluster, 'POST /api/storage/file/moves/%s' % uuid, 'file.move', pairs[0][0][0].svm, uuid=uuid)


@operation('file.move')
def begin(uuid):
    """The request is taken; the files follow in their own time."""
    return uuid


@operation('file.moved')
def moved(move):
    """The file is in the other volume with its blocks."""
    cluster = move.source.cluster
    if move not in cluster.file_moves:
        return
    cluster.file_moves.remove(move)
    size = move.source.paths.pop(move.source_path, None)
    if size is None:
        return
    move.destination.paths[move.destination_path] = size
    if move.destination is move.source:
        return
    taken = min(size, move.source.active)
    move.source.active -= taken
    move.source.shared = min(move.source.shared, move.source.active)
    move.source.inherited = min(move.source.inherited, move.source.active)
    move.destination.active += taken
    move.source.files_used -= 1
    move.destination.files_used += 1
