"""Access of projects to private rows, on the table of share types."""
import sqlalchemy as sa

from manila.db import grants, session
from manila.resources.types import store
from manila.resources.types.model import projects, types

GRANTS = grants.Grants(projects, projects.c.share_type_id)


def test_access_is_given_once_found_and_taken_away_once(context, database):
    first, second = (store.insert(context, {'name': name, 'is_public': False}, {})['id'] for name in 'ab')
    assert [GRANTS.add(context, first, project) for project in ('q', 'p', 'q')] == [True, True, False]
    assert GRANTS.find(context, first) == [{'share_type_id': first, 'project_id': each} for each in 'pq']
    assert GRANTS.find(context, second) == []
    with session.reader(context) as connection:
        assert list(connection.scalars(sa.select(types.c.id).where(GRANTS.given(types.c.id, 'p')))) == [first]
    assert [GRANTS.remove(context, first, 'p') for _turn in range(2)] == [True, False]
    assert [row['project_id'] for row in GRANTS.find(context, first)] == ['q']
