"""The real pipelines of api-paste.ini, whole."""
import base64
import json
import logging
import pathlib

import bcrypt
import pytest
import webob
from keystonemiddleware.auth_token import AuthProtocol
from oslo_context import context as oslo_context

import manila
from manila import health, policy
from manila.api import app, auth
from manila.conf import CONF
from manila.tests.api import toys

PASTE = pathlib.Path(manila.__file__).parents[1] / 'etc' / 'manila' / 'api-paste.ini'
VERSION = 'X-OpenStack-Manila-API-Version'


@pytest.fixture
def load(conf, monkeypatch):
    """Function that loads the application with the toys for an ``auth_strategy``."""
    monkeypatch.setattr(policy, 'discover', lambda: toys.RULES)
    monkeypatch.setattr(app, 'operations', lambda: list(toys.toys))

    def make(strategy, **options):
        conf.config(auth_strategy=strategy, api_paste_config=str(PASTE), **options)
        return app.load()
    yield make
    policy.reset()


def send(application, path, method='GET', body=None, **headers):
    req = webob.Request.blank(path, method=method)
    req.headers.update({name.replace('_', '-'): value for name, value in headers.items()})
    if body is not None:
        req.body, req.content_type = body, 'application/json'
    return req.get_response(application)


def test_list_of_versions_is_for_everybody_and_answers_300(load):
    answer = send(load('keystone'), '/')
    assert answer.status_int == 300
    assert VERSION not in answer.headers and 'Vary' not in answer.headers
    assert answer.json['versions'][0]['id'] == 'v2.0'
    assert answer.headers['x-compute-request-id'].startswith('req-')
    assert answer.headers['x-compute-request-id'] == answer.headers['x-openstack-request-id']


def test_healthcheck_is_for_everybody(load, database):
    health.database.reason.forget()
    answer = send(load('keystone'), '/healthcheck')
    assert answer.status_int == 200 and 'database: OK' in answer.text


def test_unknown_path_outside_the_api_is_a_fault(load):
    assert send(load('noauth'), '/elsewhere').json['itemNotFound']['code'] == 404


def test_noauth_hands_out_tokens_and_believes_them(load):
    application = load('noauth')
    answer = send(application, '/v2/', X_Auth_User='ann', X_Auth_Project_Id=toys.PROJECT)
    assert answer.status_int == 204
    assert answer.headers['X-Auth-Token'] == f'ann:{toys.PROJECT}'
    assert answer.headers['X-Server-Management-Url'] == f'http://localhost/v2/{toys.PROJECT}'
    answer = send(application, f'/v2/{toys.PROJECT}/toys/1', X_Auth_Token=f'ann:{toys.PROJECT}')
    assert answer.json['toy']['host'] == 'h'
    assert answer.json['toy']['links'][0]['href'] == f'http://localhost/v2/{toys.PROJECT}/toys/1'
    assert send(application, '/v2/toys', X_Auth_Token='ann').status_int == 200
    assert send(application, f'/v2/{toys.PROJECT}/toys', X_Auth_Token='ann').status_int == 400


def test_noauthv2_names_a_url_without_project(load):
    answer = send(load('noauthv2'), '/v2/')
    assert answer.headers['X-Auth-Token'] == 'admin:admin'
    assert answer.headers['X-Server-Management-Url'] == 'http://localhost/v2'


def test_path_without_slash_leads_to_the_versions(load):
    application = load('noauth')
    answer = send(application, '/v2', X_Auth_Token='ann')
    assert answer.status_int == 302
    assert answer.headers['Location'] == 'http://localhost/v2/'
    answer = send(application, '/v2/', X_Auth_Token='ann')
    assert answer.status_int == 200
    assert answer.headers[VERSION] == '2.0' and answer.headers['Vary'] == VERSION


@pytest.mark.parametrize('path, method',
                         [('/v2/toys/unknown', 'GET'), ('/v2/nothing', 'GET'), ('/v2/toys/1', 'DELETE'),
                                          ('/v2/toys/broken', 'GET')])
def test_every_answer_has_both_request_ids(load, path, method):
    answer = send(load('noauth'), path, method, X_Auth_Token='ann')
    assert answer.headers['x-compute-request-id'] == answer.headers['x-openstack-request-id']


