"""Who asks, for which project, in which request.

A context belongs to one request, one job, or a part of the service with its threads. It also carries the open database
transaction of each thread (see :mod:`manila.db.session`) and the policy rules of the operation being served.
"""
import threading
import time

from oslo_context import context as oslo_context


class RequestContext(oslo_context.RequestContext):
    """Identity and roles of a caller, as Keystone, the standalone accounts or a job row state them."""

    def __init__(self, *args, is_admin=None, quota_class=None, remote_address=None, service_roles=None,
                 timestamp=None, **kwargs):
        super().__init__(*args, is_admin=bool(is_admin), **kwargs)
        self.quota_class = quota_class
        self.remote_address = remote_address
        self.service_roles = list(service_roles or ())
        self.timestamp = timestamp or time.time()
        self._transactions = {}     # by thread: two on one connection would read each other's answers
        self.rules = ()             # policy rules of the operation being served; the API framework sets them
        if is_admin is None:
            from manila import policy
            self.is_admin = policy.context_is_admin(self)

    @property
    def transaction(self):
        """The database transaction that this thread has open, or None; :mod:`manila.db.session` sets it."""
        return self._transactions.get(threading.get_ident())

    @transaction.setter
    def transaction(self, value):
        if value is None:
            self._transactions.pop(threading.get_ident(), None)
        else:
            self._transactions[threading.get_ident()] = value

    def get_logging_values(self):
        """What log lines may show of the context."""
        return {**super().get_logging_values(), 'user': self.user_id, 'project': self.project_id,
                'domain': self.domain_id, 'user_domain': self.user_domain_id,
                'project_domain': self.project_domain_id, 'system_scope': self.system_scope}

    @property
    def is_service(self):
        """Whether a trusted service calls on behalf of a user."""
        return 'service' in self.service_roles

    def authorize(self, target):
        """Check the rules of the operation being served against a row that was found.

        :raises manila.exception.PolicyNotAuthorized: when a rule refuses
        """
        if self.rules:
            from manila import policy
            for rule in self.rules:
                policy.authorize(self, rule, target)

    def elevated(self):
        """A copy of this context with administrator rights, outside any open transaction."""
        twin = self.from_dict(self.to_dict())
        twin.is_admin = True
        if 'admin' not in twin.roles:
            twin.roles = [*twin.roles, 'admin']
        return twin

    def to_dict(self):
        """The plain form kept with jobs and sent with messages; holds no token and no password."""
        return {'request_id': self.request_id, 'global_request_id': self.global_request_id,
                'user_id': self.user_id, 'project_id': self.project_id, 'domain_id': self.domain_id,
                'roles': list(self.roles), 'is_admin': self.is_admin, 'quota_class': self.quota_class,
                'service_roles': self.service_roles, 'timestamp': self.timestamp}

    @classmethod
    def from_dict(cls, values, **kwargs):
        """The context that :meth:`to_dict` described."""
        known = {key: values.get(key) for key in
                 ('request_id', 'global_request_id', 'user_id', 'project_id', 'domain_id', 'roles',
                  'quota_class', 'service_roles', 'timestamp')}
        known.update(kwargs)
        return cls(is_admin=bool(values.get('is_admin')), **known)

    def to_policy_values(self):
        """What policy checks may look at."""
        names = ('user_id', 'user_domain_id', 'project_id', 'project_domain_id', 'domain_id', 'system_scope',
                 'roles', 'is_admin', 'is_admin_project', 'service_user_id', 'service_user_domain_id',
                 'service_project_id', 'service_project_domain_id', 'service_roles')
        return {name: getattr(self, name) for name in names}


def get_admin_context(**kwargs):
    """A context of the service itself, with administrator rights and no project."""
    return RequestContext(is_admin=True, roles=['admin', 'member', 'reader'], overwrite=False, **kwargs)


def is_admin(context):
    """Whether the context has administrator rights (kept for drivers written for Manila)."""
    return context.is_admin
