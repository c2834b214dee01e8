"""How drivers leave messages for users."""
from oslo_log import log

from manila.resources.messages import fields, service

LOG = log.getLogger(__name__)


class API:
    """Leaves messages in transactions of their own; the work of a driver never fails over one."""

    def create(self, context, action, project_id, resource_type=None, resource_id=None, exception=None,
               detail=None,
               level=fields.ERROR):
        """Leave a message for the users of a project.

        :param action: an entry of :class:`manila.message.message_field.Action`
        :param exception: stands for a detail and counts before it
        :param detail: an entry of :class:`manila.message.message_field.Detail`
        """
        try:
            service.add(context, action, resource_type, resource_id, detail=detail, exception=exception,
                        project_id=project_id, level=level)
        except Exception:
            LOG.exception('A user message about %s %s could not be kept', resource_type, resource_id)
