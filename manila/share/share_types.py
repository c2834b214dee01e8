"""Extra specs of share types, as drivers ask for them."""
import re

from oslo_utils import strutils

from manila import context as manila_context, exception
from manila.i18n import _


def get_share_type_extra_specs(share_type_id, key=False):
    """The extra specs of a share type.

    :param key: one key; without it all are meant
    :returns: dict of texts; for a key its value, or False when the type does not have it
    """
    from manila.resources.types import store
    specs = store.get(manila_context.get_admin_context(), share_type_id)['extra_specs']
    return specs.get(key, False) if key else specs


def get_extra_specs_from_share(share):
    """The extra specs of the share type of a share: dict of texts, empty when it has none."""
    type_id = share.get('share_type_id')
    return get_share_type_extra_specs(type_id) if type_id else {}


def parse_boolean_extra_spec(extra_spec_key, extra_spec_value):
    """The truth of an extra spec that says ``<is> True``, or any usual word for yes or no.

    :raises manila.exception.InvalidExtraSpec: when it says something else
    """
    match = re.fullmatch(r'<is>\s*(true|false)', str(extra_spec_value).strip(), re.IGNORECASE)
    word = match[1] if match else str(extra_spec_value)
    try:
        return strutils.bool_from_string(word, strict=True)
    except ValueError:
        raise exception.InvalidExtraSpec(
            reason=_('%(key)s must be a boolean, or "<is> True" or "<is> False", not %(value)s.') % {
                'key': extra_spec_key, 'value': extra_spec_value})
