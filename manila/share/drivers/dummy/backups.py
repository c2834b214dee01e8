"""Backups of the dummy driver."""
from manila import exception


class Backups:
    """Making, restoring and removing backups."""

    restore_to_target_support = True

    def create_backup(self, context, share_instance, backup, share_server=None):
        """Begin; the backup is made when it has been continued twice."""
        with self._lock:
            self._share(share_instance, share_server)
        self._begin('backup', backup['id'])

    def create_backup_continue(self, context, share_instance, backup, share_server=None):
        """Go on."""
        return {'total_progress': str(self._advance('backup', backup['id']))}

    def delete_backup(self, context, backup, share_instance, share_server=None):
        """Remove a backup; one that is gone already is no error."""
        self._finish('backup', backup['id'])

    def restore_backup(self, context, backup, share_instance, share_server=None):
        """Begin; the backup is restored when it has been continued twice."""
        with self._lock:
            self._share(share_instance, share_server)
            if self.array.get('backup', backup['id']) is None and not self.array.forgetful:
                raise exception.ShareBackupNotFound(backup_id=backup['id'])
        self._begin('restore', backup['id'])

    def restore_backup_continue(self, context, backup, share_instance, share_server=None):
        """Go on."""
        done = self._advance('restore', backup['id'])
        if done == 100:
            self._finish('restore', backup['id'])
        return {'total_progress': str(done)}
