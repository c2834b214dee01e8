"""Exceptions about share groups and their snapshots."""
from manila.exception.base import Invalid, ManilaException, NotFound
from manila.i18n import _


class ShareGroupNotFound(NotFound):
    message = _('Share group %(share_group_id)s could not be found.')


class ShareGroupSnapshotNotFound(NotFound):
    message = _('Share group snapshot %(share_group_snapshot_id)s could not be found.')


class ShareGroupSnapshotMemberNotFound(NotFound):
    message = _('Share group snapshot member %(member_id)s could not be found.')


class ShareGroupSnapshotNotSupported(ManilaException):
    message = _('Share group %(share_group)s does not support snapshots.')


class InvalidShareGroup(Invalid):
    message = _('Share group is not valid: %(reason)s')


class InvalidShareGroupSnapshot(Invalid):
    message = _('Share group snapshot is not valid: %(reason)s')
