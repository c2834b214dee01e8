"""Removing rows that nobody needs any more."""
from manila.db import base, purge


def test_packages_of_resources_that_have_old_rows_are_found_beside_the_jobs():
    assert {'jobs', 'messages'} <= set(purge.sources())


def test_rows_are_removed_in_batches_until_none_is_left(context, monkeypatch):
    rows = {'many': 25, 'none': 0, 'full': 20}
    calls = []

    def source(name):
        def remove(context, before, limit):
            calls.append(name)
            number = min(rows[name], limit)
            rows[name] -= number
            return number
        return remove
    monkeypatch.setattr(purge, 'sources', lambda: {name: source(name) for name in rows})
    assert purge.run(context, base.now(), batch=10) == {'many': 25, 'none': 0, 'full': 20}
    assert set(rows.values()) == {0}
    assert [calls.count(name) for name in rows] == [3, 1, 3]
