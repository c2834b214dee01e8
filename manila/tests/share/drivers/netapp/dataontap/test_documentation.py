"""The page for operators names all options, with their defaults, and all extra specs."""
import ast
import pathlib
import re

from manila.share.drivers.netapp import options
from manila.share.drivers.netapp.dataontap import specs
from manila.tests.share.drivers.netapp.dataontap.test_roles import PAGE

ROW = re.compile(r'^   \* - (.*?)\n     - (.*?)\n     - ', re.MULTILINE | re.DOTALL)


def table(name):
    """(names in the first column, text of the second) of the rows of a table of the page."""
    text = PAGE.read_text().partition(f'.. netapp-{name}-begin')[2].partition(f'.. netapp-{name}-end')[0]
    rows = [(re.findall('``([^`]+)``', first), second.strip('`')) for first, second in ROW.findall(text)]
    assert len(rows) > 10
    return [(names, second) for names, second in rows if names]


def shown(default):
    """A default as the page shows it."""
    if isinstance(default, list):
        return ','.join(default)
    return 'none' if default in (None, {}) else str(default)


def test_all_options_are_described_with_their_defaults():
    described = {name: default for names, default in table('options') for name in names
                 if name.startswith('netapp_')}
    assert described == {option.name: shown(option.default) for option in options.netapp_opts}


def test_all_extra_specs_are_described():
    read = {node.value for node in ast.walk(ast.parse(pathlib.Path(specs.__file__).read_text()))
            if isinstance(node, ast.Constant) and re.fullmatch('netapp[_:][a-z_]*[a-z]', str(node.value))}
    read |= {f'netapp:snaplock_{each}_period' for each in ('autocommit', 'min_retention', 'max_retention',
                                                           'default_retention')}
    described = {name for names, _default in table('specs') for name in names if name.startswith('netapp')}
    assert described == read - {'netapp:max', 'netapp:min'}      # what names of limits begin with
