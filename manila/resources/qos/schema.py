"""What goes into and comes out of the operations on QoS types."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.resources.types.schema import Name


class Specs(types.ExtraSpecs):
    """Specs for drivers: strings; booleans and whole numbers count as such."""

    def value(self, value, where):
        return super().value(str(value) if isinstance(value, int) else value, where)

    def json_schema(self, version=None, output=False):
        found = super().json_schema(version, output)
        if not output:
            found['additionalProperties']['type'] = ['string', 'boolean', 'integer']
        return found


SPECS = Specs()

LIST = Fields(
    None,
    *(Field(name) for name in ('name', 'name~', 'description', 'description~')))

CREATE = Fields(
    'qos_type',
    Field('name', Name(), required=True),
    Field('description', types.TEXT),
    Field('specs', SPECS))

UPDATE = Fields('qos_type', Field('description', types.TEXT))

SET_SPECS = Fields(None, Field('specs', SPECS, required=True))

QOS_TYPE = Fields(
    'qos_type',
    Field('id', types.UUID),
    Field('name'),
    Field('description'),
    Field('specs', types.OBJECT, doc='What drivers are told.'),
    Field('created_at', types.DATETIME),
    Field('updated_at', types.DATETIME))
