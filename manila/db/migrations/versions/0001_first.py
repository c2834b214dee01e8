"""All tables of the first release."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0001'
down_revision = None

MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}
TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql')
NUMBER = sa.BigInteger().with_variant(sa.Integer, 'sqlite')
LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT, 'mysql')
# In an order in which each refers to earlier ones only.
TABLES = (
    'jobs', 'availability_zones', 'services', 'share_types', 'share_type_extra_specs', 'share_type_projects',
    'quota_limits', 'quota_class_limits', 'quota_usages', 'shares', 'share_metadata', 'share_instances',
    'share_export_locations', 'share_export_location_metadata', 'share_access_rules',
    'share_access_rule_metadata', 'share_access_rule_states', 'messages', 'driver_private_data')


def upgrade():
    """Make the tables."""
    _jobs()
    _services()
    _share_types()
    _quotas()
    _shares()
    _share_instances()
    _export_locations()
    _access_rules()
    _messages()
    _private_data()


def _jobs():
    op.create_table(
        'jobs',
        sa.Column('id', NUMBER, primary_key=True, autoincrement=True),
        sa.Column('kind', sa.String(64), nullable=False),
        sa.Column('queue', sa.String(255), nullable=False),
        sa.Column('target', sa.String(36), nullable=False, index=True),
        sa.Column('project_id', sa.String(255)),
        sa.Column('args', sa.Text, nullable=False),
        sa.Column('context', sa.Text, nullable=False),
        sa.Column('step', sa.String(64)),
        sa.Column('waiting', sa.String(128), unique=True),
        sa.Column('exclusive', sa.String(128)),
        sa.Column('running', sa.String(128), unique=True),
        sa.Column('owner', sa.String(255)),
        sa.Column('lease_until', sa.Double),
        sa.Column('claims', sa.Integer, nullable=False),
        sa.Column('attempts', sa.Integer, nullable=False),
        sa.Column('run_after', sa.Double, nullable=False),
        sa.Column('error', sa.Text),
        sa.Column('failed_at', TIME),
        sa.Column('created_at', TIME, nullable=False),
        sa.Index('ix_jobs_claim', 'queue', 'failed_at', 'id'),
        **MYSQL)


def _services():
    op.create_table(
        'availability_zones',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('name', sa.String(255), nullable=False, unique=True),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)
    op.create_table(
        'services',
        sa.Column('id', sa.Integer, primary_key=True, autoincrement=True),
        sa.Column('host', sa.String(255), nullable=False),
        sa.Column('binary', sa.String(64), nullable=False),
        sa.Column('topic', sa.String(255), nullable=False),
        sa.Column('availability_zone_id', sa.String(36), sa.ForeignKey('availability_zones.id'), index=True),
        sa.Column('disabled', sa.Boolean, nullable=False),
        sa.Column('disabled_reason', sa.String(255)),
        sa.Column('ensuring', sa.Boolean, nullable=False),
        sa.Column('stopped', sa.Boolean, nullable=False),
        sa.Column('seen', sa.Double, nullable=False),
        sa.Column('owner', sa.String(255)),
        sa.Column('lease_until', sa.Double),
        sa.Column('report', LONG_TEXT),
        sa.Column('reported_at', TIME),
        sa.Column('info_hash', sa.String(64)),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.UniqueConstraint('host', 'binary'),
        **MYSQL)


def _share_types():
    op.create_table(
        'share_types',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('name', sa.String(255), nullable=False, unique=True),
        sa.Column('description', sa.String(255)),
        sa.Column('is_public', sa.Boolean, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)
    op.create_table(
        'share_type_extra_specs',
        sa.Column('share_type_id', sa.String(36), sa.ForeignKey('share_types.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(255), nullable=False),
        **MYSQL)
    op.create_table(
        'share_type_projects',
        sa.Column('share_type_id', sa.String(36), sa.ForeignKey('share_types.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('project_id', sa.String(255), primary_key=True),
        sa.Column('created_at', TIME, nullable=False),
        **MYSQL)


def _quotas():
    op.create_table(
        'quota_limits',
        sa.Column('project_id', sa.String(255), primary_key=True),
        sa.Column('scope', sa.String(264), primary_key=True),
        sa.Column('resource', sa.String(64), primary_key=True),
        sa.Column('hard_limit', sa.Integer, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)
    op.create_table(
        'quota_class_limits',
        sa.Column('class_name', sa.String(255), primary_key=True),
        sa.Column('resource', sa.String(64), primary_key=True),
        sa.Column('hard_limit', sa.Integer, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)
    op.create_table(
        'quota_usages',
        sa.Column('project_id', sa.String(255), primary_key=True),
        sa.Column('scope', sa.String(264), primary_key=True),
        sa.Column('resource', sa.String(64), primary_key=True),
        sa.Column('in_use', sa.BigInteger, nullable=False),
        **MYSQL)


def _shares():
    op.create_table(
        'shares',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('user_id', sa.String(255)),
        sa.Column('project_id', sa.String(255), nullable=False),
        sa.Column('size', sa.Integer, nullable=False),
        sa.Column('pending_size', sa.Integer),
        sa.Column('display_name', sa.String(255)),
        sa.Column('display_description', sa.String(255)),
        sa.Column('snapshot_id', sa.String(36)),
        sa.Column('source_backup_id', sa.String(36)),
        sa.Column('snapshot_support', sa.Boolean, nullable=False),
        sa.Column('create_share_from_snapshot_support', sa.Boolean, nullable=False),
        sa.Column('revert_to_snapshot_support', sa.Boolean, nullable=False),
        sa.Column('mount_snapshot_support', sa.Boolean, nullable=False),
        sa.Column('snapshot_inherit_share_access_support', sa.Boolean, nullable=False),
        sa.Column('replication_type', sa.String(32)),
        sa.Column('share_proto', sa.String(32), nullable=False),
        sa.Column('is_public', sa.Boolean, nullable=False),
        sa.Column('share_group_id', sa.String(36), index=True),
        sa.Column('source_share_group_snapshot_member_id', sa.String(36)),
        sa.Column('task_state', sa.String(64)),
        sa.Column('is_soft_deleted', sa.Boolean, nullable=False),
        sa.Column('scheduled_to_be_deleted_at', TIME),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.Index('ix_shares_created', 'created_at', 'id'),
        sa.Index('ix_shares_project_created', 'project_id', 'created_at', 'id'),
        **MYSQL)
    op.create_table(
        'share_metadata',
        sa.Column('share_id', sa.String(36), sa.ForeignKey('shares.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(1023), nullable=False),
        **MYSQL)


def _share_instances():
    op.create_table(
        'share_instances',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('share_id', sa.String(36), sa.ForeignKey('shares.id', ondelete='CASCADE'),
                  nullable=False, index=True),
        sa.Column('host', sa.String(255), index=True),
        sa.Column('status', sa.String(64), nullable=False, index=True),
        sa.Column('progress', sa.String(32)),
        sa.Column('mount_point_name', sa.String(255)),
        sa.Column('access_rules_status', sa.String(32), nullable=False),
        sa.Column('replica_state', sa.String(32)),
        sa.Column('cast_rules_to_readonly', sa.Boolean, nullable=False),
        sa.Column('share_type_id', sa.String(36), sa.ForeignKey('share_types.id'), index=True),
        sa.Column('qos_type_id', sa.String(36)),
        sa.Column('availability_zone_id', sa.String(36), sa.ForeignKey('availability_zones.id'), index=True),
        sa.Column('share_network_id', sa.String(36), index=True),
        sa.Column('share_server_id', sa.String(36), index=True),
        sa.Column('encryption_key_ref', sa.String(36)),
        sa.Column('scheduled_at', TIME),
        sa.Column('launched_at', TIME),
        sa.Column('terminated_at', TIME),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)


def _export_locations():
    op.create_table(
        'share_export_locations',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('share_instance_id', sa.String(36), sa.ForeignKey('share_instances.id', ondelete='CASCADE'),
                  nullable=False, index=True),
        sa.Column('path', sa.String(2000), nullable=False),
        sa.Column('is_admin_only', sa.Boolean, nullable=False),
        sa.Column('position', sa.Integer, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)
    op.create_table(
        'share_export_location_metadata',
        sa.Column('export_location_id', sa.String(36),
                  sa.ForeignKey('share_export_locations.id', ondelete='CASCADE'), primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(1023), nullable=False),
        **MYSQL)


def _access_rules():
    op.create_table(
        'share_access_rules',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('share_id', sa.String(36), sa.ForeignKey('shares.id', ondelete='CASCADE'), nullable=False),
        sa.Column('access_type', sa.String(32), nullable=False),
        sa.Column('access_to', sa.String(255), nullable=False),
        sa.Column('access_level', sa.String(8), nullable=False),
        sa.Column('access_key', sa.String(255)),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.UniqueConstraint('share_id', 'access_type', 'access_to'),
        **MYSQL)
    op.create_table(
        'share_access_rule_metadata',
        sa.Column('access_id', sa.String(36), sa.ForeignKey('share_access_rules.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(1023), nullable=False),
        **MYSQL)
    op.create_table(
        'share_access_rule_states',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('access_id', sa.String(36), sa.ForeignKey('share_access_rules.id', ondelete='CASCADE'),
                  nullable=False, index=True),
        sa.Column('share_instance_id', sa.String(36), sa.ForeignKey('share_instances.id', ondelete='CASCADE'),
                  nullable=False),
        sa.Column('state', sa.String(32), nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        sa.UniqueConstraint('share_instance_id', 'access_id'),
        **MYSQL)


def _messages():
    op.create_table(
        'messages',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('project_id', sa.String(255), nullable=False, index=True),
        sa.Column('message_level', sa.String(16), nullable=False),
        sa.Column('request_id', sa.String(255)),
        sa.Column('resource_type', sa.String(64)),
        sa.Column('resource_id', sa.String(36), index=True),
        sa.Column('action_id', sa.String(8), nullable=False),
        sa.Column('detail_id', sa.String(8), nullable=False),
        sa.Column('reason', sa.Text),
        sa.Column('expires_at', TIME, nullable=False, index=True),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)


def _private_data():
    op.create_table(
        'driver_private_data',
        sa.Column('entity_id', sa.String(36), primary_key=True),
        sa.Column('host', sa.String(255), primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.Text, nullable=False),
        **MYSQL)


def downgrade():
    """Remove the tables, and all that is in them."""
    for name in reversed(TABLES):
        op.drop_table(name)
