import os
import shutil

import pytest

from manila import exception, utils
from manila.privsep import filesystem

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or shutil.which('mkfs.ext4') is None,
                                reason='needs root and e2fsprogs')


def uuid_of(path):
    return [line for line in utils.execute('tune2fs', '-l', path)[0].splitlines() if 'UUID' in line]


def test_a_file_system_is_made_checked_and_given_an_identity(tmp_path):
    path = str(tmp_path / 'disk')
    with open(path, 'wb') as disk:
        disk.truncate(16 << 20)
    filesystem.make_filesystem('ext4', path)
    filesystem.e2fsck(path)
    before = uuid_of(path)
    filesystem.tune2fs(path)
    assert uuid_of(path) != before


def test_what_is_no_file_system_cannot_be_checked(tmp_path):
    (tmp_path / 'disk').write_bytes(b'0' * 4096)
    with pytest.raises(exception.ProcessExecutionError):
        filesystem.e2fsck(str(tmp_path / 'disk'))