def test_caller_and_request_id_reach_the_log(load):
    seen = []

    class Handler(logging.Handler):
        def emit(self, record):
            seen.append(oslo_context.get_current().get_logging_values())

    logger = logging.getLogger('manila.api.dispatch')
    handler = Handler()
    logger.addHandler(handler)
    logger.setLevel('INFO')
    try:
        answer = send(load('noauth'), '/v2/toys/1', X_Auth_Token=f'ann:{toys.PROJECT}')
    finally:
        logger.removeHandler(handler)
        logger.setLevel('NOTSET')
    values = seen[-1]
    assert values['request_id'] == answer.headers['x-compute-request-id']
    assert (values['user'], values['project']) == ('ann', toys.PROJECT)


@pytest.mark.parametrize('chunked', [False, True])
def test_body_that_is_too_large_is_413(load, conf, chunked):
    application = load('noauth')
    conf.config(group='oslo_middleware', max_request_body_size=100)
    req = webob.Request.blank('/v2/toys', method='POST', headers={'X-Auth-Token': 'ann'})
    req.body = json.dumps({'toy': {'size': 1, 'name': 'x' * 200}}).encode()
    req.content_type = 'application/json'
    if chunked:
        req.content_length = None
        req.environ['wsgi.input_terminated'] = True
    answer = req.get_response(application)
    assert answer.status_int == 413
    assert answer.json['overLimit']['retryAfter'] == '0'
    assert 'exceed' in answer.json['overLimit']['message']
    assert answer.headers['x-compute-request-id']


def test_proxy_headers_count_only_when_they_are_believed(load, conf):
    headers = {'X_Forwarded_Proto': 'https', 'X_Forwarded_Host': 'share.example.org',
               'X_Forwarded_Prefix': '/share'}
    link = send(load('noauth'), '/', **headers).json['versions'][0]['links'][1]['href']
    assert link == 'http://localhost/v2/'
    conf.config(group='oslo_middleware', enable_proxy_headers_parsing=True)
    application = load('noauth')
    link = send(application, '/', **headers).json['versions'][0]['links'][1]['href']
    assert link == 'https://share.example.org/share/v2/'
    toy = send(application, '/v2/toys/1', X_Auth_Token='ann', **headers).json['toy']
    assert toy['links'][0]['href'] == 'https://share.example.org/share/v2/toys/1'


def test_allowed_origin_gets_cors_headers(load, conf):
    from oslo_middleware import cors
    conf.register_opts(cors.OPTS, group='cors')
    conf.config(group='cors', allowed_origin=['https://portal.example.org'])
    application = load('noauth')
    answer = send(application, '/v2/toys', 'OPTIONS', Origin='https://portal.example.org',
                  Access_Control_Request_Method='GET', Access_Control_Request_Headers=VERSION)
    assert answer.status_int < 300
    assert answer.headers['Access-Control-Allow-Origin'] == 'https://portal.example.org'


def believe(middleware, request):
    """What keystonemiddleware does with a token, without asking a Keystone."""
    request.remove_auth_headers()
    if request.environ.get('HTTP_X_AUTH_TOKEN') != 'good':
        raise webob.exc.HTTPUnauthorized(headers={'WWW-Authenticate': 'Keystone uri="http://keystone"'})
    request.headers.update({'X-User-Id': 'u1', 'X-Project-Id': toys.PROJECT, 'X-Roles': 'member, reader',
                            'X-User-Name': 'ann', 'X-Project-Name': 'demo'})


@pytest.fixture
def keystone(monkeypatch):
    monkeypatch.setattr(AuthProtocol, 'process_request', believe)


def test_keystone_names_the_caller(load, keystone):
    application = load('keystone')
    assert send(application, '/v2/toys/1', X_Auth_Token='good', X_Roles='admin').status_int == 200
    assert send(application, '/v2/boxes', X_Auth_Token='good', X_Roles='admin',
                **{VERSION: '2.7'}).status_int == 403
    assert send(application, f'/v2/{toys.PROJECT}/toys', X_Auth_Token='good').status_int == 200


def test_keystone_refuses_other_tokens_as_json(load, keystone):
    application = load('keystone')
    for path in ('/v2/', '/v2/toys', '/v2/nothing'):
        answer = send(application, path)
        assert answer.json['unauthorized']['code'] == 401
        assert answer.headers['WWW-Authenticate'] == 'Keystone uri="http://keystone"'
        assert answer.headers['x-compute-request-id']


