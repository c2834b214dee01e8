"""The tables of share group types."""
import sqlalchemy as sa

from manila.db import base

group_types = base.table(
    'share_group_types',
    base.id_column(),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('is_public', sa.Boolean, nullable=False, default=True),
    *base.times(),
)

group_specs = base.key_value_table('share_group_type_specs', 'share_group_types', 'share_group_type_id',
                                   value_length=255)

projects = base.table(
    'share_group_type_projects',
    sa.Column('share_group_type_id', sa.String(36), sa.ForeignKey('share_group_types.id', ondelete='CASCADE'),
              primary_key=True),
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('created_at', base.DateTime, nullable=False),
)

#: The types that shares of a group may have. A share type stays as long as a group type names it.
members = base.table(
    'share_group_type_share_types',
    sa.Column('share_group_type_id', sa.String(36), sa.ForeignKey('share_group_types.id', ondelete='CASCADE'),
              primary_key=True),
    sa.Column('share_type_id', sa.String(36), sa.ForeignKey('share_types.id'), primary_key=True, index=True),
)
