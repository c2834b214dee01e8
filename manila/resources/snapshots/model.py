"""The tables of snapshots and snapshot instances."""
import sqlalchemy as sa

from manila.db import base

snapshots = base.table(
    'share_snapshots',
    base.id_column(),
    sa.Column('user_id', sa.String(255)),
    sa.Column('project_id', sa.String(255), nullable=False),
    base.reference('share_id', 'shares'),
    sa.Column('size', sa.Integer, nullable=False),
    sa.Column('share_size', sa.Integer, nullable=False),
    sa.Column('share_proto', sa.String(32), nullable=False),
    sa.Column('display_name', sa.String(255), index=True),
    sa.Column('display_description', sa.String(255)),
    # Whether quotas count it: not before it is managed, nor after its deletion was put off.
    sa.Column('counted', sa.Boolean, nullable=False),
    *base.times(),
    sa.Index('ix_share_snapshots_project_created', 'project_id', 'created_at', 'id'),
    sa.Index('ix_share_snapshots_created', 'created_at', 'id'),
)

metadata = base.key_value_table('share_snapshot_metadata', 'share_snapshots', 'snapshot_id')

instances = base.table(
    'share_snapshot_instances',
    base.id_column(),
    base.reference('snapshot_id', 'share_snapshots', ondelete='CASCADE'),
    base.reference('share_instance_id', 'share_instances'),
    sa.Column('status', sa.String(64), nullable=False, index=True),
    sa.Column('progress', sa.String(32)),
    sa.Column('provider_location', sa.String(255)),
    *base.times(),
)
