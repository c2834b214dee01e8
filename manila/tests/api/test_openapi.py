"""The OpenAPI document."""
import openapi_spec_validator
import pytest
import webob

from manila.api import openapi, versions
from manila.api.faults import FaultWrapper
from manila.tests.api import toys


def document(text):
    return openapi.document(toys.toys, versions.parse(text))


@pytest.mark.parametrize('version', ['2.0', '2.6', '2.7', '2.22', '2.99'])
def test_document_is_valid(version):
    openapi_spec_validator.validate(document(version))


def test_document_has_what_the_version_has():
    assert '/os-boxes' in document('2.6')['paths'] and '/os-boxes' not in document('2.7')['paths']
    assert 'put' not in document('2.4')['paths']['/toys/{toy_id}']
    new = document('2.5')['paths']['/toys/{toy_id}']['put']
    assert new['requestBody']['required'] is True
    assert new['summary'] == 'Change a toy'


def test_actions_are_alternatives_of_one_body():
    post = document('2.22')['paths']['/toys/{toy_id}/action']['post']
    choices = post['requestBody']['content']['application/json']['schema']['oneOf']
    assert [choice['required'] for choice in choices] == [['grow'], ['paint']]
    assert set(post['responses']) >= {'202', '200', '400', '403', '404'}
    assert {'$ref': '#/components/parameters/experimental'} in post['parameters']
    old = document('2.6')['paths']['/toys/{toy_id}/action']['post']
    assert old['requestBody']['content']['application/json']['schema']['oneOf'][0]['required'] == ['os-grow']


def test_body_and_answers_are_described():
    post = document('2.99')['paths']['/toys']['post']
    body = post['requestBody']['content']['application/json']['schema']
    assert body['required'] == ['toy'] and body['properties']['toy']['required'] == ['size']
    assert '422' in post['responses']
    answer = post['responses']['200']['content']['application/json']['schema']
    assert answer['properties']['toy']['properties']['id'] == {'type': ['string', 'null']}
    parameters = document('2.99')['paths']['/toys']['get']['parameters']
    assert {'name', 'is_public', 'limit', 'offset', 'marker'} <= {item.get('name') for item in parameters}


def get(path):
    application = FaultWrapper(openapi.Application(toys.toys))
    return webob.Request.blank(path).get_response(application)


def test_newest_version_is_served_by_default():
    answer = get('/')
    assert answer.json['info']['version'] == '2.99'
    assert answer.json['servers'] == [{'url': 'http://localhost/v2'}]


def test_other_versions_are_served_when_named():
    assert get('/?version=2.6').json['info']['version'] == '2.6'
    assert get('/?version=2.100').status_int == 400
    assert get('/?version=latest').status_int == 400
    assert get('/more').status_int == 404
