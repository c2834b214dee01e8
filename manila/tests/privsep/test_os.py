import os

import pytest

from manila import exception
from manila.privsep import os as privsep_os

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason='needs root')


def test_directories_are_made_and_removed(tmp_path):
    path = str(tmp_path / 'a')
    privsep_os.mkdir(path)
    assert os.path.isdir(path)
    privsep_os.rmdir(path)
    assert not os.path.exists(path)


def test_a_full_directory_is_only_removed_by_force(tmp_path):
    (tmp_path / 'a').mkdir()
    (tmp_path / 'a' / 'file').write_text('x')
    with pytest.raises(exception.ProcessExecutionError):
        privsep_os.rmdir(str(tmp_path / 'a'))
    privsep_os.recursive_forced_rm(str(tmp_path / 'a'))
    assert not (tmp_path / 'a').exists()
    privsep_os.recursive_forced_rm(str(tmp_path / 'a'))


def test_modes_are_set(tmp_path):
    privsep_os.chmod('0711', str(tmp_path))
    assert os.stat(tmp_path).st_mode & 0o777 == 0o711


def test_files_are_found_and_deleted_except_those_ignored(tmp_path):
    for name in ('keep', 'drop'):
        (tmp_path / name).mkdir()
    ignored = [str(tmp_path / 'keep')]
    assert privsep_os.find(str(tmp_path), dirs_to_ignore=ignored)[0].split() == [str(tmp_path / 'drop')]
    privsep_os.find(str(tmp_path), dirs_to_ignore=ignored, delete=True)
    assert os.listdir(tmp_path) == ['keep']


def test_mounts_are_listed():
    assert '/proc' in privsep_os.list_mounts()[0]


def test_data_are_copied_by_gibibytes(tmp_path):
    (tmp_path / 'source').write_bytes(b'data')
    privsep_os.data_definition(str(tmp_path / 'source'), str(tmp_path / 'copy'), 1)
    assert (tmp_path / 'copy').read_bytes() == b'data'


def test_direct_io_is_not_supported_for_what_does_not_exist(tmp_path):
    assert privsep_os.is_data_definition_direct_io_supported(
        str(tmp_path / 'none'), str(tmp_path / 'copy')) is False
