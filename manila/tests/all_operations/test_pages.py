"""Walking the pages of any collection, in any order, gives exactly the whole list, on every database."""
import random

import pytest

from manila.tests.all_operations.crowd import Crowd
from manila.tests.all_operations.listings import all_listings

COPIES = 5
WALKS = 8       # of each collection, by each caller
LISTINGS = all_listings()
PAGED = [listing for listing in LISTINGS if listing.operation.paged]


def by_links(listing, who, parents, query):
    """All rows, on the way of the links."""
    rows, following, _content = listing.page(who, parents, **query)
    while following:
        answer = who('GET', following, version=listing.newest)
        assert answer.status_int == 200, answer.text
        more, following, _content = listing.read(answer)
        rows += more
    return rows


def by_marker(listing, who, parents, query):
    """All rows, each page after the last row of the one before."""
    rows, _following, _content = more, *_rest = listing.page(who, parents, **query)
    while more:
        more, *_rest = listing.page(who, parents, **query, marker=more[-1]['id'])
        rows = rows + more
    return rows


def by_offset(listing, who, parents, query):
    """All rows, each page behind as many rows as were seen."""
    rows, more = [], True
    while more:
        more, *_rest = listing.page(who, parents, **query, offset=len(rows))
        rows += more
    return rows


def order(choice, keys):
    """Some order, or the usual one."""
    query = {'sort_key': choice.choice([*keys, None]), 'sort_dir': choice.choice(('asc', 'desc', None))}
    return {name: value for name, value in query.items() if value}


def walk(choice, listing, who, scope, keys):
    """Compare the pages of some order, size and way of going on with the whole list in that order."""
    query = {**scope, **order(choice, keys)}
    whole, following, _content = listing.page(who, {}, **query)
    assert len(whole) > 1 and following is None, str(listing)
    query['limit'] = choice.randint(1, len(whole) + 1)
    way = choice.choice((by_links, by_marker, by_offset))
    assert way(listing, who, {}, query) == whole, (str(listing), query, way.__name__)
    if 'with_count' in listing.fields:
        assert listing.page(who, {}, **query, with_count='1')[2]['count'] == len(whole), (str(listing), query)


@pytest.mark.every_database
def test_pages_make_up_the_whole_list_whatever_their_size_and_order(stage, database):
    choice = random.Random(7)
    Crowd(stage.world.context, (), choice).grow(COPIES)
    for listing in PAGED:
        assert not listing.parents, f'{listing}: say here what it belongs to'
        keys = listing.sort_keys(stage.admin, {})
        for who, scope in ((stage.admin, listing.everywhere()), (stage.user, {})):
            if listing.send(who, {}).status_int == 403:     # for administrators only
                assert who is stage.user, str(listing)
                continue
            for _walk in range(WALKS):
                walk(choice, listing, who, scope, keys)


def test_lists_without_pages_are_whole_whatever_limit_is_asked_for(stage):
    Crowd(stage.world.context).grow(1)
    for listing in (listing for listing in LISTINGS if listing not in PAGED):
        parents = listing.fullest(stage.admin, stage.world.ids)
        whole, following, content = listing.page(stage.admin, parents)
        assert following is None and set(content) <= {listing.operation.collection, listing.operation.also}
        limited, following, _content = listing.page(stage.admin, parents, limit=1, offset=1)
        assert (limited, following) == (whole, None), str(listing)
