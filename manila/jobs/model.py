"""The table of jobs."""
import sqlalchemy as sa

from manila.db import base

jobs = base.table(
    'jobs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer, 'sqlite'), primary_key=True, autoincrement=True),
    sa.Column('kind', sa.String(64), nullable=False),
    sa.Column('queue', sa.String(255), nullable=False),
    sa.Column('target', sa.String(36), nullable=False, index=True),
    sa.Column('project_id', sa.String(255)),
    sa.Column('args', sa.Text, nullable=False),
    sa.Column('context', sa.Text, nullable=False),
    sa.Column('step', sa.String(64)),
    # No two jobs with the same value wait at once: an order that is given again while it waits is one order.
    sa.Column('waiting', sa.String(128), unique=True),
    # What must not be worked on by two jobs at once; copied to ``running`` while the job runs.
    sa.Column('exclusive', sa.String(128)),
    sa.Column('running', sa.String(128), unique=True),
    sa.Column('owner', sa.String(255)),
    sa.Column('lease_until', sa.Double),
    # Claims so far. It only grows, and so tells a late worker from the one that was given the job after it.
    sa.Column('claims', sa.Integer, nullable=False, default=0),
    # Claims that count against the kind's greatest number; starts anew when the work gets somewhere.
    sa.Column('attempts', sa.Integer, nullable=False, default=0),
    sa.Column('run_after', sa.Double, nullable=False, default=0),
    sa.Column('error', sa.Text),
    sa.Column('failed_at', base.DateTime),
    sa.Column('created_at', base.DateTime, nullable=False),
    # In the order of claims, so that a claim reads, and on MariaDB locks, no more rows than it takes.
    sa.Index('ix_jobs_claim', 'queue', 'failed_at', 'id'),
)
