import os
import subprocess
import sys
import threading

import pytest

from manila import coordination, exception


@pytest.fixture
def coordinator(conf, tmp_path):
    conf.config(state_path=str(tmp_path))
    made = coordination.Coordinator(prefix='test-')
    yield made
    made.stop()


def test_threads_with_the_same_lock_name_wait_for_each_other(coordinator):
    inside, most = [], []

    @coordination.synchronized('share-{share[id]}', coordinator=coordinator)
    def work(share):
        inside.append(1)
        most.append(len(inside))
        os.sched_yield()
        inside.pop()
    threads = [threading.Thread(target=work, args=({'id': 1},)) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_different_lock_names_do_not_meet(coordinator):
    @coordination.synchronized('share-{number}', blocking=False, coordinator=coordinator)
    def work(number):
        return work(number - 1) + 1 if number else 0
    assert work(3) == 3


def test_who_does_not_wait_is_told_that_the_lock_is_taken(coordinator):
    @coordination.synchronized('same', blocking=False, coordinator=coordinator)
    def work():
        return work()
    with pytest.raises(exception.LockingFailed):
        work()


def test_a_lock_is_given_back_after_a_failure(coordinator):
    @coordination.synchronized('{f_name}', blocking=False, coordinator=coordinator)
    def work(fail):
        if fail:
            raise ValueError()
        return 'done'
    with pytest.raises(ValueError):
        work(True)
    assert work(False) == 'done'


def test_lock_names_are_made_from_arguments_and_defaults(coordinator):
    @coordination.synchronized('{f_name}-{first}-{second}', coordinator=coordinator)
    def work(first, second='b'):
        """Says something."""
        return first + second
    assert work('a') == 'ab'
    assert work.__doc__ == 'Says something.'


def test_names_of_paths_are_possible(coordinator):
    with coordination.Lock('/srv/{pool}/../x', {'pool': 'ä'}, coordinator) as lock:
        assert lock.name == '/srv/ä/../x'


def test_other_processes_see_the_lock(coordinator, tmp_path):
    program = ('import sys; from manila import coordination; from manila.conf import CONF;'
               'CONF.set_override("state_path", sys.argv[1]);'
               'lock = coordination.Lock("same", coordinator=coordination.Coordinator(prefix="test-"));'
               'print(lock.acquire(blocking=False))')
    command = [sys.executable, '-W', 'ignore', '-c', program, str(tmp_path)]
    with coordination.Lock('same', coordinator=coordinator):
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == 'False'
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == 'True'


def test_a_coordinator_can_be_started_again(coordinator):
    coordinator.start()
    assert coordinator.started
    coordinator.stop()
    assert not coordinator.started
    with coordination.Lock('again', coordinator=coordinator):
        assert coordinator.started


def test_a_back_end_that_cannot_be_reached_is_told(conf):
    conf.config(backend_url='nosuchdriver://x', group='coordination')
    with pytest.raises(exception.LockCreationFailed):
        coordination.Coordinator().start()
