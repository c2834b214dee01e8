"""Every rule of the dispatcher, through the WSGI application."""
import pytest
import webob

from manila import policy
from manila.api import metrics
from manila.api.dispatch import Dispatcher
from manila.api.operation import Operations
from manila.tests.api import toys

VERSION = 'X-OpenStack-Manila-API-Version'
EXPERIMENTAL = 'X-OpenStack-Manila-API-Experimental'


def fault(answer):
    (name, content), = answer.json.items()
    assert answer.content_type == 'application/json'
    assert content['code'] == answer.status_int
    return name, content['message']


def test_absent_version_means_the_oldest_and_is_echoed(api):
    answer = api('GET', '/toys/1', version=None)
    assert answer.status_int == 200
    assert answer.headers[VERSION] == '2.0'
    assert answer.headers['Vary'] == VERSION
    assert 'colour' not in answer.json['toy']


@pytest.mark.parametrize('text', ['latest', '2', '2.x', '02.1', '', '2.01', '2.1.1', '2.99999999', '-2.1'])
def test_malformed_version_is_bad_request_without_version_header(api, text):
    answer = api('GET', '/toys/1', version=None, headers={VERSION: text})
    assert answer.status_int == 400
    assert fault(answer)[0] == 'badRequest'
    assert VERSION not in answer.headers
    assert answer.headers['Vary'] == VERSION


@pytest.mark.parametrize('text', ['2.100', '1.0', '3.0'])
def test_version_out_of_range_is_not_acceptable_and_repeated(api, text):
    answer = api('GET', '/toys/1', version=text)
    assert answer.status_int == 406
    assert answer.headers[VERSION] == text
    name, message = fault(answer)
    assert name == 'computeFault'
    assert text in message and '2.99' in message


def test_operation_outside_its_versions_is_not_found(api):
    assert api('PUT', '/toys/1', {'toy': {}}, version='2.4').status_int == 404
    assert api('PUT', '/toys/1', {'toy': {}}, version='2.5').status_int == 200


def test_experimental_operation_needs_the_header(api):
    body = {'paint': None}
    assert api('POST', '/toys/1/action', body, version='2.22').status_int == 404
    answer = api('POST', '/toys/1/action', body, version='2.22', headers={EXPERIMENTAL: 'nonsense'})
    assert answer.status_int == 404
    answer = api('POST', '/toys/1/action', body, version='2.22', headers={EXPERIMENTAL: 'True'})
    assert answer.status_int == 200
    assert answer.headers[EXPERIMENTAL] == 'True'
    assert api('POST', '/toys/1/action', body, version='2.96').status_int == 200


def test_experimental_header_is_harmless_elsewhere(api):
    answer = api('GET', '/toys/1', headers={EXPERIMENTAL: 'true'})
    assert answer.status_int == 200
    assert answer.headers[EXPERIMENTAL] == 'True'


@pytest.mark.parametrize('version, name, status', [
    ('2.6', 'os-grow', 202), ('2.7', 'os-grow', 404), ('2.6', 'grow', 404), ('2.7', 'grow', 202)])
def test_action_has_its_prefix_up_to_2_6_only(api, version, name, status):
    assert api('POST', '/toys/1/action', {name: {'new_size': 2}}, version=version).status_int == status


@pytest.mark.parametrize('version, path, status', [
    ('2.6', '/os-boxes', 200), ('2.7', '/os-boxes', 404), ('2.6', '/boxes', 404), ('2.7', '/boxes', 200)])
def test_collection_has_its_old_path_up_to_2_6_only(api, version, path, status):
    assert api('GET', path, version=version, roles=['admin']).status_int == status


def test_action_without_content_has_an_empty_answer(api):
    answer = api('POST', '/toys/1/action', {'grow': {'new_size': 2}})
    assert answer.status_int == 202
    assert answer.body == b''
    assert answer.headers['Content-Length'] == '0'
    assert api.environ['toys.body'] == {'new_size': 2}


def test_handler_may_choose_another_status(api):
    assert api('POST', '/toys/grown/action', {'grow': {'new_size': 2}}).status_int == 200


@pytest.mark.parametrize('body', [{'jump': None}, {}, {'grow': {}, 'paint': {}}, [], 'grow', b'{', b''])
def test_body_that_names_no_action_is_bad_request(api, body):
    assert fault(api('POST', '/toys/1/action', body))[0] == 'badRequest'


