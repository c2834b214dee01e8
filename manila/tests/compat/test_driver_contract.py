"""The base class keeps the interface that drivers written for Manila rely on."""
import inspect
import pathlib

import pytest

from manila.share import driver

LINES = [line for line in (pathlib.Path(__file__).parent / 'driver_contract.txt').read_text().splitlines()
         if not line.startswith('#')]


def calls(method):
    """How a method is declared: its name and arguments."""
    arguments = list(inspect.signature(method).parameters.values())[1:]
    return f'{method.__name__}({", ".join(map(str, arguments))})'


@pytest.mark.parametrize('line', LINES)
def test_method_has_the_very_arguments(line):
    name = line[1:].partition('(')[0]
    assert calls(getattr(driver.ShareDriver, name)) == line[1:]


@pytest.mark.parametrize('line', LINES)
def test_optional_methods_and_only_they_say_that_they_are_not_implemented(line):
    method = getattr(driver.ShareDriver, line[1:].partition('(')[0])
    assert ('raise NotImplementedError' in inspect.getsource(method)) == line.startswith('!')


def test_nothing_is_in_the_interface_that_the_contract_does_not_know():
    known = {line[1:].partition('(')[0] for line in LINES}
    public = {name for part in driver.ShareDriver.__mro__[:-1] for name, value in vars(part).items()
              if inspect.isfunction(value) and not name.startswith('_')}
    assert public <= known
