"""Answers to exceptions."""
import pytest
import webob
import webob.exc

from manila import exception
from manila.api import faults


def told(error):
    answer = faults.from_exception(error)
    (name, content), = answer.json.items()
    assert content['code'] == answer.status_int
    return answer.status_int, name, content['message']


@pytest.mark.parametrize('error, status, name, text', [
    (exception.ShareNotFound(share_id='x'), 404, 'itemNotFound', 'x'),
    (exception.InvalidShare(reason='too red'), 400, 'badRequest', 'too red'),
    (exception.PolicyNotAuthorized(action='share:get'), 403, 'forbidden', 'share:get'),
    (exception.Conflict(err='in the way'), 409, 'conflictingRequest', 'in the way'),
    (exception.ShareBusyException(reason='busy'), 400, 'badRequest', 'busy'),
    (webob.exc.HTTPNotFound('gone'), 404, 'itemNotFound', 'gone'),
    (webob.exc.HTTPMethodNotAllowed(), 405, 'badMethod', ''),
    (webob.exc.HTTPUnsupportedMediaType(), 415, 'badMediaType', ''),
    (webob.exc.HTTPServiceUnavailable(), 503, 'serviceUnavailable', ''),
    (webob.exc.HTTPUnprocessableEntity(), 422, 'computeFault', '')])
def test_foreseen_errors_are_told(error, status, name, text):
    found = told(error)
    assert found[:2] == (status, name)
    assert text in found[2]


@pytest.mark.parametrize('error', [
    exception.ShareBackendException(msg='secret'), exception.ManilaException('secret'), ValueError('secret'),
    KeyError('secret'), UnicodeDecodeError('utf-8', b'secret', 0, 1, 'secret')])
def test_unforeseen_errors_are_not_told_but_logged(error, caplog):
    status, name, message = told(error)
    assert (status, name) == (500, 'computeFault')
    assert 'secret' not in message
    assert 'secret' in caplog.text


def test_client_error_of_a_driver_is_not_told():
    status, name, message = told(exception.StorageResourceNotFound(name='secret'))
    assert (status, name) == (404, 'itemNotFound')
    assert 'secret' not in message


def test_quota_refusal_may_be_tried_again_at_once():
    answer = faults.from_exception(exception.ShareLimitExceeded(allowed=5))
    assert answer.headers['Retry-After'] == '0'
    assert answer.json['overLimit']['retryAfter'] == '0'


def test_redirection_stays_one():
    answer = faults.from_exception(webob.exc.HTTPFound(location='/there'))
    assert answer.status_int == 302


def get(application):
    return webob.Request.blank('/').get_response(faults.FaultWrapper(application))


def test_error_pages_below_become_faults_and_keep_their_headers():
    answer = get(webob.exc.HTTPUnauthorized(headers={'WWW-Authenticate': 'Keystone uri=x'}))
    assert answer.json['unauthorized']['code'] == 401
    assert answer.headers['WWW-Authenticate'] == 'Keystone uri=x'


def test_answers_and_faults_below_pass_untouched():
    assert get(webob.Response('fine')).text == 'fine'
    assert get(faults.answer(404, 'mine')).json['itemNotFound']['message'] == 'mine'


def test_what_is_raised_below_becomes_a_fault():
    def broken(environ, start_response):
        raise RuntimeError('secret')
    assert 'secret' not in get(broken).text
    assert get(broken).status_int == 500
