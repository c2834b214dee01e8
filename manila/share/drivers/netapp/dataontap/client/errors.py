"""What ONTAP answers when it does not do what it is asked, as exceptions: one table for REST and one for ZAPI.

Callers catch the classes and never look at codes. Codes: error tables of the vendor's REST reference and the
behaviour of arrays in the field (names of ZAPI errors in comments).
"""
import re

from manila import exception
from manila.i18n import _


class OntapError(exception.NetAppException):
    """The array refused. ``ontap_code`` is the array's own, as text; ``text`` what it said."""

    message = _('The array refused: %(text)s (code %(code)s).')

    def __init__(self, text='', code='', **kwargs):
        self.text, self.ontap_code = text, str(code)
        super().__init__(text=text, code=code, **kwargs)


class Unreachable(exception.StorageCommunicationException):
    """No answer, or none that can be understood. Whether the array did what was asked is not known."""

    message = _('The array cannot be reached: %(reason)s.')


class JobTimeout(Unreachable):
    """A job did not end in time. It may still do so."""

    message = _('The array did not finish in time: %(reason)s.')


class Overloaded(Unreachable):
    """The array has too much to do and did nothing."""

    message = _('The array is overloaded: %(reason)s.')


class NotAuthenticated(OntapError):
    """User name, password or certificate are wrong."""


class Forbidden(OntapError):
    """The account may not do that; also how SVM accounts are told from those of the cluster."""


class NotFound(OntapError):
    """There is no such object."""


class SvmNotFound(NotFound):
    """There is no such SVM."""


class Duplicate(OntapError):
    """An object of that name exists."""


class Invalid(OntapError):
    """A value is missing, wrong or unknown to this release."""


class Unsupported(OntapError):
    """This release has no such call."""


class NotLicensed(OntapError):
    """A licence is missing."""


class NoSpace(OntapError):
    """An aggregate or volume is full, or would be."""


class TooSmall(OntapError):
    """A volume holds more than would fit."""


class NotModifiable(OntapError):
    """A property of the volume cannot be changed, for its type or state."""


class Offline(OntapError):
    """The volume is not online."""


class InUse(OntapError):
    """Something else needs the object: a policy in use by a volume, for instance."""


class Busy(OntapError):
    """Another operation on the volume has to end first: it passes by itself."""


class FlexGroupBusy(Busy):
    """Another FlexGroup is being made on one of the aggregates."""


class HasClones(InUse):
    """A volume has FlexClones, so it cannot be deleted."""


class SnapshotBusy(InUse):
    """A snapshot is needed by somebody, so it cannot be deleted."""


class TooManySnapshots(OntapError):
    """A volume holds as many snapshots as it can."""


class NotAClone(OntapError):
    """The volume is no FlexClone, or not any more."""


class CloneSplitting(Busy):
    """The volume is being split from its parent."""


class InitialisingMirror(Busy):
    """The volume is still being filled by SnapMirror."""


class NotPossibleNow(OntapError):
    """The object, such as a volume move or an FPolicy policy, is not in a state that allows this."""


REST = {
    '1': Duplicate, '2': Invalid, '3': Unsupported, '4': NotFound, '6': Forbidden, '7': Overloaded, '8': InUse,
    '65541': Unreachable, '65552': Unreachable, '262160': Overloaded,
    '262177': Invalid, '262179': Invalid, '262185': Invalid, '262186': Invalid, '262188': Invalid, '262190': Invalid,
    '262196': Invalid, '262197': Invalid, '262198': Invalid, '262199': Invalid, '262212': Invalid, '262220': Invalid,
    '262245': Invalid, '6691623': Forbidden, '8586226': NotFound, '39387137': Unsupported, '2621440': Invalid,
    '13434908': Duplicate, '13434920': SvmNotFound, '2621462': SvmNotFound, '917505': SvmNotFound,
    '524511': InUse, '524849': NotModifiable, '917534': TooSmall, '917888': Invalid, '917658': NotPossibleNow,
    '917533': Offline, '9437885': Offline, '917536': Busy, '524615': HasClones, '917628': NotModifiable,
    '917629': NotModifiable, '917617': NotModifiable, '918252': Invalid, '917898': NoSpace, '524479': NoSpace,
    '525059': Duplicate, '525062': TooManySnapshots, '1638543': SnapshotBusy, '1638555': SnapshotBusy,
    '524481': SnapshotBusy, '1638600': NotFound, '542797': NotFound, '1638480': InUse, '9437886': InUse,
    '1638461': NotModifiable, '1115127': NotLicensed, '13107406': FlexGroupBusy, '1703945': InUse, '1703953': InUse,
    '1703946': InUse, '918248': NotAClone, '918249': CloneSplitting, '918265': Duplicate, '918267': NotFound,
    '918271': NotPossibleNow, '918272': Busy, '918273': CloneSplitting, '918786': NotPossibleNow,
    '262193': Invalid, '8454258': InUse,
    '9764907': NotPossibleNow, '9765029': NotPossibleNow, '9765032': InUse, '9765036': NotPossibleNow,
}

