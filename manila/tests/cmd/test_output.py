"""What administrators' commands print."""
import datetime
import json

import yaml

from manila.cmd import output

ROWS = [{'name': 'a', 'at': datetime.datetime(2026, 1, 2, 3, 4, 5, 678), 'extra': 1}, {'name': 'ü', 'at': None}]


def test_table_is_aligned_and_empty_where_there_is_no_value(capsys):
    output.show(ROWS, ('name', 'at'))
    assert capsys.readouterr().out == 'name  at\na     2026-01-02T03:04:05\nü\n'


def test_json_and_yaml_hold_the_same(capsys):
    expected = [{'name': 'a', 'at': '2026-01-02T03:04:05'}, {'name': 'ü', 'at': None}]
    output.show(ROWS, ('name', 'at'), 'json')
    assert json.loads(capsys.readouterr().out) == expected
    output.show(ROWS, ('name', 'at'), 'yaml')
    assert yaml.safe_load(capsys.readouterr().out) == expected


def test_no_rows_are_an_empty_list_or_only_the_names_of_the_columns(capsys):
    output.show([], ('name', 'at'), 'json')
    assert json.loads(capsys.readouterr().out) == []
    output.show([], ('name', 'at'))
    assert capsys.readouterr().out == 'name  at\n'
