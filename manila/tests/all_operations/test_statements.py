"""What a list costs: as many SQL statements for a thousand rows as for ten."""
import re

import pytest

from manila.db import models
from manila.tests.all_operations.crowd import Crowd
from manila.tests.all_operations.listings import all_listings

FEW, MANY = 10, 1000
#: There never are any.
EMPTY = ('extensions.index',)
LISTINGS = [listing for listing in all_listings() if listing.operation.name not in EMPTY]
PARENTS = sorted({listing.parents for listing in LISTINGS})
_TABLE = re.compile(r'\b(?:FROM|JOIN)\s+["`]?(\w+)')


def ask(stage, listing, parents, statements):
    """How many rows each caller got and by which statements: (caller, version) -> (rows, statements)."""
    found = {}
    for who, scope in ((stage.admin, listing.everywhere()), (stage.user, {})):
        for version in {listing.oldest, listing.newest}:
            with statements() as seen:
                answer = listing.send(who, parents, version, **scope)
            if answer.status_int == 200:
                found[who.user_id, version] = len(listing.read(answer)[0]), seen
    return found


def tables_of(answers):
    """The names of the tables that are read for some answers."""
    text = ' '.join(statement for rows, seen in answers.values() for statement in seen)
    return set(_TABLE.findall(text)) & set(models.metadata.tables)


@pytest.mark.parametrize('names', PARENTS, ids=lambda names: '-'.join(names) or 'alone')
def test_a_list_takes_as_many_statements_for_a_thousand_rows_as_for_ten(stage, statements, names):
    listings = [listing for listing in LISTINGS if listing.parents == names]
    parents = {listing: listing.fullest(stage.admin, stage.world.ids) for listing in listings}
    crowd = Crowd(stage.world.context, {key for values in parents.values() for key in values.values()})
    tables = set().union(*(tables_of(ask(stage, listing, parents[listing], statements)) for listing in listings))
    crowd.grow(FEW - 1, tables)
    few = {listing: ask(stage, listing, parents[listing], statements) for listing in listings}
    crowd.grow(MANY - FEW, tables)
    for listing in listings:
        for key, (rows, seen) in ask(stage, listing, parents[listing], statements).items():
            number, before = few[listing][key]
            assert number < MANY / 2 and rows >= min(MANY, number * 50), (str(listing), key, number, rows)
            assert len(seen) == len(before), (str(listing), key, before, seen)