def test_null_content_of_an_action_lacks_its_required_fields(api):
    name, message = fault(api('POST', '/toys/1/action', {'grow': None}))
    assert name == 'badRequest'
    assert "'grow.new_size'" in message and 'required' in message


def test_both_forms_of_path_are_served(api):
    plain = api('GET', '/toys/1').json['toy']['links']
    assert plain == [{'rel': 'self', 'href': 'http://localhost/v2/toys/1'},
                     {'rel': 'bookmark', 'href': 'http://localhost/toys/1'}]
    answer = api('GET', f'/{toys.PROJECT}/toys/1', version='2.0')
    assert answer.json['toy']['links'] == [
        {'rel': 'self', 'href': f'http://localhost/v2/{toys.PROJECT}/toys/1'},
        {'rel': 'bookmark', 'href': f'http://localhost/{toys.PROJECT}/toys/1'}]


def test_project_of_the_path_must_be_that_of_the_token(api):
    assert api('GET', '/deadbeef/toys/1').status_int == 400
    assert api('GET', '/deadbeef/toys/1', roles=['admin']).status_int == 400
    assert api('GET', f'/{toys.PROJECT}/toys/1', project=None).status_int == 400


def test_base_url_can_be_configured(api, conf):
    conf.config(osapi_share_base_URL='https://share.example.org/x/')
    assert api('GET', '/toys/1').json['toy']['links'][0]['href'] == 'https://share.example.org/x/v2/toys/1'


@pytest.mark.parametrize('method, path', [
    ('GET', '/nothing'), ('GET', '/toys/1/2/3'), ('PATCH', '/toys/1'), ('DELETE', '/toys'),
    ('GET', '/NOPROJECT/toys'), ('GET', '/toys/%00'), ('GET', '/toys/' + 'x' * 256), ('GET', '/abc123'),
    ('POST', '/'), ('BREW', '/toys'), ('GET', '//toys'), ('GET', '/toys/1/action'), ('POST', '/toys/1')])
def test_what_is_not_served_is_not_found(api, method, path):
    assert fault(api(method, path))[0] == 'itemNotFound'


def test_trailing_slash_stands_for_an_empty_id_which_nothing_has(api):
    assert api('GET', '/toys/').status_int == 404


def test_path_with_fixed_part_falls_back_to_the_general_one(api):
    assert 'toys' in api('GET', '/toys/detail').json
    assert api('DELETE', '/toys/detail').status_int == 202


def test_path_that_is_not_utf8_is_bad_request(api):
    assert api('GET', '/toys/%ff').status_int == 400


def test_documents_of_versions(api):
    answer = api('GET', '/')
    assert answer.status_int == 200
    assert answer.headers[VERSION] == '2.99'
    entry, = answer.json['versions']
    assert entry['id'] == 'v2.0' and entry['status'] == 'CURRENT'
    assert (entry['min_version'], entry['version']) == ('2.0', '2.99')
    assert entry['updated'] and entry['media-types']
    assert {'rel': 'self', 'href': 'http://localhost/v2/'} in entry['links']


def test_caller_without_context_is_unauthorized(rules):
    answer = webob.Request.blank('/toys').get_response(Dispatcher(toys.toys))
    assert fault(answer)[0] == 'unauthorized'


def test_policy_refuses_before_the_body_is_looked_at(api):
    assert fault(api('POST', '/toys', b'{', roles=['reader']))[0] == 'forbidden'
    assert fault(api('POST', '/toys/1/action', {'grow': {}}, roles=['reader']))[0] == 'forbidden'


def test_found_row_is_checked_against_the_rules_of_the_operation(api, conf):
    conf.config(group='oslo_policy', enforce_new_defaults=True)
    policy.init(toys.RULES)
    assert api('GET', '/toys/foreign').status_int == 403
    assert api('GET', '/toys/foreign', roles=['admin']).status_int == 200
    assert api('GET', '/toys/1', roles=['reader']).status_int == 200
    assert api('GET', '/toys/1', roles=[]).status_int == 403


def test_public_operation_needs_no_role(api):
    assert api('GET', '/limits', roles=[]).json == {'limits': {'free': None}}


def test_fields_follow_versions_and_rules(api):
    assert api('GET', '/toys/1', version='2.0').json['toy']['state'] == 'ok'
    assert api('GET', '/toys/1', version='2.30').json['toy']['state'] == 'good'
    assert api('GET', '/toys/1', version='2.31').json['toy']['state'] == 'fine'
    assert 'host' not in api('GET', '/toys/1').json['toy']
    assert api('GET', '/toys/1', roles=['admin']).json['toy']['host'] == 'h'


