"""The rules of user messages: they tell the owner of a resource why something did not work out."""
from manila.conf import CONF
from manila.db import session
from manila.resources.messages import fields, store

_REASON_LENGTH = 4000


@session.transaction
def add(context, action, resource_type, resource_id, detail=None, exception=None, reason=None,
        project_id=None, level=fields.ERROR):
    """Leave a message, in the transaction that writes down what happened.

    :param action: an entry of :class:`manila.resources.messages.fields.Action`
    :param detail: an entry of :class:`manila.resources.messages.fields.Detail`
    :param exception: stands for a detail and counts before it
    :param reason: a sentence that says what exactly was the matter
    :param project_id: whose message it is; by default that of the context
    """
    return store.insert(context, {
        'project_id': project_id or context.project_id or '',
        'message_level': level,
        'request_id': context.request_id,
        'resource_type': resource_type,
        'resource_id': resource_id,
        'action_id': action[0] if action else '',
        'detail_id': fields.detail_id(exception, detail),
        'reason': str(reason)[:_REASON_LENGTH] if reason else None,
    }, CONF.message_ttl)


@session.transaction
def delete(context, message_id):
    """Remove a message of the caller's project.

    :raises manila.exception.MessageNotFound: when there is none
    """
    context.authorize(store.get(context, message_id))
    store.remove(context, message_id)


@session.transaction
def purge(context, before, limit):
    """Remove up to ``limit`` messages that expired before a time; returns how many."""
    return store.purge(context, before, limit)
