"""Locks and deletions that meet."""
import threading

import pytest

from manila import exception
from manila.db import session
from manila.resources.locks import service
from manila.resources.shares import service as shares
from manila.tests.fixtures.rows import make_share


def wanted(share):
    return {'resource_type': 'share', 'resource_id': share['id'], 'resource_action': 'delete'}


@pytest.fixture
def share(user, share_type):
    """A share of the user that is available."""
    return make_share(user)


@pytest.fixture
def colleague(api):
    """The context of another member of the user's project."""
    return api.of(user_id='colleague').context()


def in_thread(function):
    """Run a function in a thread; returns the thread and a list that gets the exception, or None."""
    found = []

    def run():
        try:
            found.append(function() and None)
        except exception.ManilaException as error:
            found.append(error)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join(0.3)
    return thread, found


@pytest.mark.every_database('mysql', 'postgresql')
def test_a_deletion_waits_for_a_lock_being_placed_and_is_refused(user, colleague, share):
    with session.writer(user):
        service.create(user, wanted(share))
        thread, found = in_thread(lambda: shares.delete(colleague, share['id']))
        assert thread.is_alive()
    thread.join(30)
    assert isinstance(found[0], exception.NotAuthorized)


@pytest.mark.every_database('mysql', 'postgresql')
def test_a_lock_waits_for_a_deletion_being_ordered_and_is_refused(user, colleague, share):
    with session.writer(user):
        shares.delete(user, share['id'])
        thread, found = in_thread(lambda: service.create(colleague, wanted(share)))
        assert thread.is_alive()
    thread.join(30)
    assert isinstance(found[0], exception.Conflict)


def test_placing_a_lock_costs_the_same_however_many_there_are(user, share, statements):
    def cost():
        with statements() as seen:
            service.create(user, wanted(share))
        return len(seen)
    first = cost()
    assert [cost() for _ in range(5)] == [first] * 5
