"""Access rules of shares."""


class Access:
    """How a driver opens shares to clients."""

    def update_access(self, context, share, access_rules, add_rules, delete_rules, update_rules,
                      share_server=None):
        """Make the access to a share equal to its rules.

        When ``add_rules``, ``delete_rules`` and ``update_rules`` are all empty, nothing is known about the
        state of the back end: it has to be made equal to ``access_rules`` from whatever it is.

        :param access_rules: all rules that shall be in force at the end
        :param add_rules: those of them that are new
        :param delete_rules: rules to remove; unsupported ones among them are to be passed over
        :param update_rules: those of ``access_rules`` whose level has changed
        :returns: None, or a dict from access id to a dict with ``access_key`` and ``state`` ('active' or
            'error')
        :raises manila.exception.InvalidShareAccess: when the type or address of a rule is not supported
        :raises manila.exception.InvalidShareAccessLevel: when the level of a rule is not supported
        """
        raise NotImplementedError

    def allow_access(self, context, share, access, share_server=None):
        """Put one rule in force; used when :meth:`update_access` is not implemented.

        :returns: access key or None
        """
        raise NotImplementedError

    def deny_access(self, context, share, access, share_server=None):
        """Remove one rule; used when :meth:`update_access` is not implemented."""
        raise NotImplementedError
