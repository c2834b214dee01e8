"""Both transports implement the whole face, and tests here call all of it."""
import ast
import inspect
import pathlib

import pytest

from manila.share.drivers.netapp.dataontap.client import connection, face
from manila.share.drivers.netapp.dataontap.client.rest import client as rest
from manila.share.drivers.netapp.dataontap.client.zapi import client as zapi

HERE = pathlib.Path(__file__).parent
NOUNS = {noun: getattr(face, kind) for noun, kind in face.Client.__annotations__.items()}


@pytest.mark.parametrize('module', [rest, zapi], ids=['rest', 'zapi'])
def test_every_noun_is_implemented_with_the_same_arguments(module):
    client = module.make(connection.Connection('192.0.2.1', 443))
    for noun, kind in NOUNS.items():
        found = getattr(client, noun)
        assert isinstance(found, kind)
        for name in kind.__abstractmethods__:
            wanted = list(inspect.signature(getattr(kind, name)).parameters)[1:]
            assert list(inspect.signature(getattr(found, name)).parameters) == wanted, f'{noun}.{name}'
    client.close()


def test_every_call_of_the_face_is_made_by_a_test():
    """Calls have the form ``....<noun>.<method>(...)``; all tests here run over both transports."""
    made = set()
    for path in HERE.glob('test_*.py'):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                made.add((node.value.attr, node.attr))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                made.add((node.value.id, node.attr))
    missing = [f'{noun}.{name}' for noun, kind in NOUNS.items() for name in sorted(kind.__abstractmethods__)
               if (noun, name) not in made]
    assert missing == []
