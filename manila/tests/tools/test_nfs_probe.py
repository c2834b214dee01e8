"""The NFS client in user space: its URLs and its complaints."""
import errno
import importlib.util
import pathlib

import pytest

PATH = pathlib.Path(__file__).parents[3] / 'tools' / 'nfs_probe.py'


@pytest.fixture(scope='module')
def probe():
    spec = importlib.util.spec_from_file_location('nfs_probe', PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize('url, host, export, version, settings', (
    ('nfs://10.0.0.1/shares/x', '10.0.0.1', '/shares/x', 3, 'version=3'),
    ('nfs://[fd00::1]/shares/x?version=4', 'fd00::1', '/shares/x', 4, 'version=4'),
    ('nfs://host:2050/x?mountport=7', 'host', '/x', 3, 'mountport=7&nfsport=2050&version=3'),
    ('nfs://host/a%20b', 'host', '/a b', 3, 'version=3')))
def test_url_names_host_export_and_version(probe, url, host, export, version, settings):
    target = probe.Target(url)
    assert (target.host, target.export, target.version) == (host, export, version)
    assert target.settings == f'nfs://localhost/?{settings}'


@pytest.mark.parametrize('url', ('http://host/x', 'nfs:///x', 'host:/x'))
def test_other_urls_are_refused(probe, url):
    with pytest.raises(ValueError, match='not an NFS URL'):
        probe.Target(url)


def test_wrong_url_is_an_error_of_the_command(probe, capsys, monkeypatch):
    monkeypatch.setattr(probe, 'load_library', lambda: None)
    assert probe.main(['ls', 'http://x/y']) == 1
    assert 'not an NFS URL' in capsys.readouterr().err


def test_missing_library_is_named(probe, monkeypatch):
    monkeypatch.setattr(probe, '_LIBRARIES', ('libnone.so.1',))
    with pytest.raises(OSError, match='install'):
        probe.load_library()


@pytest.mark.parametrize('result, text, number', (
    (-errno.EACCES, b'denied', errno.EACCES),
    (-errno.EFAULT, b'pwrite call failed with "\x1e"', errno.EROFS),
    (-errno.EFAULT, b'pwrite call failed with "E"', errno.EDQUOT),
    (-errno.EFAULT, b'another text', errno.EFAULT)))
def test_refusal_carries_the_servers_number(probe, result, text, number):
    client = probe.Client.__new__(probe.Client)
    client._nfs = None
    client._library = type('Library', (), {'nfs_get_error': staticmethod(lambda _: text)})
    with pytest.raises(OSError) as refusal:
        client._check(result, 'write')
    assert refusal.value.errno == number