def test_object_comes_under_both_keys(api):
    body = api('GET', '/toys/1').json
    assert body['plaything'] == body['toy']
    assert body['toy']['created_at'] == '2026-01-02T03:04:05.000678'


def test_list_has_count_optional_fields_and_next_link(api):
    body = api('GET', "/toys/detail?name=x&is_public=false&metadata={'a': 'b'}&other=1").json
    assert body['count'] == 7
    assert [toy.get('colour') for toy in body['toys']] == ['red', None]
    assert 'colour' not in body['toys'][1]
    assert api.environ['toys.query'] == {'name': 'x', 'is_public': False, 'metadata': {'a': 'b'}}
    (link,) = body['toys_links']
    assert link['rel'] == 'next' and 'marker=2' in link['href'] and 'other=1' in link['href']


def test_full_page_links_to_the_next_one(api):
    body = api('GET', f'/{toys.PROJECT}/toys?limit=2&offset=1').json
    assert [toy['id'] for toy in body['toys']] == ['1', '2']
    assert body['toys_links'] == [
        {'rel': 'next', 'href': f'http://localhost/v2/{toys.PROJECT}/toys?limit=2&marker=2'}]
    assert 'toys_links' not in api('GET', '/toys?limit=6').json
    assert 'toys_links' not in api('GET', '/toys').json
    assert api('GET', '/toys?limit=0').json == {'toys': []}


def test_limit_is_capped(api, conf):
    conf.config(osapi_max_limit=3)
    body = api('GET', '/toys?limit=50').json
    assert len(body['toys']) == 3 and 'toys_links' in body


def test_list_without_pages_is_whole_whatever_the_limit(api):
    assert api('GET', '/colours?limit=1').json == {'colours': [{'name': 'red'}, {'name': 'blue'}]}


@pytest.mark.parametrize('query', [
    'limit=-1', 'limit=x', 'limit=', 'limit=1.5', 'offset=-1', 'offset=99999999999999999999', 'sort_key=',
    'sort_dir=', 'marker=', 'marker=' + 'x' * 256, 'marker=%00', 'name=%ff', 'is_public=maybe', 'metadata=1',
    "metadata={'a'",
    'metadata=' + '[' * 3000, "metadata={'a': {}}", 'name=' + 'x' * 256, '&'.join(['a=1'] * 300)])
def test_bad_query_is_bad_request(api, query):
    assert api('GET', f'/toys?{query}').status_int == 400


def test_created_toy_gets_the_parsed_body(api):
    body = {'toy': {'size': '7', 'display_name': 'x', 'colour': 'red', 'unknown': [1],
                    'metadata': {'a': 'b'}}}
    assert api('POST', '/toys', body).status_int == 200
    assert api.environ['toys.body'] == {'size': 7, 'name': 'x', 'is_public': False, 'colour': 'red',
                                        'metadata': {'a': 'b'}}
    assert api('POST', '/toys', body, version='2.9').status_int == 200
    assert 'colour' not in api.environ['toys.body']


def test_optional_fields_may_be_null(api):
    assert api('POST', '/toys', {'toy': {'size': 1, 'name': None, 'metadata': None}}).status_int == 200
    assert api.environ['toys.body'] == {'size': 1, 'name': None, 'is_public': False, 'metadata': None}


@pytest.mark.parametrize('toy, field', [
    ({}, 'toy.size'), ({'size': None}, 'toy.size'), ({'size': 0}, 'toy.size'), ({'size': True}, 'toy.size'),
    ({'size': 1.5}, 'toy.size'), ({'size': 2 ** 31}, 'toy.size'), ({'size': '١'}, 'toy.size'),
    ({'size': 1, 'name': 5}, 'toy.name'), ({'size': 1, 'display_name': 'x' * 256}, 'toy.display_name'),
    ({'size': 1, 'name': 'a\0b'}, 'toy.name'), ({'size': 1, 'name': '\ud800'}, 'toy.name'),
    ({'size': 1, 'is_public': None}, 'toy.is_public'), ({'size': 1, 'is_public': 2}, 'toy.is_public'),
    ({'size': 1, 'colour': 'green'}, 'toy.colour'), ({'size': 1, 'colour': {}}, 'toy.colour'),
    ({'size': 1, 'metadata': []}, 'toy.metadata'), ({'size': 1, 'metadata': {'': 'x'}}, 'toy.metadata'),
    ({'size': 1, 'metadata': {'a': ''}}, 'toy.metadata.a'),
    ({'size': 1, 'metadata': {'a': 1}}, 'toy.metadata.a'),
    ({'size': 1, 'metadata': {'a': 'x' * 1024}}, 'toy.metadata.a'), ([], 'toy'), ('x', 'toy'), (None, 'toy')])
