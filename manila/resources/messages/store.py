"""All SQL of user messages."""
import datetime

import sqlalchemy as sa

from manila import exception
from manila.db import base, query, session
from manila.resources.messages.model import messages

_INSERT = sa.insert(messages)
_SORTABLE = {name: messages.c[name] for name in (
    'id', 'project_id', 'request_id', 'resource_type', 'action_id', 'detail_id', 'resource_id',
    'message_level', 'expires_at', 'created_at')}
#: Columns by which lists are filtered for an equal value.
FILTERS = ('action_id', 'detail_id', 'message_level', 'request_id', 'resource_id', 'resource_type')


def insert(context, values, ttl):
    """Insert a message that expires after ``ttl`` seconds; returns it."""
    moment = base.now()
    values = {'id': base.new_id(), 'created_at': moment,
              'expires_at': moment + datetime.timedelta(seconds=ttl),
              **values}
    with session.writer(context) as connection:
        connection.execute(_INSERT, values)
    return values


def get(context, message_id):
    """A message of the caller's project.

    :raises manila.exception.MessageNotFound: when there is none
    """
    statement = sa.select(messages).where(messages.c.id == message_id,
                                          query.visible(context, messages.c.project_id))
    with session.reader(context) as connection:
        found = query.first(connection, statement)
    if found is None:
        raise exception.MessageNotFound(message_id=message_id)
    return found


def list_page(context, page, filters):
    """One page of the messages of the caller's project, and whether there are more.

    :param filters: values of :data:`FILTERS`; ``created_since`` and ``created_before``
    """
    statement = sa.select(messages).where(query.visible(context, messages.c.project_id))
    for name in FILTERS:
        if filters.get(name) is not None:
            statement = statement.where(messages.c[name] == filters[name])
    if filters.get('created_since') is not None:
        statement = statement.where(messages.c.created_at >= filters['created_since'])
    if filters.get('created_before') is not None:
        statement = statement.where(messages.c.created_at <= filters['created_before'])
    with session.reader(context) as connection:
        return query.page(connection, statement, page, _SORTABLE, messages.c.id)


def remove(context, message_id):
    """Remove a message of the caller's project.

    :raises manila.exception.MessageNotFound: when there is none
    """
    statement = sa.delete(messages).where(messages.c.id == message_id,
                                          query.visible(context, messages.c.project_id))
    with session.writer(context) as connection:
        if not connection.execute(statement).rowcount:
            raise exception.MessageNotFound(message_id=message_id)


def purge(context, before, limit):
    """Remove up to ``limit`` messages that expired before a time; returns how many."""
    with session.writer(context) as connection:
        expired = sa.select(messages.c.id).where(messages.c.expires_at < before).limit(limit)
        ids = list(connection.scalars(expired))
        if ids:
            connection.execute(sa.delete(messages).where(messages.c.id.in_(ids)))
        return len(ids)
