import copy
import pickle

import pytest

from manila import exception

CLASSES = sorted({item for item in vars(exception).values()
                  if isinstance(item, type) and issubclass(item, exception.ManilaException)},
                 key=lambda item: item.__name__)


def test_text_is_made_from_the_template_and_the_values():
    error = exception.ShareNotFound(share_id='abc')
    assert error.msg == str(error) == 'Share abc could not be found.'
    assert error.kwargs == {'share_id': 'abc'}


def test_given_text_replaces_the_template():
    assert str(exception.ShareNotFound('gone')) == 'gone'
    assert str(exception.ShareNotFound(message='100 %(share_id)s')) == '100 %(share_id)s'


def test_text_is_taken_from_another_exception():
    assert exception.ManilaException(ValueError('no number')).msg == 'no number'


def test_empty_text_is_kept():
    assert exception.InvalidShare('').msg == ''


def test_missing_values_leave_the_template_in_production():
    assert exception.ShareNotFound(wrong='x').msg == exception.ShareNotFound.message


def test_missing_values_are_an_error_in_development(conf):
    conf.config(fatal_exception_format_errors=True)
    with pytest.raises(KeyError):
        exception.ShareNotFound(wrong='x')


def test_detail_data_go_along_and_are_not_shared():
    error = exception.ShareBackendException(msg='x', detail_data={'export_locations': ['a:/b']})
    assert error.detail_data == {'export_locations': ['a:/b']}
    exception.InvalidShare('x').detail_data['server_details'] = 1
    assert exception.InvalidShare('y').detail_data == {}


@pytest.mark.parametrize('family, code, safe', [
    (exception.Invalid, 400, False), (exception.NotAuthorized, 403, False), (exception.NotFound, 404, True),
    (exception.Conflict, 409, False), (exception.InvalidState, 409, False), (exception.QuotaError, 413, True),
    (exception.InUse, 500, False), (exception.Found, 302, True)])
def test_families_decide_code_and_safety(family, code, safe):
    assert (family.code, family.safe) == (code, safe)


def test_storage_resources_are_not_found_but_their_text_is_not_for_users():
    error = exception.ShareResourceNotFound(share_id='abc')
    assert isinstance(error, exception.StorageResourceNotFound)
    assert (error.code, error.safe) == (404, False)


@pytest.mark.parametrize('cls', [cls for cls in CLASSES if issubclass(cls, exception.QuotaError)])
def test_quota_refusals_say_exceed_so_that_clients_do_not_take_them_for_a_rate_limit(cls):
    assert 'exceed' in cls.message.lower()
    assert cls.headers['Retry-After'] == '0'


@pytest.mark.parametrize('cls', CLASSES)
def test_every_template_can_be_rendered(cls, conf):
    class Anything(dict):
        def __missing__(self, key):
            return 'x'
    assert cls.message % Anything() != ''


def test_exceptions_survive_copy_and_pickle():
    error = exception.ShareServerNotReady(share_server_id='s', state='active', time=3)
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert twin.msg == error.msg
        assert twin.kwargs == error.kwargs


def test_command_failures_of_ganesha_are_command_failures():
    error = exception.GaneshaCommandFailure(cmd='ganesha_mgr', exit_code=2, stderr='no bus')
    assert isinstance(error, exception.ProcessExecutionError)
    assert 'no bus' in str(error)
    assert 'NFS-Ganesha' in str(error)
