"""Aggregates (local tiers) and their space, which follows from the volumes on them."""

import dataclasses

from manila.tests.simulators.ontap.model.base import new_uuid

METADATA_DIVISOR = 40       # 2.5 % of what volumes take goes into the aggregate's own metadata


@dataclasses.dataclass(eq=False)
class Aggregate:
    """An aggregate of `size` bytes. `blocked` are bytes taken away by a fault, to make it full."""

    cluster: object
    name: str
    home: object
    size: int
    owner: object = None
    uuid: str = dataclasses.field(default_factory=new_uuid)
    raid_type: str = 'raid_dp'
    disk_type: str = 'ssd'
    disk_count: int = 6
    is_hybrid: bool = False
    is_root: bool = False
    snaplock_type: str = 'non_snaplock'
    encrypted: bool = False
    state: str = 'online'
    create_time: float = 0.0
    blocked: int = 0

    def __post_init__(self):
        self.owner = self.owner or self.home

    @property
    def volumes(self):
        """Every volume with blocks here, those in the recovery queue too."""
        return [v for v in self.cluster.volumes if self in v.aggregates]

    @property
    def used(self):
        taken = sum(v.footprint_on(self) for v in self.volumes)
        return min(self.size, taken + taken // METADATA_DIVISOR + self.blocked)

    @property
    def available(self):
        return self.size - self.used

    @property
    def used_percent(self):
        return round(100 * self.used / self.size) if self.size else 0

    @property
    def storage_type(self):
        if self.is_hybrid:
            return 'hybrid'
        return {'ssd': 'ssd', 'ssd_nvm': 'ssd', 'vmdisk': 'vmdisk', 'lun': 'lun'}.get(self.disk_type, 'hdd')


@dataclasses.dataclass(eq=False)
class Disk:
    """A disk of an aggregate."""

    name: str
    aggregate: object
    node: object
    effective_type: str
    usable_size: int = 960 * 1000 ** 3
    uid: str = dataclasses.field(default_factory=new_uuid)


def disks_of(aggregate, number):
    """The disks an aggregate is made of; a hybrid one has SSDs besides."""
    kinds = [aggregate.disk_type] * aggregate.disk_count + (['ssd'] * 2 if aggregate.is_hybrid else [])
    return [Disk('1.%d.%d' % (number, bay), aggregate, aggregate.home, kind) for bay, kind in enumerate(kinds)]


def room_for(aggregate, size):
    """Whether `size` more bytes of volumes fit."""
    return aggregate.state == 'online' and size + size // METADATA_DIVISOR <= aggregate.available
