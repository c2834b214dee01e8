"""The shape of the code base, enforced: who may import whom, and how long files and functions may be.

The rules are those of doc/source/contributor/architecture.rst. Modules are read as syntax trees and never
imported, so that an import inside a function counts like any other.
"""
import ast
import collections
import functools
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / 'manila'
PAGE = ROOT / 'doc' / 'source' / 'contributor' / 'architecture.rst'
LONGEST_FILE = 600
LONGEST_FUNCTION = 60

TIERS = ('api', 'schema', 'policy', 'service', 'work', 'store', 'model', 'states')

# What every module may import.
BASE = ('manila.exception', 'manila.conf', 'manila.common', 'manila.context', 'manila.i18n', 'manila.version',
        'manila.utils', 'manila.coordination', 'manila.privsep', 'manila.ssh_utils')
FRAMEWORK = ('manila.api', 'manila.db', 'manila.jobs', 'manila.rpc', 'manila.states', 'manila.policy',
             'manila.notify', 'manila.health', 'manila.metrics')

# Tier of a resource package -> what it may import of other tiers (of any resource package) and of the rest.
MAY_IMPORT = {
    'policy': (('policy',), ('manila.policy',)),
    'schema': (('schema', 'policy', 'states'), ('manila.api', 'manila.policy')),
    'states': (('states',), ('manila.states', 'manila.jobs')),
    'model': (('model',), ('manila.db',)),
    'store': (('store', 'model', 'states'), ('manila.db', 'manila.jobs', 'manila.states', 'manila.notify')),
    'service': (('service', 'store', 'model', 'states', 'policy'),
                ('manila.db', 'manila.jobs', 'manila.states', 'manila.rpc', 'manila.policy', 'manila.notify',
                 'manila.api.types')),
    'work': (('service', 'store', 'model', 'states'),
             ('manila.db', 'manila.jobs', 'manila.states', 'manila.rpc', 'manila.notify',
              'manila.share.backend', 'manila.scheduler')),
    'api': (('service', 'store', 'schema', 'policy', 'states'),
            ('manila.api', 'manila.db', 'manila.states', 'manila.policy')),
}

# What a driver may see; the paths that drivers written for Manila import.
DRIVER_MAY_IMPORT = BASE + (
    'manila.share.driver', 'manila.share.utils', 'manila.share.share_types', 'manila.share.qos_types',
    'manila.share.configuration',
    'manila.share.api', 'manila.share.drivers', 'manila.share.interface', 'manila.message', 'manila.network',
    'manila.privsep', 'manila.ssh_utils', 'manila.rpc', 'manila.db', 'manila.data.utils')

# The few places that must look up: each with its reason.
ALLOWED = {
    ('manila.db.models', 'manila.share.private_store'): 'the schema has the table of what drivers keep, too',
    ('manila.resources.pools.service', 'manila.scheduler.pools'):
        'the pools API shows pools exactly as the scheduler sees them',
    ('manila.context', 'manila.policy'): 'whether a caller is an administrator is a policy rule',
    ('manila.conf.opts', 'manila.share.driver'): 'the sample configuration lists the options of drivers too',
}


def name_of(path):
    """Dotted name of the module in a file."""
    parts = path.relative_to(ROOT).with_suffix('').parts
    return '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)


@functools.cache
def tree(path):
    """Syntax tree of a file."""
    return ast.parse(path.read_text(encoding='utf-8'), str(path))


def sources(tests=False):
    """All Python files of the package."""
    for path in sorted(PACKAGE.rglob('*.py')):
        if tests or 'tests' not in path.relative_to(PACKAGE).parts:
            yield path


@functools.cache
def modules():
    """Name -> file of all modules outside the tests."""
    return {name_of(path): path for path in sources()}


def imported(path, top_level_only=False):
    """(line, dotted name) of everything a file imports; a name that is a module is named in full."""
    root = tree(path)
    nodes = _at_start(root) if top_level_only else ast.walk(root)
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            for alias in node.names:
                whole = f'{base}.{alias.name}'
                yield node.lineno, whole if whole in modules() else base


