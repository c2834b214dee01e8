"""LUNs: block devices kept as files of a volume. Nobody can log in to them; they take space and clients see them."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, space
from manila.tests.simulators.ontap.model.base import find, new_uuid


@dataclasses.dataclass(eq=False)
class Lun:
    """A LUN of `size` bytes, all of them reserved in its volume. `name` is its path within the volume."""

    volume: object
    name: str
    size: int
    create_time: float = 0.0
    uuid: str = dataclasses.field(default_factory=new_uuid)

    @property
    def svm(self):
        return self.volume.svm

    @property
    def path(self):
        return '/vol/%s/%s' % (self.volume.name, self.name)

    @property
    def unit(self):
        """The last part of its path."""
        return self.name.rpartition('/')[2]

    @property
    def qtree(self):
        """The name of the qtree it is in, empty for none."""
        return self.name.rpartition('/')[0]


def create(volume, path, size):
    """Make a LUN; `path` is within the volume, or whole as in /vol/<volume>/<name>."""
    name = path.removeprefix('/vol/%s/' % volume.name).strip('/')
    if not name or size <= 0:
        raise errors.invalid('size' if name else 'path', size if name else path)
    if find(volume.luns, name=name) is not None:
        raise errors.duplicate('LUN', '/vol/%s/%s' % (volume.name, name))
    space.write(volume, size, files=1)
    lun = Lun(volume, name, size, volume.cluster.now())
    volume.luns.append(lun)
    return lun


def copies(luns, volume):
    """LUNs as they are in a copy of their volume: of the same content, with identities of their own."""
    return [dataclasses.replace(lun, volume=volume, uuid=new_uuid()) for lun in luns]
