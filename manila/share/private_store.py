"""What drivers keep about their shares and servers: pairs by entity, back end and key."""
import sqlalchemy as sa

from manila.db import base, session

BATCH = 500

private_data = base.table(
    'driver_private_data',
    sa.Column('entity_id', sa.String(36), primary_key=True),
    sa.Column('host', sa.String(255), primary_key=True),
    sa.Column('key', sa.String(255), primary_key=True),
    sa.Column('value', sa.Text, nullable=False),
)


def get(context, entity_id, host, key=None):
    """All pairs of an entity as a dict, or the value of one key, or None."""
    statement = sa.select(private_data.c.key, private_data.c.value).where(*_of(entity_id, host))
    with session.reader(context) as connection:
        found = {pair.key: pair.value for pair in connection.execute(statement)}
    return found if key is None else found.get(key)


def update(context, entity_id, host, details, delete_existing=False):
    """Set pairs of an entity; with ``delete_existing`` those not given are removed."""
    @session.transaction
    def write(context):
        connection = context.transaction.connection
        delete = sa.delete(private_data).where(*_of(entity_id, host))
        if not delete_existing:
            delete = delete.where(private_data.c.key.in_(list(details)))
        connection.execute(delete)
        if details:
            connection.execute(sa.insert(private_data), [
                {'entity_id': entity_id, 'host': host, 'key': key, 'value': value}
                for key, value in details.items()])
    write(context)


def delete(context, entity_id, host, key=None):
    """Remove one pair of an entity, or all."""
    @session.transaction
    def write(context):
        statement = sa.delete(private_data).where(*_of(entity_id, host))
        if key is not None:
            statement = statement.where(private_data.c.key == key)
        context.transaction.connection.execute(statement)
    write(context)


def move(context, old, new, entity_ids=None):
    """Say that what was kept for a back end belongs to another one now.

    :param entity_ids: only that of these; None: all
    """
    statement = sa.update(private_data).where(private_data.c.host == old).values(host=new)

    @session.transaction
    def write(context):
        connection = context.transaction.connection
        if entity_ids is None:
            connection.execute(statement)
            return
        for start in range(0, len(entity_ids), BATCH):
            connection.execute(statement.where(private_data.c.entity_id.in_(entity_ids[start:start + BATCH])))
    write(context)


def _of(entity_id, host):
    return private_data.c.entity_id == entity_id, private_data.c.host == host