ZAPI = {
    '160': TooSmall,                    # EVOLOPNOTSUPP, on size and inodes
    '22': Invalid,                      # EINVAL
    '13002': NotAuthenticated,          # EAPIAUTHENTICATION
    '13003': Forbidden,                 # EAPIPRIVILEGE
    '13005': Forbidden,                 # EAPINOTFOUND: unknown, or not for SVM accounts
    '13020': Duplicate,                 # ESNAPSHOTEXISTS
    '13021': NotFound,                  # ENOSUCHSNAPSHOT
    '13023': Offline,                   # ESNAPSHOTNOTALLOWED
    '13040': NotFound,                  # EVOLUMEDOESNOTEXIST
    '13042': Offline,                   # EVOLUMEOFFLINE
    '13114': Unreachable,               # EINTERNALERROR
    '13115': Invalid,                   # EINVALIDINPUTERROR
    '13130': Duplicate,                 # EDUPLICATEENTRY
    '13157': Offline,                   # EVOLUMENOTONLINE
    '13170': NotAClone,                 # EVOLNOTCLONE
    '13171': NotPossibleNow,            # EVOLOPNOTUNDERWAY
    '13633': Invalid,                   # EVOLMOVE_CANNOT_MOVE_TO_CFO
    '14420': NotFound,                  # EAGGRDOESNOTEXIST
    '14716': NotPossibleNow,            # EVOL_NOT_MOUNTED
    '14922': Duplicate,                 # EVSERVERALREADYUSED
    '14956': NotLicensed,               # ESIS_CLONE_NOT_LICENSED
    '15661': NotFound,                  # EOBJECTNOTFOUND
    '15698': SvmNotFound,               # EVSERVERNOTFOUND
    '15894': HasClones,                 # EVOLDEL_NOT_ALLOW_BY_CLONE
    '17': Duplicate,                    # EEXIST, older releases
    '18251': NotFound,                  # EPOLICYNOTFOUND, FPolicy
    '18253': NotFound,                  # EEVENTNOTFOUND
    '18259': NotFound,                  # ESCOPENOTFOUND
    '17003': Offline,                   # EPARENTNOTONLINE
    '17151': CloneSplitting,            # EVOL_CLONE_BEING_SPLIT
    '17159': Duplicate,                 # EVOLEXISTS
}

# Codes under which arrays say several things: (transport, code, what the text holds, class), the first that fits.
TEXTS = (
    ('zapi', '13115', r'already disabled', NotPossibleNow),
    ('rest', '917536', r'snapmirror initialize', InitialisingMirror),
    ('rest', '2621440', r'does not exist', SvmNotFound),
    ('rest', '524479', r'not online|offline', Offline),        # otherwise the volume is full
    ('zapi', '40043', r'already been enabled', Duplicate),
    ('zapi', '40043', r'currently active', Busy),
    ('zapi', '13001', r'is not licensed|not have a valid license', NotLicensed),
    ('zapi', '13001', r'snapmirror initialize', InitialisingMirror),
    ('zapi', '13001', r'job ID|being moved', Busy),
    ('zapi', '13001', r'try the command again', FlexGroupBusy),
    ('zapi', '13001', r'clone split', CloneSplitting),
    ('zapi', '13001', r'No more than \d+ snapshots|[Mm]aximum (number of )?snapshots', TooManySnapshots),
    ('zapi', '13001', r'not enough space|[Nn]o space', NoSpace),
    ('zapi', '13001', r'in use', InUse),
    ('zapi', '13001', r'not online|offline', Offline),
    ('zapi', '13001', r"doesn't exist|does not exist", NotFound),
)
TABLES = {'rest': REST, 'zapi': ZAPI}


def error(transport, code, text=''):
    """The exception for an answer.

    :param transport: 'rest' or 'zapi'
    :param code: REST's ``error.code`` or ZAPI's ``errno``
    """
    code, text = str(code), text or ''
    for each, known, pattern, kind in TEXTS:
        if each == transport and known == code and re.search(pattern, text):
            return kind(text=text, code=code)
    kind = TABLES[transport].get(code, OntapError)
    if issubclass(kind, Unreachable):
        return kind(reason=f'{text} (code {code})')
    return kind(text=text, code=code)
