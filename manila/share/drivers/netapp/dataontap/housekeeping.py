"""Removing what could not be deleted when it should have been, and was put aside under another name."""
from oslo_log import log

from manila.share.drivers.netapp.dataontap import naming
from manila.share.drivers.netapp.dataontap.client import errors, values

LOG = log.getLogger(__name__)

_PATTERN = naming.DELETED + '*'


def run(client, tidy):
    """Delete what can be deleted by now; what cannot waits for the next time.

    :param client: :class:`client.face.Client` of an SVM
    :param tidy: function that removes more of it
    """
    tasks = [lambda: [(client.exports.delete, policy) for policy in client.exports.list(_PATTERN)],
             lambda: [(_delete_snapshot, client, each) for each in client.snapshots.list(_PATTERN) if not each.busy],
             lambda: [(_delete_volume, client, each) for each in client.volumes.list(_PATTERN)]]
    if client.has_cluster_rights:
        tasks.append(lambda: [(client.qos.delete, policy) for policy in client.qos.list(_PATTERN)])
    _tried(tidy, client)
    for find in tasks:
        for work, *arguments in _tried(find) or ():
            _tried(work, *arguments)


def _tried(work, *arguments):
    try:
        return work(*arguments)
    except (errors.OntapError, errors.Unreachable) as error:
        LOG.info('Housekeeping on the array is to go on later: %s', error)
        return None


def _delete_snapshot(client, found):
    volume = client.volumes.find(found.volume)
    if volume is not None:
        client.snapshots.delete(volume, found)


def _delete_volume(client, volume):
    """A volume that had clones: separate them first, for which it has to be online, then delete it."""
    children = client.volumes.clones_of(volume)
    if children:
        if not volume.online:
            client.volumes.modify(volume, values.VolumeChange(state='online'))
        for child in children:
            client.volumes.start_split(child)
        return
    if volume.state != 'offline':
        client.volumes.modify(volume, values.VolumeChange(state='offline'))
    client.volumes.delete(volume)
