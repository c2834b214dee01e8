"""Run benchmarks: ``python -m tools.bench [--database mysql|postgresql] [--number N] [case ...]``.

Each case prints what a request or share costs, what the bare parts cost (the floor), and the ratio. Nothing is
asserted: machines differ, and other load on the machine shows in every figure.
"""
import argparse
import contextlib
import pathlib
import sys
import tempfile

from manila.tests.functional import services
from tools.bench import cases, report, stack


def main():
    """Run the cases that the command line names, or all."""
    parser = argparse.ArgumentParser(prog='python -m tools.bench', description=__doc__.splitlines()[0])
    parser.add_argument('--database', choices=services.DATABASES, default='mysql')
    parser.add_argument('--number', type=int, default=200, help='shares, rules or requests of a case')
    parser.add_argument('--concurrency', type=int, default=8, help='clients at once where a case has several')
    parser.add_argument('case', nargs='*', choices=[*cases.ALL, []], help='default: all')
    options = parser.parse_args()
    names = options.case or list(cases.ALL)
    table = report.Table(options)
    with contextlib.ExitStack() as opened:
        together = [name for name in names if name not in cases.SEPARATE]
        if together:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix='manila-bench-'))
            running = opened.enter_context(stack.running(pathlib.Path(folder), options.database))
        for name in together:
            cases.ALL[name](running, options, table)
    for name in names:
        if name in cases.SEPARATE:
            cases.ALL[name](None, options, table)
    print(table)
    return 0


if __name__ == '__main__':
    sys.exit(main())
