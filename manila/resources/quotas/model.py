"""The tables of quotas.

A scope is ``''`` for the whole project, ``user:<id>`` for one of its users or ``type:<id>`` for one share
type in it.
"""
import sqlalchemy as sa

from manila.db import base

limits = base.table(
    'quota_limits',
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('scope', sa.String(264), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('hard_limit', sa.Integer, nullable=False),
    *base.times(),
)

class_limits = base.table(
    'quota_class_limits',
    sa.Column('class_name', sa.String(255), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('hard_limit', sa.Integer, nullable=False),
    *base.times(),
)

usages = base.table(
    'quota_usages',
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('scope', sa.String(264), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('in_use', sa.BigInteger, nullable=False),
)
