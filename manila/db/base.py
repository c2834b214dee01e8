"""What the tables of all packages have in common."""
import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

metadata = sa.MetaData(naming_convention={
    'ix': 'ix_%(table_name)s_%(column_0_N_name)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_N_name)s',
    'pk': 'pk_%(table_name)s',
})

MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}


class DateTime(sa.TypeDecorator):
    """UTC time with microseconds and without zone, on every database alike."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect):
        """MySQL keeps fractions of a second only when asked to."""
        if dialect.name == 'mysql':
            from sqlalchemy.dialects import mysql
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime())


class epoch(FunctionElement):
    """The clock of the database in seconds since 1970, as of the start of the statement."""

    type = sa.Double()
    inherit_cache = True


@compiles(epoch, 'postgresql')
def _epoch_postgresql(element, compiler, **kwargs):
    return 'extract(epoch from statement_timestamp())::double precision'


@compiles(epoch, 'mysql')
@compiles(epoch, 'mariadb')
def _epoch_mysql(element, compiler, **kwargs):
    # Not unix_timestamp(), which goes by local time and so repeats an hour in autumn.
    return "(timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) / 1e6)"


@compiles(epoch, 'sqlite')
def _epoch_sqlite(element, compiler, **kwargs):
    return "((julianday('now') - 2440587.5) * 86400.0)"


def table(name, *parts):
    """A table of the project's schema."""
    return sa.Table(name, metadata, *parts, **MYSQL)


def id_column():
    """The primary key of a resource: a UUID as text."""
    return sa.Column('id', sa.String(36), primary_key=True)


def reference(name, target, nullable=False, ondelete=None, index=True):
    """A column that refers to the UUID of another table's row."""
    return sa.Column(name, sa.String(36), sa.ForeignKey(f'{target}.id', ondelete=ondelete), nullable=nullable,
                     index=index)


def times():
    """The columns created_at and updated_at; stores fill them."""
    return (sa.Column('created_at', DateTime, nullable=False), sa.Column('updated_at', DateTime))


def key_value_table(name, parent, parent_column, key_length=255, value_length=1023):
    """A table of key and value pairs that belong to a row of ``parent`` and go with it."""
    return table(
        name,
        sa.Column(parent_column, sa.String(36), sa.ForeignKey(f'{parent}.id', ondelete='CASCADE'),
                  primary_key=True),
        sa.Column('key', sa.String(key_length), primary_key=True),
        sa.Column('value', sa.String(value_length), nullable=False))


def now():
    """The present UTC time without zone, as the columns keep it."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def new_id():
    """A new random UUID as text."""
    return str(uuid.uuid4())
