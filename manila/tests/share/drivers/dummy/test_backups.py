import pytest

from manila import exception


def test_a_backup_is_made_and_restored_in_two_steps(make_dummy, new_share):
    dummy, share, backup = make_dummy(), new_share(), {'id': 'b'}
    dummy.create_share(None, share)
    dummy.create_backup(None, share, backup)
    assert [dummy.create_backup_continue(None, share, backup)['total_progress'] for _step in '12'] == [
        '50', '100']
    dummy.restore_backup(None, backup, share)
    assert [dummy.restore_backup_continue(None, backup, share)['total_progress'] for _step in '12'] == [
        '50', '100']
    dummy.restore_backup(None, backup, share)
    assert dummy.restore_backup_continue(None, backup, share) == {'total_progress': '50'}


def test_a_backup_that_is_gone_cannot_be_restored(make_dummy, new_share, tmp_path):
    dummy = make_dummy(dummy_driver_state_file=str(tmp_path / 'state'))
    share, backup = new_share(), {'id': 'b'}
    dummy.create_share(None, share)
    dummy.create_backup(None, share, backup)
    dummy.delete_backup(None, backup, share)
    dummy.delete_backup(None, backup, share)
    with pytest.raises(exception.ShareBackupNotFound):
        dummy.restore_backup(None, backup, share)
