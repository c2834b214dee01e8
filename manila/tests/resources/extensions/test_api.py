"""The listing of API extensions over HTTP."""
import pytest


@pytest.mark.parametrize('version', ['2.0', '2.99'])
def test_there_are_no_extensions(api, version):
    assert api.user.get('/extensions', version) == {'extensions': []}
    answer = api.user('GET', '/extensions/os-quota-sets', version=version)
    assert answer.status_int == 404 and 'os-quota-sets' in answer.json['itemNotFound']['message']