def _at_start(node):
    """Nodes that are executed when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _at_start(child)


def _absolute(path, node):
    """Module that a `from … import` names, also when it is given by dots."""
    if not node.level:
        return node.module
    package = name_of(path).split('.')
    if path.name != '__init__.py':
        package = package[:-1]
    package = package[:len(package) - (node.level - 1)]
    return '.'.join([*package, *([node.module] if node.module else [])])


def under(name, prefixes):
    """Whether a module is one of, or lies below one of the prefixes."""
    return any(name == prefix or name.startswith(prefix + '.') for prefix in prefixes)


def tier(name):
    """(resource, tier) of a module of a resource package, else None."""
    parts = name.split('.')
    if parts[:2] == ['manila', 'resources'] and len(parts) >= 4:
        return parts[2], parts[3]
    return None


def is_plain(name):
    """Whether a module of a resource package belongs to no tier: constants and pure functions."""
    return bool(tier(name)) and tier(name)[1] not in TIERS


def is_store(name):
    """Whether a module holds SQL or tables, as its name then says."""
    last = name.rpartition('.')[2]
    return last in ('store', 'model') or last.endswith('_store')


def complaints(paths, allowed, why):
    """Lines telling which import breaks a rule."""
    found = []
    for path in paths:
        importer = name_of(path)
        for line, name in imported(path):
            if (importer, name) not in ALLOWED and not allowed(importer, name):
                found.append(f'{path.relative_to(ROOT)}:{line} imports {name}: {why(importer, name)}')
    return '\n'.join(found)


def is_ours(name):
    """Whether a module is part of this package."""
    return under(name, ('manila',))


def test_other_files_of_a_resource_package_hold_plain_knowledge_and_import_only_the_base():
    def allowed(importer, name):
        return not is_ours(name) or under(name, BASE) or is_plain(name)

    paths = [path for path in sources() if is_plain(name_of(path))]
    found = complaints(paths, allowed, lambda importer, name:
                       f'a file that is none of {", ".join(TIERS)} may import only the base')
    assert not found, '\n' + found


@pytest.mark.parametrize('kind', TIERS)
def test_a_tier_imports_only_what_lies_below_it(kind):
    below, rest = MAY_IMPORT[kind]

    def allowed(importer, name):
        if not is_ours(name) or under(name, BASE + rest):
            return True
        target = tier(name)
        return bool(target) and (target[1] in below or is_plain(name))

    paths = [path for path in sources() if (tier(name_of(path)) or (None, None))[1] == kind]
    found = complaints(paths, allowed, lambda importer, name:
                       f'a {kind} may import {", ".join(below)} of resource packages and {", ".join(rest)}')
    assert not found, '\n' + found


def test_base_modules_import_only_each_other():
    paths = [path for path in sources() if under(name_of(path), BASE)]
    found = complaints(paths, lambda importer, name: not is_ours(name) or under(name, BASE),
                       lambda importer, name: 'the base knows nothing above it')
    assert not found, '\n' + found


def test_the_framework_knows_no_resource_driver_or_role():
    above = ('manila.resources', 'manila.share', 'manila.scheduler', 'manila.cmd', 'manila.wsgi',
             'manila.network')
    paths = [path for path in sources() if under(name_of(path), FRAMEWORK)]
    # manila.resources itself only finds the packages below it by name.
    found = complaints(paths, lambda importer, name: name == 'manila.resources' or not under(name, above),
                       lambda importer, name: 'the framework knows no resource; a resource declares itself')
    assert not found, '\n' + found


def test_drivers_see_only_the_open_list():
    paths = [path for path in sources() if under(name_of(path), ('manila.share.drivers',))]
    found = complaints(paths, lambda importer, name:
                       not is_ours(name) or name == 'manila' or under(name, DRIVER_MAY_IMPORT),
                       lambda importer, name: 'not among the modules that drivers may import')
    assert not found, '\n' + found


def test_drivers_are_loaded_by_name_and_imported_by_nobody():
    outside = ('manila.share.drivers', 'manila.conf.opts')
    paths = [path for path in sources() if not under(name_of(path), outside)]
    found = complaints(paths, lambda importer, name: not under(name, ('manila.share.drivers',)),
                       lambda importer, name: 'a driver is named in the configuration, never in the code')
    assert not found, '\n' + found


def test_only_stores_models_and_the_database_and_job_frameworks_import_sqlalchemy():
    def allowed(importer, name):
        if not under(name, ('sqlalchemy', 'alembic', 'oslo_db.sqlalchemy')):
            return True
        return under(importer, ('manila.db', 'manila.jobs', 'manila.states')) or is_store(importer)

    found = complaints(sources(), allowed, lambda importer, name: 'SQL belongs into a store')
    assert not found, '\n' + found


def test_only_commands_import_eventlet():
    found = complaints(sources(), lambda importer, name:
                       not under(name, ('eventlet', 'greenlet')) or under(importer, ('manila.cmd',)),
                       lambda importer, name: 'eventlet is a choice made in manila/cmd')
    assert not found, '\n' + found


def test_commands_and_wsgi_are_imported_by_nobody():
    outside = [path for path in sources() if not under(name_of(path), ('manila.cmd', 'manila.wsgi'))]
    found = complaints(outside, lambda importer, name: not under(name, ('manila.cmd', 'manila.wsgi')),
                       lambda importer, name: 'processes are put together at the top')
    assert not found, '\n' + found


def test_no_module_needs_itself_while_it_is_being_imported():
    graph = collections.defaultdict(set)
    for name, path in modules().items():
        graph[name] = {target for _, target in imported(path, top_level_only=True)
                       if target in modules() and target != name and not name.startswith(target + '.')}
    assert not (ring := find_ring(graph)), 'imports go round in a ring: ' + ' -> '.join(ring)


def test_services_do_not_need_each_other_in_a_ring():
    services = {name: path for name, path in modules().items() if (tier(name) or (0, 0))[1] == 'service'}
    graph = {name: {target for _, target in imported(path) if target in services}
             for name, path in services.items()}
    assert not (ring := find_ring(graph)), 'services go round in a ring: ' + ' -> '.join(ring)


def find_ring(graph):
    """One ring in a directed graph as a list of names, or an empty list."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return [*path[path.index(name):], name]
        if name in done:
            return []
        path.append(name)
        for target in sorted(graph.get(name, ())):
            if ring := visit(target):
                return ring
        path.pop()
        done.add(name)
        return []

    for name in sorted(graph):
        if ring := visit(name):
            return ring
    return []


