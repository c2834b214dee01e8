"""Resource locks, share transfers and QoS types."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0003'
down_revision = '0002'

MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}
TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql')
TABLES = ('resource_locks', 'transfers', 'qos_types', 'qos_type_specs')


def _times():
    return sa.Column('created_at', TIME, nullable=False), sa.Column('updated_at', TIME)


def upgrade():
    """Make the tables."""
    _locks()
    _transfers()
    _qos_types()


def _locks():
    op.create_table(
        'resource_locks',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('user_id', sa.String(255), nullable=False),
        sa.Column('project_id', sa.String(255), nullable=False, index=True),
        sa.Column('lock_context', sa.String(10), nullable=False),
        sa.Column('resource_type', sa.String(16), nullable=False),
        sa.Column('resource_id', sa.String(36), nullable=False, index=True),
        sa.Column('resource_action', sa.String(16), nullable=False),
        sa.Column('lock_reason', sa.String(1023)),
        sa.Column('share_id', sa.String(36), sa.ForeignKey('shares.id', ondelete='CASCADE'), nullable=False,
                  index=True),
        sa.Column('access_rule_id', sa.String(36), sa.ForeignKey('share_access_rules.id', ondelete='CASCADE'),
                  index=True),
        sa.Column('hidden_rule_id', sa.String(36), unique=True),
        sa.Column('because_of', sa.String(36), sa.ForeignKey('resource_locks.id', ondelete='CASCADE'), index=True),
        *_times(),
        **MYSQL)


def _transfers():
    op.create_table(
        'transfers',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('share_id', sa.String(36), sa.ForeignKey('shares.id', ondelete='CASCADE'), nullable=False,
                  index=True),
        sa.Column('display_name', sa.String(255)),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('salt', sa.String(255), nullable=False),
        sa.Column('crypt_hash', sa.String(255), nullable=False),
        sa.Column('source_project_id', sa.String(255), nullable=False, index=True),
        sa.Column('destination_project_id', sa.String(255)),
        sa.Column('expires_at', TIME, nullable=False, index=True),
        *_times(),
        **MYSQL)


def _qos_types():
    op.create_table(
        'qos_types',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('name', sa.String(255), nullable=False, unique=True),
        sa.Column('description', sa.String(255)),
        *_times(),
        **MYSQL)
    op.create_table(
        'qos_type_specs',
        sa.Column('qos_type_id', sa.String(36), sa.ForeignKey('qos_types.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(255), nullable=False),
        **MYSQL)


def downgrade():
    """Remove the tables, and all that is in them."""
    for name in reversed(TABLES):
        op.drop_table(name)
