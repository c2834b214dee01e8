"""The tables of access rules of snapshots."""
import sqlalchemy as sa

from manila.db import base

rules = base.table(
    'share_snapshot_access_rules',
    base.id_column(),
    base.reference('snapshot_id', 'share_snapshots', ondelete='CASCADE', index=False),
    sa.Column('access_type', sa.String(32), nullable=False),
    sa.Column('access_to', sa.String(255), nullable=False),
    *base.times(),
    sa.UniqueConstraint('snapshot_id', 'access_type', 'access_to', name='uq_share_snapshot_access_rules_client'),
)

# How far a rule is in force on each instance of the snapshot.
states = base.table(
    'share_snapshot_access_rule_states',
    base.id_column(),
    base.reference('access_id', 'share_snapshot_access_rules', ondelete='CASCADE'),
    sa.Column('snapshot_instance_id', sa.String(36),
              sa.ForeignKey('share_snapshot_instances.id', ondelete='CASCADE'), nullable=False),
    sa.Column('state', sa.String(32), nullable=False),
    *base.times(),
    sa.UniqueConstraint('snapshot_instance_id', 'access_id', name='uq_share_snapshot_access_rule_states_rule'),
)
