"""The tables of export locations."""
import sqlalchemy as sa

from manila.db import base

locations = base.table(
    'share_export_locations',
    base.id_column(),
    base.reference('share_instance_id', 'share_instances', ondelete='CASCADE'),
    sa.Column('path', sa.String(2000), nullable=False),
    sa.Column('is_admin_only', sa.Boolean, nullable=False, default=False),
    # The order in which the driver named them.
    sa.Column('position', sa.Integer, nullable=False, default=0),
    *base.times(),
)

metadata = base.key_value_table('share_export_location_metadata', 'share_export_locations', 'export_location_id')
