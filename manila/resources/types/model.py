"""The tables of share types."""
import sqlalchemy as sa

from manila.db import base

types = base.table(
    'share_types',
    base.id_column(),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('description', sa.String(255)),
    sa.Column('is_public', sa.Boolean, nullable=False, default=True),
    *base.times(),
)

extra_specs = base.key_value_table('share_type_extra_specs', 'share_types', 'share_type_id', value_length=255)

projects = base.table(
    'share_type_projects',
    sa.Column('share_type_id', sa.String(36), sa.ForeignKey('share_types.id', ondelete='CASCADE'),
              primary_key=True),
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('created_at', base.DateTime, nullable=False),
)
