"""Snapshots of shares."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0002'
down_revision = '0001'

MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}
TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql')
# In an order in which each refers to earlier ones only.
TABLES = ('share_snapshots', 'share_snapshot_metadata', 'share_snapshot_instances',
          'share_snapshot_export_locations', 'share_snapshot_access_rules', 'share_snapshot_access_rule_states')


def upgrade():
    """Make the tables, and let shares be found by the snapshot that they were made from."""
    _snapshots()
    _export_locations()
    _access_rules()
    op.create_index('ix_shares_snapshot_id', 'shares', ['snapshot_id'])


def _snapshots():
    op.create_table(
        'share_snapshots',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('user_id', sa.String(255)),
        sa.Column('project_id', sa.String(255), nullable=False),
        sa.Column('share_id', sa.String(36), sa.ForeignKey('shares.id'), nullable=False, index=True),
        sa.Column('size', sa.Integer, nullable=False),
        sa.Column('share_size', sa.Integer, nullable=False),
        sa.Column('share_proto', sa.String(32), nullable=False),
        sa.Column('display_name', sa.String(255)),
        sa.Column('display_description', sa.String(255)),
        sa.Column('counted', sa.Boolean, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.Index('ix_share_snapshots_created', 'created_at', 'id'),
        sa.Index('ix_share_snapshots_project_created', 'project_id', 'created_at', 'id'),
        **MYSQL)
    op.create_table(
        'share_snapshot_metadata',
        sa.Column('snapshot_id', sa.String(36), sa.ForeignKey('share_snapshots.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(1023), nullable=False),
        **MYSQL)
    op.create_table(
        'share_snapshot_instances',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('snapshot_id', sa.String(36), sa.ForeignKey('share_snapshots.id', ondelete='CASCADE'),
                  nullable=False, index=True),
        sa.Column('share_instance_id', sa.String(36), sa.ForeignKey('share_instances.id'), nullable=False,
                  index=True),
        sa.Column('status', sa.String(64), nullable=False, index=True),
        sa.Column('progress', sa.String(32)),
        sa.Column('provider_location', sa.String(255)),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)


def _export_locations():
    op.create_table(
        'share_snapshot_export_locations',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('snapshot_instance_id', sa.String(36),
                  sa.ForeignKey('share_snapshot_instances.id', ondelete='CASCADE'), nullable=False,
                  index=True),
        sa.Column('path', sa.String(2000), nullable=False),
        sa.Column('is_admin_only', sa.Boolean, nullable=False),
        sa.Column('position', sa.Integer, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)


def _access_rules():
    op.create_table(
        'share_snapshot_access_rules',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('snapshot_id', sa.String(36), sa.ForeignKey('share_snapshots.id', ondelete='CASCADE'),
                  nullable=False),
        sa.Column('access_type', sa.String(32), nullable=False),
        sa.Column('access_to', sa.String(255), nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.UniqueConstraint('snapshot_id', 'access_type', 'access_to', name='uq_share_snapshot_access_rules_client'),
        **MYSQL)
    op.create_table(
        'share_snapshot_access_rule_states',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('access_id', sa.String(36),
                  sa.ForeignKey('share_snapshot_access_rules.id', ondelete='CASCADE'),
                  nullable=False, index=True),
        sa.Column('snapshot_instance_id', sa.String(36),
                  sa.ForeignKey('share_snapshot_instances.id', ondelete='CASCADE'), nullable=False),
        sa.Column('state', sa.String(32), nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.UniqueConstraint('snapshot_instance_id', 'access_id', name='uq_share_snapshot_access_rule_states_rule'),
        **MYSQL)


def downgrade():
    """Remove the tables, and all that is in them."""
    op.drop_index('ix_shares_snapshot_id', 'shares')
    for name in reversed(TABLES):
        op.drop_table(name)
