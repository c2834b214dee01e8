"""The application for other WSGI servers."""
import webob

from manila.api import app
from manila.wsgi import api


def test_directory_of_the_environment_names_the_files(tmp_path):
    assert api.configuration_files({}) is None
    (tmp_path / 'manila.conf').write_text('')
    assert api.configuration_files({'OS_MANILA_CONFIG_DIR': str(tmp_path)}) == [str(tmp_path / 'manila.conf')]
    (tmp_path / 'manila-api.conf').write_text('')
    assert api.configuration_files({'OS_MANILA_CONFIG_DIR': str(tmp_path)}) == [
        str(tmp_path / 'manila.conf'), str(tmp_path / 'manila-api.conf')]


def test_application_is_made_once_without_a_look_at_the_command_line(conf, monkeypatch, tmp_path):
    made = []
    (tmp_path / 'manila.conf').write_text('[DEFAULT]\nosapi_max_limit = 77\n')
    monkeypatch.setenv('OS_MANILA_CONFIG_DIR', str(tmp_path))
    monkeypatch.setattr('sys.argv', ['server', '--no-such-option'])
    monkeypatch.setattr(api, '_application', None)
    monkeypatch.setattr(api.log, 'setup', lambda *args: None)
    monkeypatch.setattr(app, 'load',
                        lambda: made.append(conf.conf.osapi_max_limit) or webob.Response('hello'))
    for _ in range(2):
        assert webob.Request.blank('/').get_response(api.application).text == 'hello'
    assert made == [77]
