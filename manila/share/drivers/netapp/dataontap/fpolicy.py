"""FPolicy: which files may be written, by their extensions. Shares that want the same share a policy."""
from oslo_log import log

from manila import coordination, exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import naming
from manila.share.drivers.netapp.dataontap.client import errors, values

LOG = log.getLogger(__name__)

_MOST = 10      # policies of an SVM, and priorities


class Fpolicy:
    """FPolicy of the shares of a back end.

    :param options: configuration of the back end
    """

    def __init__(self, options):
        self._options = options

    def ensure(self, client, share, name, wanted):
        """See to it that a share is in the scope of a policy as its type wants it, and of no other.

        :param name: of its volume
        :param wanted: :class:`manila.share.drivers.netapp.dataontap.specs.Wanted`
        :raises manila.exception.NetAppException: when the SVM has as many policies as it can have
        """
        if not wanted.has_fpolicy:
            return

        @coordination.synchronized(f'netapp-fpolicy-{client.svm}')
        def locked():
            self._ensure(client, share, name, wanted)
        locked()

    def _ensure(self, client, share, name, wanted):
        operations = frozenset(wanted.file_operations or self._options.netapp_fpolicy_default_file_operations)
        protocols = ('nfsv3', 'nfsv4') if share['share_proto'].lower() == 'nfs' else ('cifs',)
        watched = {(protocol, operations) for protocol in protocols}
        include, exclude = _extensions(wanted.extensions_to_include), _extensions(wanted.extensions_to_exclude)
        events = {event.name: (event.protocol, event.operations) for event in client.fpolicy.events()}
        policies = client.fpolicy.policies()

        def fits(policy):
            return policy.enabled and (policy.include, policy.exclude) == (include, exclude) and {
                events.get(each) for each in policy.events} == watched

        chosen = next((policy for policy in policies if name in policy.shares and fits(policy)), None)
        if chosen is None:
            self._detach(client, share['id'], name, policies)
            policies = client.fpolicy.policies()
            chosen = next(filter(fits, policies), None)
            if chosen is None:
                self._create(client, share['id'], name, watched, (include, exclude), policies)
            else:
                client.fpolicy.set_shares(chosen, [*chosen.shares, name])

    def _create(self, client, share_id, name, watched, extensions, policies):
        free = set(range(1, _MOST + 1)) - {policy.priority for policy in policies if policy.enabled}
        if not free or len(policies) >= _MOST:
            raise exception.NetAppException(
                _('SVM %(svm)s has %(most)s FPolicy policies, and none that can be used for the share.') % {
                    'svm': client.svm, 'most': _MOST})
        made = [values.FpolicyEvent(self._event_name(protocol, share_id), protocol, operations)
                for protocol, operations in sorted(watched)]
        for event in made:
            client.fpolicy.create_event(event)
        client.fpolicy.create(values.FpolicyPolicy(
            self._policy_name(share_id), tuple(event.name for event in made), *extensions, (name,), min(free)))

    def detach(self, client, share_id, name):
        """Take a share out of the scope of all policies; those that are for nothing else go, with their events."""
        @coordination.synchronized(f'netapp-fpolicy-{client.svm}')
        def locked():
            self._detach(client, share_id, name, client.fpolicy.policies())
        locked()

    def _detach(self, client, share_id, name, policies):
        used = set()
        for policy in policies:
            others = [each for each in policy.shares if each != name]
            if others and len(others) < len(policy.shares):
                client.fpolicy.set_shares(policy, others)
            if others or (name not in policy.shares and policy.name != self._policy_name(share_id)):
                used.update(policy.events)
                continue
            _delete(client, policy)
        for protocol in ('nfsv3', 'nfsv4', 'cifs'):     # what an interrupted attempt may have left
            event = self._event_name(protocol, share_id)
            if event not in used:
                client.fpolicy.delete_event(event)

    def tidy(self, client, is_ours):
        """Take volumes that are gone out of the scope of our policies; those that are for nothing else go.

        A share whose type asked for FPolicy once, but not when it was removed, has left its name there.

        :param is_ours: function that tells whether a name is that of a volume of a share
        """
        prefix = self._options.netapp_fpolicy_policy_name_template.partition('%')[0]

        @coordination.synchronized(f'netapp-fpolicy-{client.svm}')
        def locked():
            for policy in client.fpolicy.policies():
                if not policy.name.startswith(prefix):
                    continue
                left = [each for each in policy.shares if not is_ours(each) or client.volumes.find(each)]
                if not left:
                    _delete(client, policy)
                elif len(left) < len(policy.shares):
                    client.fpolicy.set_shares(policy, left)
        locked()

    def rename(self, client, old, new):
        """Follow a volume that has got another name."""
        @coordination.synchronized(f'netapp-fpolicy-{client.svm}')
        def locked():
            for policy in client.fpolicy.policies():
                if old in policy.shares:
                    client.fpolicy.set_shares(policy, [new if each == old else each for each in policy.shares])
        try:
            locked()
        except errors.Forbidden as error:
            LOG.info('Whether %s is in the scope of FPolicy is not known: %s', old, error)

    def _policy_name(self, share_id):
        return self._options.netapp_fpolicy_policy_name_template % {'share_id': naming.under(share_id)}

    def _event_name(self, protocol, share_id):
        return self._options.netapp_fpolicy_event_name_template % {
            'protocol': protocol, 'share_id': naming.under(share_id)}


def _delete(client, policy):
    client.fpolicy.delete(policy.name)
    for event in policy.events:
        client.fpolicy.delete_event(event)


def _extensions(text):
    return frozenset(each.strip() for each in (text or '').split(',') if each.strip())
