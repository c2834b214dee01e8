"""The tables of shares and share instances."""
import sqlalchemy as sa

from manila.db import base

shares = base.table(
    'shares',
    base.id_column(),
    sa.Column('user_id', sa.String(255)),
    sa.Column('project_id', sa.String(255), nullable=False),
    sa.Column('size', sa.Integer, nullable=False),
    # The size that an extension in progress leads to; quotas count it already.
    sa.Column('pending_size', sa.Integer),
    sa.Column('display_name', sa.String(255), index=True),
    sa.Column('display_description', sa.String(255)),
    sa.Column('snapshot_id', sa.String(36), index=True),
    sa.Column('source_backup_id', sa.String(36)),
    sa.Column('snapshot_support', sa.Boolean, nullable=False),
    sa.Column('create_share_from_snapshot_support', sa.Boolean, nullable=False),
    sa.Column('revert_to_snapshot_support', sa.Boolean, nullable=False),
    sa.Column('mount_snapshot_support', sa.Boolean, nullable=False),
    sa.Column('snapshot_inherit_share_access_support', sa.Boolean, nullable=False),
    sa.Column('replication_type', sa.String(32)),
    sa.Column('share_proto', sa.String(32), nullable=False),
    sa.Column('is_public', sa.Boolean, nullable=False, default=False),
    sa.Column('share_group_id', sa.String(36), index=True),
    sa.Column('source_share_group_snapshot_member_id', sa.String(36)),
    sa.Column('task_state', sa.String(64)),
    sa.Column('is_soft_deleted', sa.Boolean, nullable=False, default=False),
    sa.Column('scheduled_to_be_deleted_at', base.DateTime, index=True),
    # Whether quotas count it: not before it is managed, nor after its deletion was put off.
    sa.Column('counted', sa.Boolean, nullable=False, default=True, server_default=sa.true()),
    *base.times(),
    sa.Index('ix_shares_project_created', 'project_id', 'created_at', 'id'),
    sa.Index('ix_shares_created', 'created_at', 'id'),
)

metadata = base.key_value_table('share_metadata', 'shares', 'share_id')

instances = base.table(
    'share_instances',
    base.id_column(),
    base.reference('share_id', 'shares', ondelete='CASCADE'),
    sa.Column('host', sa.String(255), index=True),
    sa.Column('status', sa.String(64), nullable=False, index=True),
    sa.Column('progress', sa.String(32)),
    sa.Column('mount_point_name', sa.String(255)),
    sa.Column('access_rules_status', sa.String(32), nullable=False, default='active'),
    sa.Column('replica_state', sa.String(32)),
    sa.Column('cast_rules_to_readonly', sa.Boolean, nullable=False, default=False),
    base.reference('share_type_id', 'share_types', nullable=True),
    sa.Column('qos_type_id', sa.String(36)),
    base.reference('availability_zone_id', 'availability_zones', nullable=True),
    sa.Column('share_network_id', sa.String(36), index=True),
    sa.Column('share_server_id', sa.String(36), index=True),
    sa.Column('encryption_key_ref', sa.String(36)),
    sa.Column('scheduled_at', base.DateTime),
    sa.Column('launched_at', base.DateTime),
    sa.Column('terminated_at', base.DateTime),
    *base.times(),
)
