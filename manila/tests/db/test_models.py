"""The tables of the project."""
import sqlalchemy as sa

from manila import resources
from manila.db import models


def test_tables_of_all_packages_are_known():
    for module in resources.modules('model'):
        for value in vars(module).values():
            if isinstance(value, sa.Table):
                assert models.metadata.tables[value.name] is value
    assert {'jobs', 'driver_private_data', 'shares', 'share_instances', 'services'} <= set(models.metadata.tables)


def test_names_of_constraints_and_indexes_fit_every_database():
    names = [part.name for table in models.metadata.tables.values()
             for part in (*table.constraints, *table.indexes)]
    assert None not in names
    assert all(len(name) <= 63 for name in names)


def test_keys_of_tables_fit_mariadb():
    for table in models.metadata.tables.values():
        for key in (table.primary_key, *table.indexes):
            width = sum(4 * (getattr(column.type, 'length', None) or 2) for column in key.columns)
            assert width <= 3072, f'{key.name}: {width} bytes'