def test_keystone_token_without_user_is_refused(conf):
    answer = webob.Request.blank('/').get_response(auth.KeystoneContext(None))
    assert answer.status_int == 401


def test_keystone_context_has_all_that_the_token_says(conf):
    policy.init(toys.RULES)
    environ = webob.Request.blank('/', headers={
        'X-User-Id': 'u1', 'X-Project-Id': 'p1', 'X-Roles': 'admin,member', 'X-Service-Roles': 'service',
        'OpenStack-System-Scope': 'all', 'X-Forwarded-For': '192.0.2.7, 10.0.0.1'}).environ
    environ.update({'REMOTE_ADDR': '10.0.0.1', 'openstack.request_id': 'req-1'})
    found = auth.KeystoneContext(None).identify(environ)
    assert (found.user_id, found.project_id, found.roles) == ('u1', 'p1', ['admin', 'member'])
    assert (found.request_id, found.remote_address) == ('req-1', '10.0.0.1')
    assert found.is_service and found.system_scope == 'all'
    conf.config(use_forwarded_for=True)
    assert auth.KeystoneContext(None).identify(environ).remote_address == '192.0.2.7'
    policy.reset()


@pytest.fixture
def basic(load, conf, tmp_path):
    """The application in standalone mode, with users ann and root."""
    crypted = bcrypt.hashpw(b'pw', bcrypt.gensalt(4)).decode()
    (tmp_path / 'htpasswd').write_text(''.join(f'{user}:{crypted}\n' for user in ('ann', 'root', 'homeless')))
    (tmp_path / 'accounts.yaml').write_text(
        f'ann: {{project_id: {toys.PROJECT}}}\nroot: {{project_id: {toys.PROJECT}, roles: [admin]}}\n')
    conf.config(group='oslo_middleware', http_basic_auth_user_file=str(tmp_path / 'htpasswd'))
    conf.config(group='standalone', accounts_file=str(tmp_path / 'accounts.yaml'))
    return load('http_basic')


def login(user, password='pw'):
    return {'Authorization': 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()}


def test_basic_login_gives_project_and_roles(basic):
    assert 'host' not in send(basic, '/v2/toys/1', **login('ann')).json['toy']
    assert send(basic, f'/v2/{toys.PROJECT}/toys/1', **login('root')).json['toy']['host'] == 'h'
    assert send(basic, '/v2/boxes', **login('ann'), **{VERSION: '2.7'}).status_int == 403


@pytest.mark.parametrize('headers', [{}, login('ann', 'no'), login('eve'), login('homeless'),
                                     {'X_User_Id': 'root', 'X_Roles': 'admin', 'X_Auth_Token': 'root:root'}])
def test_others_are_asked_to_log_in(basic, headers):
    answer = send(basic, '/v2/toys', **headers)
    assert answer.json['unauthorized']['code'] == 401
    assert answer.headers['WWW-Authenticate'].startswith('Basic realm=')


@pytest.mark.parametrize('host, tls, remote, fine', [
    ('127.0.0.1', False, False, True), ('::1', False, False, True), ('localhost', False, False, True),
    ('0.0.0.0', False, False, False), ('::', False, False, False), ('192.0.2.1', True, False, True),
    ('192.0.2.1', False, True, True), ('share.example.org', False, False, False)])
def test_passwords_stay_off_the_network(conf, host, tls, remote, fine):
    conf.config(auth_strategy='http_basic')
    conf.config(group='standalone', allow_remote=remote)
    if fine:
        auth.refuse_passwords_in_the_clear(host, tls)
    else:
        with pytest.raises(ValueError, match='loopback'):
            auth.refuse_passwords_in_the_clear(host, tls)


def test_other_strategies_may_listen_everywhere(conf):
    conf.config(auth_strategy='keystone')
    auth.refuse_passwords_in_the_clear('0.0.0.0', tls=False)


def test_strategy_is_keystone_by_default():
    assert CONF.auth_strategy == 'keystone'


def test_missing_paste_file_is_said(conf):
    conf.config(api_paste_config='no-such-file.ini')
    with pytest.raises(FileNotFoundError, match='no-such-file.ini'):
        app.load()
