"""The pool where no btrfs is needed: places and space."""
import os
import types

import pytest

from manila import exception
from manila.share.drivers.local.pool import GIB, Pool


def space(blocks, free):
    return types.SimpleNamespace(f_frsize=4096, f_blocks=blocks * GIB // 4096,
                                 f_bavail=free * GIB // 4096, f_bfree=free * GIB // 4096)


@pytest.mark.parametrize('path', ('../x', 'shares/../../x', 'link', ''))
def test_strangers_path_out_of_the_pool_is_refused(tmp_path, path):
    os.symlink('/etc', tmp_path / 'link')
    with pytest.raises(ValueError, match='not in the pool'):
        Pool(str(tmp_path)).resolve(path)


def test_strangers_path_in_the_pool_is_found(tmp_path):
    assert Pool(str(tmp_path)).resolve('/shares/x') == str(tmp_path / 'shares' / 'x')


def test_image_is_no_larger_than_the_disk_below_it(tmp_path, monkeypatch):
    image = tmp_path / 'pool.img'
    image.write_bytes(b'')
    spaces = {'/pool': space(100, 90), str(tmp_path): space(500, 20)}
    monkeypatch.setattr(os, 'statvfs', spaces.get)
    assert Pool('/pool', str(image), 100).capacity() == (100 * GIB, 20 * GIB)
    assert Pool('/pool').capacity() == (100 * GIB, 90 * GIB)


def test_directory_on_another_file_system_is_no_pool(tmp_path):
    with pytest.raises(exception.ShareBackendException, match='not on a btrfs'):
        Pool(str(tmp_path)).open()
