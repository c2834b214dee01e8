"""The table of availability zones."""
import sqlalchemy as sa

from manila.db import base

zones = base.table(
    'availability_zones',
    base.id_column(),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    *base.times(),
)
