"""The life of a snapshot instance, and the jobs that move it."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK
from manila.states import States

INSTANCE = States(
    'status',
    # event             from                                                      to
    ('created',         'creating',                                               'available'),
    ('create_failed',   'creating',                                               'error'),
    ('delete',          'available error',                                        'deleting'),
    ('delete_later',    'available error',                                        'deferred_deleting'),
    ('force_delete',    '*',                                                      'deleting'),
    ('delete_failed',   'deleting',                                               'error_deleting'),
    ('delete_failed',   'deferred_deleting',                                      'error_deferred_deleting'),
    ('managed',         'manage_starting',                                        'available'),
    ('manage_failed',   'manage_starting',                                        'manage_error'),
    ('unmanage',        'available error error_deleting manage_error unmanage_error', 'unmanage_starting'),
    ('unmanage_failed', 'unmanage_starting',                                      'unmanage_error'),
    ('restore',         'available',                                              'restoring'),
    ('restored',        'restoring',                                              'available'),
)

#: Statuses that an administrator may set by force.
RESETTABLE = ('available', 'error', 'error_deleting', 'deleting', 'creating', 'manage_starting',
              'unmanage_starting', 'unmanage_error', 'manage_error', 'migrating', 'migrating_to', 'restoring')
INSTANCE_RESETTABLE = ('creating', 'available', 'deleting', 'error', 'error_deleting', 'migrating',
                       'migrating_to', 'server_migrating')

#: Statuses in which a user may delete a snapshot.
DELETABLE = tuple(INSTANCE.sources('delete'))

#: Statuses of snapshots that are gone as far as users can tell.
DEFERRED = ('deferred_deleting', 'error_deferred_deleting')

#: Statuses in which a job removes the instance.
GOING = ('deleting', *DEFERRED)

# What is done to a snapshot excludes everything else on its share instance: that is what the lock is about.
CREATE = Kind('snapshot.create', exclusive=LOCK)
DELETE = Kind('snapshot.delete', exclusive=LOCK)
MANAGE = Kind('snapshot.manage', exclusive=LOCK)
UNMANAGE = Kind('snapshot.unmanage', exclusive=LOCK)
