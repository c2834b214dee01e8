"""${message}."""
import sqlalchemy as sa
from alembic import op
${(imports + '\n' if imports else '')}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    """${message}."""
    ${upgrades if upgrades else "raise NotImplementedError"}


def downgrade():
    """Undo it."""
    ${downgrades if downgrades else "raise NotImplementedError"}
