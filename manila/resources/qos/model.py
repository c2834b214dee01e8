"""The tables of QoS types."""
import sqlalchemy as sa

from manila.db import base

types = base.table(
    'qos_types',
    base.id_column(),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('description', sa.String(255)),
    *base.times(),
)

specs = base.key_value_table('qos_type_specs', 'qos_types', 'qos_type_id', value_length=255)
