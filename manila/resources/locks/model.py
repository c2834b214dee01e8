"""The table of resource locks."""
import sqlalchemy as sa

from manila.db import base

locks = base.table(
    'resource_locks',
    base.id_column(),
    sa.Column('user_id', sa.String(255), nullable=False),
    sa.Column('project_id', sa.String(255), nullable=False, index=True),
    sa.Column('lock_context', sa.String(10), nullable=False),
    sa.Column('resource_type', sa.String(16), nullable=False),
    sa.Column('resource_id', sa.String(36), nullable=False, index=True),
    sa.Column('resource_action', sa.String(16), nullable=False),
    sa.Column('lock_reason', sa.String(1023)),
    # What is locked, or the share of the rule that is: a lock goes with it.
    base.reference('share_id', 'shares', ondelete='CASCADE'),
    base.reference('access_rule_id', 'share_access_rules', nullable=True, ondelete='CASCADE'),
    # The rule that the lock hides; no two hide the same.
    sa.Column('hidden_rule_id', sa.String(36), unique=True),
    # The lock on a rule because of which this one keeps the share; it goes with that.
    base.reference('because_of', 'resource_locks', nullable=True, ondelete='CASCADE'),
    *base.times(),
)
