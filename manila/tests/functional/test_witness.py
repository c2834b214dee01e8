"""The filter that watches answers of running services."""
import json

import pytest
import webob
from paste import deploy

from manila.api import app, openapi, versions
from manila.tests.functional import witness
from manila.tests.functional.cluster import PASTE

GOOD = {'availability_zones': [{'id': 'a', 'name': 'nova', 'created_at': None, 'updated_at': None}]}


def documents(version):
    return openapi.document(app.operations(), versions.parse(version))


@pytest.fixture
def watch(tmp_path):
    """Function that has an answer pass the filter; returns the lines about all answers so far."""
    replies = []
    watched = witness.filter_factory({}, str(tmp_path))(lambda environ, start: replies[-1](environ, start))

    def send(content, path='/availability-zones', status=200, version='2.7'):
        body = b'' if content is None else json.dumps(content).encode()
        replies.append(webob.Response(body=body, status=status, content_type='application/json', charset=None))
        req = webob.Request.blank(path, headers={'X-OpenStack-Manila-API-Version': version})
        assert req.get_response(watched).body == body
        return list(witness.problems(tmp_path, documents))
    return send


def test_answers_as_documented_are_no_problem(watch):
    assert watch(GOOD) == []
    assert watch({'itemNotFound': {'code': 404, 'message': 'There is none.'}}, '/shares/0', 404) == []


@pytest.mark.parametrize('content, status', [
    ({'availability_zones': [{'id': 1}]}, 200), ({}, 200), (None, 200), (GOOD, 202), ({'error': 'oh'}, 404)])
def test_answers_other_than_documented_are_told(watch, content, status):
    assert any('/availability-zones at 2.7' in line for line in watch(content, status=status))


def test_an_answer_where_nothing_is_documented_is_told(watch):
    assert watch(GOOD, version='2.6') == ['GET /availability-zones at 2.6: 200 where nothing is documented']


def test_answers_of_one_form_are_written_down_once(watch, tmp_path):
    for name in ('one', 'two'):
        watch({'availability_zones': [{**GOOD['availability_zones'][0], 'name': name}]})
    watch({'availability_zones': []})
    assert len(list(witness.answers(tmp_path))) == 2


def test_the_filter_is_in_front_of_the_api(conf, tmp_path):
    conf.config(auth_strategy='noauth')
    witness.write_paste_file(PASTE, tmp_path / 'paste.ini', tmp_path)
    application = deploy.loadapp(f'config:{tmp_path}/paste.ini', name='osapi_share')
    answer = webob.Request.blank('/v2/').get_response(application)
    assert [told['status'] for told in witness.answers(tmp_path)] == [answer.status_int]
