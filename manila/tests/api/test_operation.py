"""Declarations that the framework takes, completes or refuses."""
import pytest

from manila.api import types
from manila.api.fields import Field, Fields
from manila.api.operation import Operations

BODY = Fields('x', Field('a'))


@pytest.fixture
def things():
    return Operations('things', 'Things')


def handler(req, thing_id):
    """Do it. Or not.

    At length.
    """


def test_defaults_of_statuses(things):
    things.get('/things/{thing_id}', policy='p', view=BODY)(handler)
    things.action('/things/{thing_id}/action', 'run', policy='p')(handler)
    things.action('/things/{thing_id}/action', 'ask', policy='p', view=BODY)(handler)
    things.delete('/things/{thing_id}', policy='p', status=202)(handler)
    assert [item.status for item in things] == [200, 202, 200, 202]
    assert things.items[0].summary == 'Do it. Or not'
    assert things.items[0].wrap == 'x'
    assert things.items[0].name == 'things.handler'


def test_legacy_names_split_the_span(things):
    things.action('/things/{thing_id}/action', 'run', legacy='os-run', since='2.3', until='2.40',
                  policy='p')(handler)
    things.get('/things/{thing_id}', legacy_path='/os-things/{thing_id}', policy='p')(handler)
    assert [(item.path, item.action, str(item.span)) for item in things] == [
        ('/things/{thing_id}/action', 'os-run', '2.3-2.6'), ('/things/{thing_id}/action', 'run', '2.7-2.40'),
        ('/os-things/{thing_id}', None, '2.0-2.6'), ('/things/{thing_id}', None, '2.7-2.99')]


def test_legacy_name_of_something_new_is_refused(things):
    with pytest.raises(ValueError, match='empty'):
        things.action('/things/{thing_id}/action', 'run', legacy='os-run', since='2.7', policy='p')(handler)


def test_operation_without_docstring_is_refused(things):
    with pytest.raises(ValueError, match='docstring'):
        things.get('/things', policy='p')(lambda req: None)


def test_operation_without_policy_is_refused_unless_public(things):
    with pytest.raises(ValueError, match='policy'):
        things.get('/things/{thing_id}')(handler)
    things.get('/things/{thing_id}', policy=None, public=True)(handler)


def test_handler_must_take_what_it_will_get(things):
    with pytest.raises(ValueError, match='must take'):
        things.get('/things/{other_id}', policy='p')(handler)
    with pytest.raises(ValueError, match='must take'):
        things.put('/things/{thing_id}', policy='p', body=BODY)(handler)

    def with_body(req, thing_id, body):
        """Do it."""

    with pytest.raises(ValueError, match='must take'):
        things.put('/things/{thing_id}', policy='p')(with_body)
    things.put('/things/{thing_id}', policy='p', body=types.METADATA)(with_body)
    assert things.items[-1].wrap is None


def test_several_rules_and_one_are_alike(things):
    things.get('/things/{thing_id}', policy=('a', 'b'))(handler)
    things.get('/others/{thing_id}', policy='a')(handler)
    assert [item.rules for item in things] == [('a', 'b'), ('a',)]
