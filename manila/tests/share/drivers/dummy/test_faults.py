import threading
import time

import pytest

from manila import exception


def test_nothing_is_in_the_way_when_nothing_is_planned(make_dummy):
    dummy = make_dummy()
    assert 'create_share' not in vars(dummy)


def test_a_method_can_be_slow(make_dummy, new_share, monkeypatch):
    slept = []
    dummy = make_dummy(dummy_driver_driver_methods_delays={'create_share': 4.5})
    monkeypatch.setattr(time, 'sleep', slept.append)
    dummy.create_share(None, new_share())
    dummy.delete_share(None, new_share())
    assert slept == [4.5]


def test_a_method_fails_as_often_as_it_should(make_dummy, new_share):
    dummy = make_dummy(dummy_driver_failures={'create_share': 'ShareBackendException:2'})
    share = new_share()
    for _number in range(2):
        with pytest.raises(exception.ShareBackendException):
            dummy.create_share(None, share)
    assert dummy.array.all('share') == {}
    assert len(dummy.create_share(None, share)) == 3


def test_a_method_can_fail_always(make_dummy, new_share):
    dummy = make_dummy(dummy_driver_failures={'delete_share': 'ConnectionError',
                                              'extend_share': 'InvalidShare'})
    for _number in range(3):
        with pytest.raises(ConnectionError):
            dummy.delete_share(None, new_share())
    with pytest.raises(exception.InvalidShare):
        dummy.extend_share(new_share(), 3)


def test_delays_and_failures_are_read_from_a_file(make_dummy, new_share, tmp_path):
    from manila.conf import CONF
    path = tmp_path / 'manila.conf'
    path.write_text('[dummy_from_file]\n'
                    'dummy_driver_driver_methods_delays = create_share:0.0, delete_share:0\n'
                    'dummy_driver_failures = create_share:InvalidInput:1,delete_share:InvalidShare\n')
    CONF([], default_config_files=[str(path)])
    dummy = make_dummy('dummy_from_file')
    with pytest.raises(exception.InvalidInput):
        dummy.create_share(None, new_share())
    dummy.create_share(None, new_share())
    with pytest.raises(exception.InvalidShare):
        dummy.delete_share(None, new_share())


def test_a_failure_can_come_after_the_work(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    dummy.faults.plan('create_share', error='TimeoutError', times=1, moment='after')
    with pytest.raises(TimeoutError):
        dummy.create_share(None, share)
    assert list(dummy.array.all('share')) == [share['id']]


def test_a_call_can_be_held_until_it_may_go_on(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    fault = dummy.faults.plan('create_share', hold=True)
    thread = threading.Thread(target=dummy.create_share, args=(None, share))
    thread.start()
    assert fault.reached.wait(10)
    assert dummy.array.all('share') == {}
    fault.lift()
    thread.join(10)
    assert list(dummy.array.all('share')) == [share['id']]
    dummy.create_share(None, new_share())       # no longer held


def test_planned_faults_do_not_change_what_the_driver_can_do(make_dummy):
    dummy = make_dummy(dummy_driver_failures={'create_snapshot': 'InvalidShare'})
    assert dummy.snapshots_are_supported is True
