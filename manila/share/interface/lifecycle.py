"""Shares: making them, removing them, changing their size, and keeping them as they should be."""


class Lifecycle:
    """What a driver does with shares."""

    #: Whether a creation or deletion that was interrupted may simply be started again: create_share of a
    #: share that exists, whole or in part, ends with exactly one such share, and delete_share of one that is
    #: gone with none. Where it is False, what was begun is deleted before a creation is tried again, or the
    #: creation fails.
    create_is_idempotent = False

    #: Whether several manila-share processes may serve the same back end at once, because the storage itself
    #: decides between them. Where it is False, only the one process that holds the back end's lease works.
    safe_for_several_workers = False

    def create_share(self, context, share, share_server=None):
        """Make a share.

        An exception may carry ``detail_data={'export_locations': [...]}`` with what was made so far.

        :returns: export locations
        """
        raise NotImplementedError

    def create_share_from_snapshot(self, context, share, snapshot, share_server=None, parent_share=None):
        """Make a share with the content of a snapshot.

        :param parent_share: the share the snapshot was taken of, with its share server
        :returns: export locations, or a dict with ``status`` ('available', or 'creating_from_snapshot' when
            :meth:`get_share_status` is to be asked until it is done) and ``export_locations``
        """
        raise NotImplementedError

    def get_share_status(self, share, share_server=None):
        """How far the creation of a share from a snapshot is.

        :returns: dict with ``status`` ('available', 'creating_from_snapshot', 'error') and, if known,
            ``export_locations`` and ``progress`` such as '40%'
        """
        raise NotImplementedError

    def get_optional_share_creation_data(self, share, share_server=None):
        """What else to note about a share just created.

        :returns: dict; ``metadata`` in it is merged into the share's metadata
        """
        return {}

    def delete_share(self, context, share, share_server=None):
        """Remove a share; the share has ``duration_seconds``, the time it has existed.

        :raises manila.exception.ShareResourceNotFound: when it is gone already, which counts as done
        """
        raise NotImplementedError

    def extend_share(self, share, new_size, share_server=None):
        """Make a share larger, while it is in use.

        :param new_size: GiB
        """
        raise NotImplementedError

    def shrink_share(self, share, new_size, share_server=None):
        """Make a share smaller, while it is in use.

        :param new_size: GiB
        :raises manila.exception.ShareShrinkingPossibleDataLoss: when it holds more than that; nothing is
            changed
        """
        raise NotImplementedError

    def get_pool(self, share):
        """The name of the pool a share lies in, or None when the driver cannot tell."""

    def get_backend_info(self, context):
        """What the access to shares depends on: addresses, paths, versions.

        :returns: dict of plain values; as long as they do not change, shares need not be ensured when the
            service starts. Without this method they always are.
        """
        raise NotImplementedError

    def ensure_shares(self, context, shares):
        """Bring shares back into the state they should have. No other work is done on them meanwhile.

        :returns: dict from share instance id to a dict of what has changed: ``status``, ``export_locations``,
            ``metadata``, ``reapply_access_rules`` (whether all rules are to be applied again)
        """
        raise NotImplementedError

    def ensure_share(self, context, share, share_server=None):
        """As :meth:`ensure_shares` for one share; used when that is not implemented.

        :returns: export locations if they have changed, else None
        """
        raise NotImplementedError

    def update_share_usage_size(self, context, shares):
        """How much of each share is used.

        :returns: list of dicts with ``id`` (of the share instance), ``used_size`` (GiB) and ``gathered_at``
        """
        return []

    def update_share_from_metadata(self, context, share, metadata, share_server=None):
        """Act on changed metadata of a share; called for keys in the option driver_updatable_metadata."""
        raise NotImplementedError

    def transfer_accept(self, context, share, new_user, new_project, access_rules=None, share_server=None):
        """Make a share known under its new owner.

        :raises manila.exception.DriverCannotTransferShareWithRules: when its access rules have to be removed
            first
        """
