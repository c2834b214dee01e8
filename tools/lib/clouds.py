"""The entry of our service in a clouds.yaml; entries and comments of others stay as they are."""
import os
import pathlib
import re

BEGIN = '# begin: written by manila tools/quickstart'
END = '# end: written by manila tools/quickstart'
NAME = 'manila'
OURS = re.compile(rf'^[ ]*{re.escape(BEGIN)}\n.*?^[ ]*{re.escape(END)}\n', re.M | re.S)


class Conflict(Exception):
    """The file has something in it that we would have to overwrite."""


def entry(endpoint, username, password):
    """The cloud as a mapping."""
    return {'auth_type': 'http_basic',
            'auth': {'endpoint': endpoint, 'username': username, 'password': password}}


def block(cloud, indent):
    """The cloud as lines of YAML between our two marks."""
    pad = ' ' * indent
    auth = cloud['auth']
    lines = [BEGIN, f'{NAME}:', f'{pad}auth_type: {cloud["auth_type"]}', f'{pad}auth:',
             *(f'{pad}{pad}{key}: "{auth[key]}"' for key in ('endpoint', 'username', 'password')), END]
    return ''.join(f'{pad}{line}\n' for line in lines)


def add(path, cloud):
    """Write our cloud into the file, which is made if need be and readable by its owner only.

    :raises Conflict: when the file has a cloud of that name that is not ours, or is not a list of clouds
    """
    import yaml
    path = pathlib.Path(path)
    text = OURS.sub('', path.read_text()) if path.exists() else ''
    before = yaml.safe_load(text) or {}
    if not isinstance(before, dict) or not isinstance(before.get('clouds') or {}, dict):
        raise Conflict(f'{path} is not a list of clouds')
    others = before.get('clouds') or {}
    if NAME in others:
        raise Conflict(f'{path} has a cloud named {NAME} already')
    after = _with_block(text, cloud)
    if yaml.safe_load(after) != {**before, 'clouds': {**others, NAME: cloud}}:
        raise Conflict(f'{path} is written in a way we cannot add to safely')
    _write(path, after)


def remove(path):
    """Take our cloud out again; a file with nothing else in it goes too."""
    path = pathlib.Path(path)
    if not path.exists():
        return
    text = path.read_text()
    rest = OURS.sub('', text)
    if rest.strip() in ('', 'clouds:', '---\nclouds:'):
        path.unlink()
    elif rest != text:
        _write(path, rest)


def _with_block(text, cloud):
    head = re.search(r'^clouds:[ ]*(#.*)?\n', text, re.M)
    if not head:
        text = text + ('' if not text or text.endswith('\n') else '\n')
        return f'{text}clouds:\n{block(cloud, 2)}'
    first = re.search(r'^([ ]+)[^\s#]', text[head.end():], re.M)
    indent = len(first.group(1)) if first else 2
    return text[:head.end()] + block(cloud, indent) + text[head.end():]


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + '.new')
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:
        file.write(text)
    os.chmod(new, mode & 0o600 or 0o600)
    os.replace(new, path)
