"""Backups that the storage makes itself."""


class Backups:
    """How a driver backs shares up and restores them."""

    #: Whether a backup can be restored to another share than the one it was made of.
    restore_to_target_support = False

    def create_backup(self, context, share_instance, backup, share_server=None):
        """Begin a backup of a share; must return soon."""
        raise NotImplementedError

    def create_backup_continue(self, context, share_instance, backup, share_server=None):
        """Look how far a backup is, and help it along.

        :returns: dict with ``total_progress``, a percentage as text; '100' means done
        """
        raise NotImplementedError

    def delete_backup(self, context, backup, share_instance, share_server=None):
        """Remove a backup."""
        raise NotImplementedError

    def restore_backup(self, context, backup, share_instance, share_server=None):
        """Begin to restore a backup to a share; must return soon."""
        raise NotImplementedError

    def restore_backup_continue(self, context, backup, share_instance, share_server=None):
        """Look how far a restore is, and help it along.

        :returns: dict with ``total_progress``, a percentage as text; '100' means done
        """
        raise NotImplementedError
