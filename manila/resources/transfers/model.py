"""The table of share transfers."""
import sqlalchemy as sa

from manila.db import base

transfers = base.table(
    'transfers',
    base.id_column(),
    base.reference('share_id', 'shares', ondelete='CASCADE'),
    sa.Column('display_name', sa.String(255)),
    sa.Column('status', sa.String(16), nullable=False),
    # The key itself is not kept.
    sa.Column('salt', sa.String(255), nullable=False),
    sa.Column('crypt_hash', sa.String(255), nullable=False),
    sa.Column('source_project_id', sa.String(255), nullable=False, index=True),
    # Who is accepting it at the moment.
    sa.Column('destination_project_id', sa.String(255)),
    sa.Column('expires_at', base.DateTime, nullable=False, index=True),
    *base.times(),
)