def test_bad_value_is_refused_with_the_name_of_its_field(api, toy, field):
    name, message = fault(api('POST', '/toys', {'toy': toy}))
    assert name == 'badRequest'
    assert f"'{field}'" in message


@pytest.mark.parametrize('body', [
    b'{', b'null', b'[]', b'"toy"', b'\xff\xfe', b'{"toy": ' + b'[' * 100000, b'{"toy": {"size": NaN}}',
    b'{"toy": {"size": Infinity}}', b'{"toy": {"size": 1e999}}', b'  ',
    b'{"toy": {"size": ' + b'9' * 5000 + b'}}'])
def test_body_that_is_not_an_object_is_bad_request(api, body):
    assert fault(api('POST', '/toys', body))[0] == 'badRequest'


def test_missing_object_has_the_status_of_its_declaration(api):
    name, message = fault(api('POST', '/toys', {'doll': {}}))
    assert name == 'computeFault' and "'toy'" in message
    assert api('POST', '/toys', {'doll': {}}).status_int == 422
    assert api('PUT', '/toys/1', {'doll': {}}).status_int == 400


@pytest.mark.parametrize('error', [OSError, ValueError, KeyError])
def test_body_that_cannot_be_read_is_bad_request(api, error):
    class Broken:
        def read(self, *_):
            raise error('chunk size zz')

    answer = api('POST', '/toys', b'{}', environ={'wsgi.input': Broken(), 'webob.is_body_seekable': False})
    assert fault(answer)[0] == 'badRequest' and 'zz' not in answer.text


def test_body_of_another_content_type_is_ignored(api):
    answer = api('POST', '/toys', {'toy': {'size': 1}}, content_type='text/plain')
    assert fault(answer)[0] == 'badRequest'


def test_strict_fields_refuse_unknown_keys(api):
    assert "'toy.size'" in fault(api('PUT', '/toys/1', {'toy': {'size': 1}}))[1]


def test_bare_type_is_the_whole_body_and_the_whole_answer(api):
    assert api('PUT', '/toys/1/labels', {'a': 'b'}).json == {'a': 'b'}
    assert fault(api('PUT', '/toys/1/labels', {'a': ''}))[1].startswith("Invalid input for 'a'")


def test_exceptions_become_faults(api):
    assert fault(api('GET', '/toys/unknown'))[0] == 'itemNotFound'
    assert fault(api('POST', '/toys/busy/action', {'grow': {'new_size': 1}})) == (
        'conflictingRequest', 'The toy is busy.')


def test_quota_refusal_says_when_to_try_again(api):
    answer = api('POST', '/toys', {'toy': {'size': 101}})
    assert answer.status_int == 413
    assert answer.headers['Retry-After'] == '0'
    assert answer.json['overLimit']['retryAfter'] == '0'
    assert 'exceed' in answer.json['overLimit']['message'].lower()


def test_unexpected_error_is_logged_and_told_in_general_words(api, caplog):
    answer = api('GET', '/toys/broken')
    assert answer.status_int == 500
    assert 'secret' not in answer.text
    assert 'a secret detail' in caplog.text
    assert answer.headers[VERSION] == '2.99'


def test_observers_see_each_request(api, monkeypatch):
    seen = []
    monkeypatch.setattr(metrics, 'observers', [lambda *facts: seen.append(facts)])
    api('GET', '/toys/1', version='2.3')
    api('GET', '/nothing')
    (name, version, status, seconds), other = seen
    assert (name, version, status) == ('toys.show', (2, 3), 200)
    assert seconds > 0
    assert other[0] is None and other[2] == 404


def test_operations_that_share_versions_are_refused_at_start(rules):
    more = Operations('more', 'More')

    @more.get('/toys/{toy_id}', policy=toys.GET, since='2.90')
    def show(req, toy_id):
        """Show it otherwise."""

    with pytest.raises(ValueError, match='share versions'):
        Dispatcher([*toys.toys, *more])


def test_unknown_rule_is_refused_at_start(rules):
    more = Operations('more', 'More')

    @more.get('/more', policy='no:such')
    def index(req):
        """List more."""

    with pytest.raises(ValueError, match='no:such'):
        Dispatcher(more)
