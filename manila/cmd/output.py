"""What administrators' commands print: rows as a table, as JSON or as YAML."""
import datetime
import decimal
import json

import yaml

FORMATS = ('table', 'json', 'yaml')


def show(rows, columns, form='table'):
    """Print rows.

    :param rows: dicts
    :param columns: names of the columns, in order
    :param form: one of ``FORMATS``
    """
    rows = [{name: _plain(row.get(name)) for name in columns} for row in rows]
    if form == 'json':
        print(json.dumps(rows, indent=2))
    elif form == 'yaml':
        print(yaml.safe_dump(rows, sort_keys=False, allow_unicode=True), end='')
    else:
        print(table(rows, columns))


def _plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec='seconds')
    return float(value) if isinstance(value, decimal.Decimal) else value


def table(rows, columns):
    """Rows as aligned columns below their names; the last one is as wide as it needs."""
    lines = [list(columns)]
    lines += [['' if row[name] is None else str(row[name]) for name in columns] for row in rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    return '\n'.join('  '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in lines)
