"""The table of user messages."""
import sqlalchemy as sa

from manila.db import base

messages = base.table(
    'messages',
    base.id_column(),
    sa.Column('project_id', sa.String(255), nullable=False, index=True),
    sa.Column('message_level', sa.String(16), nullable=False),
    sa.Column('request_id', sa.String(255)),
    sa.Column('resource_type', sa.String(64)),
    sa.Column('resource_id', sa.String(36), index=True),
    sa.Column('action_id', sa.String(8), nullable=False),
    sa.Column('detail_id', sa.String(8), nullable=False),
    # What exactly was the matter, added to the text that stands for the detail.
    sa.Column('reason', sa.Text),
    sa.Column('expires_at', base.DateTime, nullable=False, index=True),
    *base.times(),
)
