"""Share group types, and metadata of share replicas."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0005'
down_revision = '0004'

MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}
TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql')
TABLES = ('share_group_types', 'share_group_type_specs', 'share_group_type_projects', 'share_group_type_share_types',
          'share_instance_metadata')


def _group_type():
    return sa.Column('share_group_type_id', sa.String(36), sa.ForeignKey('share_group_types.id', ondelete='CASCADE'),
                     primary_key=True)


def upgrade():
    """Make the tables."""
    op.create_table(
        'share_group_types',
        sa.Column('id', sa.String(36), primary_key=True),
        sa.Column('name', sa.String(255), nullable=False, unique=True),
        sa.Column('is_public', sa.Boolean, nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('updated_at', TIME),
        **MYSQL)
    op.create_table(
        'share_group_type_specs',
        _group_type(),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(255), nullable=False),
        **MYSQL)
    op.create_table(
        'share_group_type_projects',
        _group_type(),
        sa.Column('project_id', sa.String(255), primary_key=True),
        sa.Column('created_at', TIME, nullable=False),
        **MYSQL)
    op.create_table(
        'share_group_type_share_types',
        _group_type(),
        sa.Column('share_type_id', sa.String(36), sa.ForeignKey('share_types.id'), primary_key=True, index=True),
        **MYSQL)
    op.create_table(
        'share_instance_metadata',
        sa.Column('share_instance_id', sa.String(36), sa.ForeignKey('share_instances.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(255), primary_key=True),
        sa.Column('value', sa.String(1023), nullable=False),
        **MYSQL)


def downgrade():
    """Remove the tables, and all that is in them."""
    for name in reversed(TABLES):
        op.drop_table(name)
