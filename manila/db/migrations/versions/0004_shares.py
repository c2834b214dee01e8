"""Shares that quotas do not count, and the search for shares whose time in the recycle bin is over."""
import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade():
    """All shares that exist are counted."""
    op.add_column('shares', sa.Column('counted', sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_index('ix_shares_scheduled_to_be_deleted_at', 'shares', ['scheduled_to_be_deleted_at'])


def downgrade():
    """Shares that are not counted are counted from then on; a check of quotas tells."""
    op.drop_index('ix_shares_scheduled_to_be_deleted_at', 'shares')
    op.drop_column('shares', 'counted')
