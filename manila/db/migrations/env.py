"""Run by alembic: hands it the connection and the transaction that manila.db.migration has opened."""
from alembic import context

from manila.db import base, models


def render(kind, found, autogen):
    """How a new migration names the project's own types; False leaves it to alembic."""
    if kind == 'type' and isinstance(found, base.DateTime):
        autogen.imports.add('from manila.db import base')
        return 'base.DateTime()'
    return False


context.configure(
    connection=context.config.attributes['connection'], target_metadata=models.metadata, render_as_batch=True,
    compare_type=True, render_item=render)
with context.begin_transaction():
    context.run_migrations()
