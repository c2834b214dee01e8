"""The table of export locations of snapshots."""
import sqlalchemy as sa

from manila.db import base

locations = base.table(
    'share_snapshot_export_locations',
    base.id_column(),
    base.reference('snapshot_instance_id', 'share_snapshot_instances', ondelete='CASCADE'),
    sa.Column('path', sa.String(2000), nullable=False),
    sa.Column('is_admin_only', sa.Boolean, nullable=False),
    # The order in which the driver named them.
    sa.Column('position', sa.Integer, nullable=False),
    *base.times(),
)
