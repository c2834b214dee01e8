"""``/metrics`` of manila-api."""
import pytest
import webob

from manila.metrics import application


@pytest.fixture
def read(conf):
    """Function that asks for the metrics from an address."""
    def ask(address, **headers):
        req = webob.Request.blank('/', environ={'REMOTE_ADDR': address})
        req.headers.update({name.replace('_', '-'): value for name, value in headers.items()})
        return req.get_response(application.Application())
    return ask


@pytest.mark.parametrize('address', ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
def test_this_machine_may_read(read, address):
    answer = read(address)
    assert answer.status_int == 200
    assert 'manila_api_requests' in answer.text


@pytest.mark.parametrize('address', ['192.0.2.1', '2001:db8::1', '', 'unix:'])
def test_others_may_not(read, address):
    assert read(address).status_int == 403


def test_networks_may_be_allowed(read, conf):
    conf.config(group='metrics', allowed_source_ranges=['192.0.2.0/24'])
    assert read('192.0.2.1').status_int == 200
    assert read('127.0.0.1').status_int == 403


@pytest.mark.parametrize('header', ['Forwarded', 'X_Forwarded_For', 'X_Real_IP'])
def test_what_came_through_a_proxy_is_refused(read, header):
    assert read('127.0.0.1', **{header: 'for=192.0.2.1'}).status_int == 403
