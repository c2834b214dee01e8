"""/storage/file: clones of files and moves of files between volumes."""

from manila.tests.simulators.ontap.model import errors, files
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource


def volume_of(call, name, uuid, svm=None):
    """The volume that is named; without an SVM the name must be clear by itself."""
    found = [v for v in call.cluster.volumes if not v.in_recovery_queue and call.svm in (None, v.svm)
             and (not uuid or v.uuid == uuid) and (not name or v.name == name) and svm in (None, v.svm.name)]
    if not (name or uuid) or len(found) != 1:
        raise errors.missing('volume', name or uuid or '')
    return found[0]


@resource
class FileClones(Resource):
    path = '/storage/file/clone'
    keys = ()

    def all(self, call):
        raise errors.Refused('unsupported', 'Only POST is supported.')

    def create(self, call, body):
        volume = volume_of(call, body.get('volume.name'), body.get('volume.uuid'))
        for name in ('autodelete', 'bypass_throttle', 'is_backup', 'nosplit_entry', 'range', 'token_uuid'):
            body.get(name)
        job = files.request_clone(volume, body.need('source_path'), body.need('destination_path'),
                                  bool(body.get('overwrite_destination')))
        return Made(job, None)


@resource
class FileMoves(Resource):
    """Moves that are under way."""

    path = '/storage/file/moves'
    keys = ('node.uuid', 'uuid', 'index')
    identity = ('node', 'uuid', 'index')

    def all(self, call):
        return call.cluster.file_moves

    def svm_of(self, move):
        return move.source.svm

    def key(self, move):
        return (move.node.uuid, move.uuid, str(move.index))

    def render(self, call, m):
        done = m.percent(call.now)
        return {
            'uuid': m.uuid, 'index': m.index, 'node': call.ref('/cluster/nodes', m.node),
            'svm': call.svm_ref(m.source.svm), 'volume': call.ref('/storage/volumes', m.source),
            'source': self._end(m.source, m.source_path), 'destination': self._end(m.destination, m.destination_path),
            'elapsed_time': int(call.now - m.started), 'is_destination_ready': False,
            'scanner': {'state': 'data', 'percent': done, 'progress': m.size * done // 100, 'total': m.size}}

    def _end(self, volume, path):
        return {'path': path, 'svm': {'name': volume.svm.name, 'uuid': volume.svm.uuid},
                'volume': {'name': volume.name, 'uuid': volume.uuid}}

    def create(self, call, body):
        """As many destinations as sources, or one directory for all."""
        sources = body.need('files_to_move.sources')
        targets = body.need('files_to_move.destinations')
        for name in ('max_throughput', 'max_cutover_time'):
            body.get(name)
        for name in [n for n in body.values if n.startswith('reference.')]:
            body.get(name)
        if len(targets) == 1 and (len(sources) > 1 or str(targets[0].get('path', '')).endswith('/')):
            directory = str(targets[0].get('path') or '').rstrip('/')
            targets = [dict(targets[0], path='%s/%s' % (directory, str(s.get('path')).rsplit('/', 1)[-1]))
                       for s in sources]
        if len(targets) != len(sources):
            raise errors.invalid('files_to_move.destinations', len(targets))
        pairs = [(self._file(call, s), self._file(call, t)) for s, t in zip(sources, targets, strict=True)]
        job = files.request_moves(pairs)
        first = find(call.cluster.file_moves, uuid=job.arguments['uuid'])
        return Made(job, self.location(first))

    def _file(self, call, item):
        volume = volume_of(call, item.get('volume.name'), item.get('volume.uuid'), item.get('svm.name'))
        return volume, item.get('path') or ''
