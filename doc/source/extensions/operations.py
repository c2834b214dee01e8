"""Sphinx directives that list the declared operations and the tables of states."""
import itertools

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import ViewList

from manila import resources
from manila.states import States


class _FromCode(Directive):
    """A directive whose content is reStructuredText made from the code."""

    def run(self):
        """The parsed content; it is made anew with each build, as the code may have changed."""
        self.state.document.settings.env.note_reread()
        source = ViewList(list(self.lines()), source=self.name)
        node = nodes.section()
        node.document = self.state.document
        self.state.nested_parse(source, self.content_offset, node, match_titles=1)
        return node.children


def _table(widths, rows):
    yield from ('.. list-table::', '   :header-rows: 1', f'   :widths: {widths}', '')
    for row in rows:
        for number, cell in enumerate(row):
            yield f'   {"* -" if number == 0 else "  -"} {cell}'
    yield ''


class Operations(_FromCode):
    """All operations, resource by resource."""

    def lines(self):
        """Lines of reStructuredText."""
        for module in resources.modules('api'):
            declared = module.operations
            yield from (declared.title, '=' * len(declared.title), '')
            rows = [('Operation', 'Microversions', 'Policy', 'What it does')]
            for item in declared:
                action = f' ``{item.action}``' if item.action else ''
                rules = ', '.join(f'``{rule}``' for rule in item.rules) or 'everybody'
                rows.append((f'``{item.method} {item.path}``{action}', str(item.span), rules, item.summary))
            yield from _table('36 14 22 28', rows)


class StateTables(_FromCode):
    """All tables of transitions, resource by resource."""

    def lines(self):
        """Lines of reStructuredText."""
        for module in resources.modules('states'):
            tables = [(name, value) for name, value in vars(module).items() if isinstance(value, States)]
            if not tables:
                continue
            title = module.__name__.split('.')[-2].capitalize()
            yield from (title, '=' * len(title), '')
            for name, table in tables:
                heading = name.replace('_', ' ').capitalize()
                rows = table.to_rst().splitlines()
                yield from itertools.chain((f'{heading} (``{table.column}``)', ''), rows, ('',))


def setup(app):
    """Entry for Sphinx."""
    app.add_directive('operations', Operations)
    app.add_directive('states', StateTables)
    return {'parallel_read_safe': True}
