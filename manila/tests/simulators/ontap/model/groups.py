"""Snapshots of several volumes at one moment: consistency groups and the older start/commit pair."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, snapshots
from manila.tests.simulators.ontap.model.base import find, new_uuid, operation

FENCE_SECONDS = {'urgent': 5, 'medium': 7, 'relaxed': 20}


@dataclasses.dataclass(eq=False)
class Fence:
    """Volumes whose writes are held until a commit or until the time is up."""

    svm: object
    number: int
    name: str
    volumes: list
    until: float
    label: str = ''
    lifted: bool = False


@dataclasses.dataclass(eq=False)
class ConsistencyGroup:
    svm: object
    name: str
    volumes: list
    snapshots: list = dataclasses.field(default_factory=list)
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class GroupSnapshot:
    group: ConsistencyGroup
    name: str
    create_time: float
    fence: Fence = None
    comment: str = ''
    uuid: str = dataclasses.field(default_factory=new_uuid)

    @property
    def members(self):
        return [s for v in self.group.volumes for s in v.snapshots if s.name == self.name]


def start(svm, name, volumes, seconds, label=''):
    """Fence the volumes."""
    for volume in volumes:
        snapshots.check_create(volume, name)
        if any(volume in f.volumes for f in svm.fences):
            raise errors.Refused('cg.fenced', 'Volume "%s" is part of another consistency operation.' % volume.name)
    fence = Fence(svm, svm.cluster.number(), name, list(volumes), svm.cluster.now() + seconds, label)
    svm.fences.append(fence)
    svm.cluster.world.after(seconds, 'cg.lift', fence=fence)
    return fence


@operation('cg.lift')
def lift(fence):
    if fence in fence.svm.fences:
        fence.svm.fences.remove(fence)
    fence.lifted = True


def commit(svm, fence):
    """Take the snapshots, all or none; too late when the fence is gone."""
    if fence is None or fence.lifted or fence.until < svm.cluster.now():
        raise errors.Refused('cg.late', 'The consistency group operation does not exist or has timed out.')
    for volume in fence.volumes:
        snapshots.check_create(volume, fence.name)
    made = [snapshots.create(volume, fence.name, fence.label) for volume in fence.volumes]
    lift(fence)
    return made


def find_fence(svm, number):
    return find(svm.fences, number=number)


def create_group(svm, name, volumes):
    cluster = svm.cluster
    if any(g.svm is svm and g.name == name for g in cluster.consistency_groups):
        raise errors.duplicate('consistency group', name)
    for volume in volumes:
        if any(volume in g.volumes for g in cluster.consistency_groups):
            raise errors.Refused('cg.member', 'Volume "%s" is in a consistency group already.' % volume.name)
    group = ConsistencyGroup(svm, name, list(volumes))
    cluster.consistency_groups.append(group)
    return group
