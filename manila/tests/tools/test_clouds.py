"""The quick start's entry in clouds.yaml."""
import pytest
import yaml
from lib import clouds

CLOUD = clouds.entry('http://127.0.0.1:8786/v2', 'admin', 'secret-1_x')


@pytest.fixture
def path(tmp_path):
    """Where the file would be."""
    return tmp_path / 'openstack' / 'clouds.yaml'


def written(path, text):
    """The file with a content."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_a_new_file_has_our_cloud_and_is_private(path):
    clouds.add(path, CLOUD)
    assert yaml.safe_load(path.read_text()) == {'clouds': {'manila': CLOUD}}
    assert path.stat().st_mode & 0o777 == 0o600


def test_adding_again_replaces_our_cloud(path):
    clouds.add(path, CLOUD)
    other = clouds.entry('http://127.0.0.1:9999/v2', 'admin', 'another')
    clouds.add(path, other)
    assert yaml.safe_load(path.read_text()) == {'clouds': {'manila': other}}


def test_clouds_and_comments_of_others_stay_as_they_are(path):
    text = '# mine\nclouds:\n    # for tests\n    dev:\n        auth: {a: b}\nclient: {x: 1}\n'
    clouds.add(written(path, text), CLOUD)
    assert yaml.safe_load(path.read_text()) == {
        'clouds': {'dev': {'auth': {'a': 'b'}}, 'manila': CLOUD}, 'client': {'x': 1}}
    clouds.remove(path)
    assert path.read_text() == text


@pytest.mark.parametrize('text', ['clouds:\n  manila:\n    auth: {}\n', 'clouds: {dev: {}}\n', '- a list\n',
                                  'clouds: [1]\n'])
def test_a_file_we_cannot_add_to_safely_is_left_alone(path, text):
    with pytest.raises(clouds.Conflict):
        clouds.add(written(path, text), CLOUD)
    assert path.read_text() == text


def test_a_file_with_nothing_but_our_cloud_goes_with_it(path):
    clouds.add(path, CLOUD)
    clouds.remove(path)
    assert not path.exists()
    clouds.remove(path)
