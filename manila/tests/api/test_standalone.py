"""Accounts of the standalone mode."""
import base64
import os

import bcrypt
import pytest
import webob.exc

from manila.api import standalone


def line(user, password):
    return f'{user}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()}\n'


def header(user, password):
    return 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / 'htpasswd'
    path.write_text('# comment\n\n' + line('ann', 'secret') + line('bob', 'pa:ss'))
    return path


@pytest.fixture
def passwords(file):
    return standalone.Passwords(file)


@pytest.fixture
def hashed(monkeypatch):
    """Counts how often bcrypt runs."""
    calls = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, 'checkpw', lambda *args: calls.append(args) or real(*args))
    return calls


def test_right_password_names_the_user(passwords):
    assert passwords.user_of(header('ann', 'secret')) == 'ann'
    assert passwords.user_of(header('bob', 'pa:ss')) == 'bob'


@pytest.mark.parametrize('text', [
    '', 'Basic', 'Bearer x', 'Basic !!!', 'Basic ' + base64.b64encode(b'nocolon').decode(),
    'Basic ' + base64.b64encode(b'\xff\xfe:x').decode(), header('ann', 'wrong'), header('ann', ''),
    header('nobody', 'secret'), header('', ''), header('ann', 'x' * 100), header('ann', 'a\0b'),
    header('#', 'x')])
def test_anything_else_is_nobody(passwords, text):
    assert passwords.user_of(text) is None


def test_right_password_is_hashed_once(passwords, hashed):
    for _ in range(3):
        assert passwords.user_of(header('ann', 'secret')) == 'ann'
    assert len(hashed) == 1
    assert passwords.user_of(header('ann', 'wrong')) is None
    assert passwords.user_of(header('ann', 'wrong')) is None
    assert len(hashed) == 3


def test_memory_holds_no_password(passwords):
    passwords.user_of(header('ann', 'secret'))
    assert b'secret' not in b''.join(passwords._known)
    assert len(passwords._known) == 1


def test_memory_is_bounded_and_expires(passwords, hashed, conf, monkeypatch):
    conf.config(group='standalone', password_cache_seconds=0)
    passwords.user_of(header('ann', 'secret'))
    passwords.user_of(header('ann', 'secret'))
    assert len(hashed) == 2
    conf.config(group='standalone', password_cache_seconds=300)
    monkeypatch.setattr(standalone, '_CACHE_MAX', 1)
    passwords.user_of(header('ann', 'secret'))
    passwords.user_of(header('bob', 'pa:ss'))
    assert len(passwords._known) == 1


def test_unknown_user_costs_as_much_as_a_known_one(passwords, hashed):
    passwords.user_of(header('nobody', 'secret'))
    (_, crypted), = hashed
    assert crypted.startswith(b'$2b$04$')


def test_changed_file_counts_at_once(passwords, file):
    assert passwords.user_of(header('ann', 'secret')) == 'ann'
    file.write_text(line('ann', 'other, longer'))
    assert passwords.user_of(header('ann', 'secret')) is None
    assert passwords.user_of(header('ann', 'other, longer')) == 'ann'
    assert passwords.user_of(header('bob', 'pa:ss')) is None


def test_file_that_breaks_or_goes_leaves_the_old_passwords(passwords, file, caplog):
    file.write_text('ann:plain text\n')
    assert passwords.user_of(header('ann', 'secret')) == 'ann'
    assert 'plain text' not in caplog.text
    os.remove(file)
    assert passwords.user_of(header('ann', 'secret')) == 'ann'


def test_other_digests_are_refused_at_start(tmp_path):
    path = tmp_path / 'htpasswd'
    path.write_text('ann:$apr1$x$y\n')
    with pytest.raises(webob.exc.HTTPBadRequest):
        standalone.Passwords(path)


def accounts(tmp_path, text):
    path = tmp_path / 'accounts.yaml'
    path.write_text(text)
    return standalone.Accounts(path)


def test_account_has_project_and_implied_roles(tmp_path):
    found = accounts(tmp_path, 'ann: {project_id: 12ab, project_name: demo, roles: [admin]}\n'
                               'bob: {project_id: 34cd, user_id: b0b}\n')
    assert found.get('ann') == {'user_id': 'ann', 'user_name': 'ann', 'project_id': '12ab',
                                'project_name': 'demo',
                                'roles': ['admin', 'manager', 'member', 'reader']}
    assert found.get('bob')['user_id'] == 'b0b'
    assert found.get('bob')['roles'] == ['member', 'reader']
    assert found.get('eve') is None


@pytest.mark.parametrize('text',
                         ['ann: {}', 'ann: x', '[1]', 'ann: {project_id: a, roles: admin}',
                          'ann: {project_id: a,'
                                  ' role: [admin]}', ': ['])
def test_account_that_says_nonsense_is_refused(tmp_path, text):
    with pytest.raises(Exception):
        accounts(tmp_path, text)
