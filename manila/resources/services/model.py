"""The table of services."""
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from manila.db import base

services = base.table(
    'services',
    sa.Column('id', sa.Integer, primary_key=True, autoincrement=True),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('binary', sa.String(64), nullable=False),
    sa.Column('topic', sa.String(255), nullable=False),
    base.reference('availability_zone_id', 'availability_zones', nullable=True),
    sa.Column('disabled', sa.Boolean, nullable=False, default=False),
    sa.Column('disabled_reason', sa.String(255)),
    sa.Column('ensuring', sa.Boolean, nullable=False, default=False),
    # Stopped in good order: down at once, not only after service_down_time.
    sa.Column('stopped', sa.Boolean, nullable=False, default=False),
    # Time of the last heartbeat by the clock of the database, in seconds since 1970.
    sa.Column('seen', sa.Double, nullable=False, default=0),
    # Which process is in charge of a back end, and until when without a heartbeat.
    sa.Column('owner', sa.String(255)),
    sa.Column('lease_until', sa.Double),
    # What a back end last reported of its pools (JSON), so that a new scheduler can place at once.
    sa.Column('report', sa.Text().with_variant(mysql.MEDIUMTEXT, 'mysql')),
    sa.Column('reported_at', base.DateTime),
    # Fingerprint of the back end's description at the last check of all its shares.
    sa.Column('info_hash', sa.String(64)),
    *base.times(),
    sa.UniqueConstraint('host', 'binary'),
)