def test_a_ring_is_found_and_a_diamond_is_none():
    assert find_ring({'a': {'b'}, 'b': {'c'}, 'c': {'b'}}) == ['b', 'c', 'b']
    assert find_ring({'a': {'b', 'c'}, 'b': {'d'}, 'c': {'d'}, 'd': set()}) == []


def test_files_stay_short_enough_to_be_read_at_once():
    long = {str(path.relative_to(ROOT)): count for path in sources(tests=True)
            if (count := len(path.read_text(encoding='utf-8').splitlines())) > LONGEST_FILE}
    assert not long, f'files of more than {LONGEST_FILE} lines; split them by subject: {long}'


def test_functions_stay_short_enough_to_be_read_at_once():
    long = []
    for path in sources(tests=True):
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f'{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines')
    assert not long, f'functions of more than {LONGEST_FUNCTION} lines:\n' + '\n'.join(long)


def test_every_module_says_what_it_is_for():
    silent = [str(path.relative_to(ROOT)) for path in sources()
              if path.stat().st_size and not ast.get_docstring(tree(path))]
    assert not silent, f'modules without a docstring: {silent}'


def test_every_folder_and_top_module_has_its_place_in_the_architecture_page():
    page = PAGE.read_text(encoding='utf-8')
    places = {path.parent for path in sources()
              if 'resources' not in path.parts or path.parent.name == 'resources'}
    missing = [str(place.relative_to(ROOT)) for place in sorted(places)
               if f'{place.relative_to(ROOT)}/' not in page]
    missing += [str(path.relative_to(ROOT)) for path in sorted(PACKAGE.glob('*.py'))
                if path.stat().st_size and f'{path.relative_to(ROOT)}' not in page]
    assert not missing, f'not told in {PAGE.relative_to(ROOT)}: {missing}'
