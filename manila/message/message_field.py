"""The words of user messages under the names by which drivers know them."""
from manila.resources.messages import fields
from manila.resources.messages.fields import (
    Action,  # noqa: F401 for drivers
    Detail,  # noqa: F401 for drivers
    Resource,  # noqa: F401 for drivers
)


def translate_action(action_id):
    """The text of an action."""
    return fields.action_text(action_id)


def translate_detail(detail_id):
    """The text of a detail."""
    return fields.detail_text(detail_id)


def translate_detail_id(excep, detail):
    """The id of the detail that an exception, or else a detail, stands for."""
    return fields.detail_id(excep, detail)
