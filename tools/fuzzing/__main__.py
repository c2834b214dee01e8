"""Send tens of thousands of requests to the API: ``python -m tools.fuzzing [--database mysql] [--number 20000]``.

Half of what schemathesis makes of the served OpenAPI document is right and half is wrong in some way; both are sent
to rows that exist, by an administrator, a member, a stranger and others. Requests from ``manila/tests/fuzz`` that no
schema would lead to, and bytes that are hardly HTTP, follow. An answer 5xx, an answer other than documented, and
anything that belongs to others in an answer are findings; the exit status is 1 if there is one.
"""
import argparse
import concurrent.futures
import multiprocessing
import os
import sys
import time

from tools.fuzzing import series, wire


def main():
    """Run what the command line asks for."""
    options = parse(sys.argv[1:])
    begun = time.monotonic()
    parts = list(series.parts(options))
    context = multiprocessing.get_context('spawn')
    with concurrent.futures.ProcessPoolExecutor(len(parts), context) as pool:
        results = list(pool.map(series.run, parts))
    found = [finding for result in results for finding in result['findings']]
    print_summary(results, time.monotonic() - begun, options)
    if options.wire:
        sent, problems = wire.run()
        print(f'{sent} requests that are hardly HTTP: {len(problems)} findings')
        found += problems
    for finding in found:
        print(f'\n{finding}')
    return 1 if found else 0


def parse(arguments):
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog='python -m tools.fuzzing', description=__doc__.splitlines()[0])
    parser.add_argument('--database', choices=('sqlite', 'mysql', 'postgresql'), default='sqlite',
                        help='a scratch SQLite file, or a new database on a server (see manila/tests/functional)')
    parser.add_argument('--number', type=int, default=20000, help='requests by schemathesis')
    parser.add_argument('--more', type=int, default=10000, help='requests by manila/tests/fuzz')
    parser.add_argument('--versions', nargs='+', default=['2.0', '2.7', '2.40', '2.60', '2.99'])
    parser.add_argument('--seed', type=int, default=0, help='other requests for another number')
    parser.add_argument('--processes', type=int, default=os.cpu_count() or 1, help='each with a database of its own')
    parser.add_argument('--no-wire', dest='wire', action='store_false', help='leave out what is hardly HTTP')
    parser.add_argument('--coverage', action='store_true', help='tell which answers each operation gave')
    return parser.parse_args(arguments)


def print_summary(results, seconds, options):
    """Say how much was sent, and what came back."""
    statuses, reached = {}, {}
    for result in results:
        _add(statuses, result['statuses'])
        for operation, counts in result['reached'].items():
            _add(reached.setdefault(operation, {}), counts)
    made = sum(result['made'] for result in results)
    sent = sum(result['sent'] for result in results)
    count = sum(len(result['findings']) for result in results)
    print(f'{made} requests by schemathesis and {sent - made} others on {options.database} in {seconds:.0f} s: '
          f'{count} findings')
    print('answers:', ', '.join(f'{count} x {status}' for status, count in sorted(statuses.items())))
    never = [operation for operation, counts in sorted(reached.items()) if min(counts) >= 400]
    print(f'{len(reached)} operations, never successful: {", ".join(never) or "none"}')
    if options.coverage:
        for operation, counts in sorted(reached.items()):
            print(f'  {operation}: {dict(sorted(counts.items()))}')


def _add(sums, counts):
    for key, count in counts.items():
        sums[key] = sums.get(key, 0) + count


if __name__ == '__main__':
    sys.exit(main())
