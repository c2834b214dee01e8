"""The operations on user messages."""
from manila.api.operation import Operations, Page
from manila.resources.messages import policy, schema, service, store

operations = Operations('messages', 'User messages')


@operations.get('/messages', since='2.37', policy=policy.GET_ALL, query=schema.LIST, view=schema.MESSAGE,
                collection='messages', paged=True)
def index(req):
    """List the messages for the users of the project."""
    return Page(*store.list_page(req.context, req.page, req.query))


@operations.get('/messages/{message_id}', since='2.37', policy=policy.GET, view=schema.MESSAGE)
def show(req, message_id):
    """Show a message."""
    message = store.get(req.context, message_id)
    req.context.authorize(message)
    return message


@operations.delete('/messages/{message_id}', since='2.37', policy=policy.DELETE, status=204)
def delete(req, message_id):
    """Delete a message."""
    service.delete(req.context, message_id)
