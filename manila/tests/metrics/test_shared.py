"""The directory through which processes count together."""
import os
import pathlib

from manila.metrics import shared

NAME = 'PROMETHEUS_MULTIPROC_DIR'


def test_directory_lasts_as_long_as_the_block(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    with shared.Directory():
        path = pathlib.Path(shared.directory())
        assert path.is_dir()
        assert os.stat(path).st_mode & 0o077 == 0
    assert not path.exists() and shared.directory() is None


def test_forked_process_leaves_it_to_its_parent(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    with shared.Directory() as made:
        path = pathlib.Path(shared.directory())
        made._owner = os.getpid() + 1
    assert path.exists()
    path.rmdir()
    monkeypatch.delenv(NAME)


def test_directory_of_the_administrator_is_used_and_kept(monkeypatch, tmp_path):
    monkeypatch.setenv(NAME, str(tmp_path))
    with shared.Directory():
        assert shared.directory() == str(tmp_path)
    assert tmp_path.exists() and shared.directory() == str(tmp_path)
