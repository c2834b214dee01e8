"""The search for shares and snapshots by name."""
from alembic import op

revision = '0006'
down_revision = '0005'

TABLES = ('shares', 'share_snapshots')


def upgrade():
    """Make the indexes."""
    for table in TABLES:
        op.create_index(f'ix_{table}_display_name', table, ['display_name'])


def downgrade():
    """Remove the indexes."""
    for table in TABLES:
        op.drop_index(f'ix_{table}_display_name', table)
