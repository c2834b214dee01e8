"""Qtrees and quota rules."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, exports
from manila.tests.simulators.ontap.model.base import find, get, new_uuid


@dataclasses.dataclass(eq=False)
class Qtree:
    """A directory of a volume with its own security style and, if wanted, its own export policy."""

    svm: object
    volume: object
    name: str
    id: int
    security_style: str = 'unix'
    unix_permissions: int = 755
    export_policy: object = None
    attributes: dict = dataclasses.field(default_factory=dict)

    @property
    def path(self):
        if self.volume.junction is None:
            return None
        return (self.volume.junction.rstrip('/') + '/' + self.name).rstrip('/') or '/'


@dataclasses.dataclass(eq=False)
class QuotaRule:
    svm: object
    volume: object
    type: str
    qtree: str = ''
    users: list = dataclasses.field(default_factory=list)
    group: str = ''
    limits: dict = dataclasses.field(default_factory=dict)
    uuid: str = dataclasses.field(default_factory=new_uuid)


def create(svm, volume, name, **more):
    volume.require_online()
    if not name or '/' in name:
        raise errors.invalid('name', name)
    mine = [q for q in svm.qtrees if q.volume is volume]
    if find(mine, name=name):
        raise errors.duplicate('qtree', name)
    policy = more.pop('export_policy', None)
    qtree = Qtree(svm, volume, name, max([q.id for q in mine], default=0) + 1, **more)
    qtree.security_style = more.get('security_style', volume.security_style)
    if policy:
        qtree.export_policy = get(svm.export_policies, 'export policy', name=policy)
    svm.qtrees.append(qtree)
    return qtree


def modify(qtree, name=None, export_policy=None, **more):
    if name is not None and name != qtree.name:
        if any(q.volume is qtree.volume and q.name == name for q in qtree.svm.qtrees):
            raise errors.duplicate('qtree', name)
        qtree.name = name
    if export_policy is not None:
        if qtree.export_policy is not None:
            exports.released(qtree.export_policy)
        qtree.export_policy = get(qtree.svm.export_policies, 'export policy', name=export_policy)
    for key, value in more.items():
        if value is not None:
            setattr(qtree, key, value)


def delete(qtree):
    qtree.svm.qtrees.remove(qtree)


def add_quota(svm, volume, kind, **more):
    if kind not in ('tree', 'user', 'group'):
        raise errors.invalid('type', kind)
    rule = QuotaRule(svm, volume, kind, **more)
    same = [r for r in svm.quota_rules
            if (r.volume, r.type, r.qtree, r.users, r.group) == (volume, kind, rule.qtree, rule.users, rule.group)]
    if same:
        raise errors.duplicate('quota rule', rule.qtree or rule.group or ','.join(rule.users))
    svm.quota_rules.append(rule)
    return rule
