"""What goes into and comes out of the operations on quotas."""
from manila.api import types
from manila.api.fields import Field, Fields

#: Resource -> first microversion that has it.
SINCE = {
    'shares': None, 'gigabytes': None, 'snapshots': None, 'snapshot_gigabytes': None, 'share_networks': None,
    'share_groups': '2.40', 'share_group_snapshots': '2.40', 'share_replicas': '2.53',
    'replica_gigabytes': '2.53', 'per_share_gigabytes': '2.62', 'backups': '2.80', 'backup_gigabytes': '2.80',
    'encryption_keys': '2.90',
}
_LIMIT_DOC = 'Limit; -1 for none.'


class Limit(types.Integer):
    """A limit to set; what is empty but not zero sets none and becomes None."""

    def __init__(self):
        super().__init__(-1)

    def parse(self, value, where):
        if not value and (value is False or value != 0):
            return None
        return super().parse(value, where)


class Absent(types.Type):
    """What a microversion does not have yet: it may be empty at most."""

    def parse(self, value, where):
        if value:
            types.refuse(where, 'is not known in this version of the API')

    def json_schema(self, version=None, output=False):
        return {'enum': [False, 0, '']}


def _before(version):
    """The microversion before the given one."""
    major, minor = version.split('.')
    return f'{major}.{int(minor) - 1}'


def _limits(type, absent=True):
    for name, since in SINCE.items():
        yield Field(name, type, since=since, nullable=True, doc=_LIMIT_DOC)
        if since and absent:
            yield Field(name, Absent(), until=_before(since), nullable=True)


WHOSE = Fields(
    None,
    Field('user_id', types.TEXT(255, 1), doc='The user in the project.'),
    Field('share_type', types.TEXT(255, 1), since='2.39', doc='Name or id of the share type in the project.'),
    Field('share_type', types.UNKNOWN, until='2.38'))

CHANGE = Fields(
    'quota_set', *_limits(Limit()),
    Field('force', types.BOOLEAN, default=False, nullable=True,
          doc='Set limits also below what is in use, or above those of the project.'),
    *(Field(name, types.ANY, doc='Ignored.') for name in ('tenant_id', 'id', 'share_type')),
    strict=True)

CHANGE_CLASS = Fields(
    'quota_class_set',
    *(Field(name, types.INTEGER(-1), since=None if name.startswith('share_group') else since, doc=_LIMIT_DOC)
      for name, since in SINCE.items()))

USAGE = Fields(
    None,
    Field('limit', types.INTEGER, doc=_LIMIT_DOC),
    Field('in_use', types.INTEGER, doc='How much of it is in use.'),
    Field('reserved', types.INTEGER, doc='Always 0: usage changes with what it counts.'))


def _set(name, type, what):
    return Fields(name, Field('id', optional=True, doc=what),
                  *(Field(resource, type, since=since, optional=True) for resource, since in SINCE.items()))


QUOTA_SET = _set('quota_set', types.INTEGER, 'Id of the project.')
DETAIL = _set('quota_set', types.OBJECT(USAGE), 'Id of the project.')
CLASS_SET = _set('quota_class_set', types.INTEGER, 'Name of the class.')
