"""Names on the array, made from ids; operators and other tools know these forms."""
from manila.share.drivers.netapp.dataontap.client import values

#: What objects begin with that could not be deleted at once and wait for housekeeping.
DELETED = 'deleted_manila_'
_QOS_LENGTH = 127
_TAG_LENGTH = 200


def under(text):
    """An id as part of a name on the array."""
    return text.replace('-', '_')


class Names:
    """Names as the options of a back end want them."""

    def __init__(self, options):
        self._options = options

    def volume(self, share_id):
        """Name of the volume of a share instance."""
        return self._options.netapp_volume_name_template % {'share_id': under(share_id)}

    def is_volume(self, name):
        """Whether a name may be that of the volume of a share instance."""
        return name.startswith(self._options.netapp_volume_name_template.partition('%')[0])

    def qos(self, share_id):
        """Name of the QoS policy group of a share instance."""
        return self._options.netapp_qos_policy_group_name_template % {'share_id': under(share_id)}

    def qos_of_type(self, svm, type_name, adaptive):
        """Name of the QoS policy group that all shares of a QoS type have on an SVM."""
        options = self._options
        prefix = options.netapp_adaptive_qos_policy_prefix if adaptive else options.netapp_fixed_qos_policy_prefix
        return f'{prefix}_{svm}_{type_name}'[:_QOS_LENGTH]

    def junction(self, share):
        """Where the volume of a share is mounted: under the name its owner chose, or under its own."""
        return '/' + (share.get('mount_point_name') or self.volume(share['id'])).lstrip('/')

    def tags(self, share):
        """What the array's own tools may show about a share: ``key:value``."""
        known = {'share_id': share.get('share_id'), 'share_name': share.get('display_name'),
                 'project': share.get('project_id'), 'share_type': share.get('share_type_name'),
                 'protocol': share.get('share_proto')}
        return tuple(f'{key}:{value}'[:_TAG_LENGTH] for key, value in known.items() if value)


def export_policy(share_id):
    """Name of the export policy of a share instance."""
    return f'policy_{under(share_id)}'


def new_export_policy(share_id):
    """Name of the policy with the next rules, while it is being put in place of the present one."""
    return f'temp_{under(share_id)}'


def snapshot(snapshot):
    """Name of a snapshot: as noted when it was made or managed, else made from its id."""
    return snapshot.get('provider_location') or f'share_snapshot_{under(snapshot["id"])}'


def deleted(name):
    """Name for an object that is to be deleted later; an old one's is not made longer."""
    return name if name.startswith(DELETED) else DELETED + name


def gib(size):
    """GiB of a number of bytes, rounded up."""
    return -(-size // GIB)


GIB = 1024 ** 3
FLEXVOL, FLEXGROUP = values.FLEXVOL, values.FLEXGROUP
