"""The tables of access rules."""
import sqlalchemy as sa

from manila.db import base

rules = base.table(
    'share_access_rules',
    base.id_column(),
    base.reference('share_id', 'shares', ondelete='CASCADE', index=False),
    sa.Column('access_type', sa.String(32), nullable=False),
    sa.Column('access_to', sa.String(255), nullable=False),
    sa.Column('access_level', sa.String(8), nullable=False),
    sa.Column('access_key', sa.String(255)),
    *base.times(),
    sa.UniqueConstraint('share_id', 'access_type', 'access_to'),
)

metadata = base.key_value_table('share_access_rule_metadata', 'share_access_rules', 'access_id')

# How far a rule is in force on each instance of the share.
states = base.table(
    'share_access_rule_states',
    base.id_column(),
    base.reference('access_id', 'share_access_rules', ondelete='CASCADE'),
    sa.Column('share_instance_id', sa.String(36), sa.ForeignKey('share_instances.id', ondelete='CASCADE'),
              nullable=False),
    sa.Column('state', sa.String(32), nullable=False),
    *base.times(),
    sa.UniqueConstraint('share_instance_id', 'access_id'),
)
