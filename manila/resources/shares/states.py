"""The life of a share instance, and the jobs that move it."""
from manila.jobs.kind import Kind
from manila.states import States

# No work is under way on an instance in one of these.
_SETTLED = ('available error inactive error_deleting unmanage_error extending_error shrinking_error '
            'shrinking_possible_data_loss_error reverting_error backup_restoring_error awaiting_transfer')

INSTANCE = States(
    'status',
    # event           from                                             to
    ('created',       'creating creating_from_snapshot',               'available'),
    ('cloning',       'creating',                                      'creating_from_snapshot'),
    ('create_failed', 'creating creating_from_snapshot',               'error'),
    ('delete',        'available error inactive',                      'deleting'),
    ('force_delete',  '*',                                             'deleting'),
    ('delete_failed', 'deleting',                                      'error_deleting'),
    ('delete_later',  'available error inactive',                      'deferred_deleting'),
    ('delete_failed', 'deferred_deleting',                             'error_deferred_deleting'),
    ('extend',        'available',                                     'extending'),
    ('extended',      'extending',                                     'available'),
    ('extend_refused', 'extending',                                    'available'),
    ('extend_failed', 'extending',                                     'extending_error'),
    ('shrink',        'available shrinking_possible_data_loss_error',  'shrinking'),
    ('shrunk',        'shrinking',                                     'available'),
    ('shrink_refused', 'shrinking',                                    'available'),
    ('shrink_failed', 'shrinking',                                     'shrinking_error'),
    ('revert',        'available',                                     'reverting'),
    ('reverted',      'reverting',                                     'available'),
    ('revert_refused', 'reverting',                                    'available'),
    ('revert_failed', 'reverting',                                     'reverting_error'),
    ('transfer',      'available',                                     'awaiting_transfer'),
    ('transferred',   'awaiting_transfer',                             'available'),
    ('managed',       'manage_starting',                               'available'),
    ('manage_failed', 'manage_starting',                               'manage_error'),
    ('unmanage',      _SETTLED,                                        'unmanage_starting'),
    ('unmanage',      'manage_error',                                  'manage_error_unmanage_starting'),
    ('unmanage_failed', 'unmanage_starting manage_error_unmanage_starting', 'unmanage_error'),
    ('ensure',        'available',                                     'ensuring'),
    ('ensured',       'ensuring',                                      'available'),
    ('lost',          'available ensuring',                            'error'),
)

#: Statuses that an administrator may set by force.
RESETTABLE = ('creating', 'available', 'deleting', 'error', 'error_deleting', 'migrating', 'migrating_to',
              'server_migrating')

#: Statuses in which a user may delete a share.
DELETABLE = tuple(INSTANCE.sources('delete'))

#: Statuses of shares that are gone as far as users can tell.
DEFERRED = ('deferred_deleting', 'error_deferred_deleting')

#: Statuses in which a job removes the instance.
GOING = ('deleting', *DEFERRED)

# Everything that a driver does to an instance excludes everything else on it.
LOCK = 'instance'
SCHEDULE = Kind('share.schedule', exclusive=LOCK)
SCHEDULE_EXTEND = Kind('share.schedule_extend', exclusive=LOCK)
CREATE = Kind('share.create', exclusive=LOCK)
DELETE = Kind('share.delete', exclusive=LOCK)
EXTEND = Kind('share.extend', exclusive=LOCK)
SHRINK = Kind('share.shrink', exclusive=LOCK)
UPDATE_METADATA = Kind('share.update_metadata', exclusive=LOCK)


def lock(instance_id):
    """The lock of all jobs that work on an instance."""
    return DELETE.lock(instance_id)
