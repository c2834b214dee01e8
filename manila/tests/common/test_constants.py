from manila.common import constants


def test_statuses_have_no_duplicates():
    for name in ('SHARE_STATUSES', 'SNAPSHOT_STATUSES', 'SHARE_SERVER_STATUSES', 'BACKUP_STATUSES',
                 'TRANSITIONAL_STATUSES', 'BUSY_TASK_STATES'):
        values = getattr(constants, name)
        assert len(values) == len(set(values)), name


def test_every_share_status_has_a_name():
    named = {value for name, value in vars(constants).items() if name.startswith('STATUS_')}
    assert set(constants.SHARE_STATUSES) <= named


def test_transitional_statuses_are_share_statuses():
    assert set(constants.TRANSITIONAL_STATUSES) <= set(constants.SHARE_STATUSES)


def test_busy_task_states_can_be_reset_except_the_start_of_the_driver():
    assert set(constants.BUSY_TASK_STATES) - set(constants.SHARE_TASK_STATES) == {
        constants.TASK_STATE_MIGRATION_DRIVER_STARTING}


def test_security_group_of_a_service_instance_lets_nfs_and_cifs_in():
    assert ('tcp', (2049, 2049)) in constants.SERVICE_INSTANCE_SECGROUP_DATA
    assert ('tcp', (445, 445)) in constants.SERVICE_INSTANCE_SECGROUP_DATA
