"""One process's part of the requests, on a database of its own."""
import contextlib
import copy
import logging
import random
import tempfile
import traceback

import _pytest.outcomes

from manila.conf import CONF
from manila.tests.fixtures import database
from manila.tests.functional import services
from manila.tests.fuzz import world
from manila.tests.fuzz.generator import Generator
from manila.tests.fuzz.run import Run
from tools.fuzzing import cases


def parts(options):
    """The options of each process."""
    for index in range(options.processes):
        part = copy.copy(options)
        part.index = index
        part.number = _share(options.number, index, options.processes)
        part.more = _share(options.more, index, options.processes)
        yield part


def _share(number, index, processes):
    return number // processes + (index < number % processes)


def run(options):
    """Send this process's requests; returns what there is to tell, as plain values."""
    try:
        return _run(options)
    except Exception:
        # Exceptions of databases do not survive the way to another process.
        raise RuntimeError(traceback.format_exc()) from None


def _run(options):
    logging.disable(logging.WARNING)
    CONF([], project='manila', default_config_files=[], default_config_dirs=[])
    with tempfile.TemporaryDirectory(prefix='manila-fuzz-') as folder, _database(options.database, folder) as url:
        database.create_schema(url)
        world.configure(folder, url)
        series = Run(world.World())
        made = _send(series, options)
        findings = series.report().split('\n\n') if series.findings else []
        return {'made': made, 'sent': series.sent, 'statuses': series.statuses, 'findings': findings,
                'reached': series.checker.reached}


@contextlib.contextmanager
def _database(kind, folder):
    if kind == 'sqlite':
        yield f'sqlite:///{folder}/fuzz.sqlite'
        return
    try:
        with services.database(kind) as url:
            yield url.render_as_string(hide_password=False)
    except _pytest.outcomes.Skipped as reason:
        raise SystemExit(f'cannot run: {reason}') from None


def _send(series, options):
    """Send all; returns how many of them schemathesis made."""
    chooser = random.Random(f'{options.seed}.{options.index}')
    generator = Generator(chooser, series.documents, series.world)
    for place, version in enumerate(options.versions):
        number = _share(options.number, place, len(options.versions))
        made = cases.make(series.documents(version), version, number, options, generator)
        series.send_all(made)
        print(f'process {options.index}: {series.sent} requests, version {version} done, '
              f'{len(series.findings)} findings', flush=True)
    count = series.sent
    series.send_all(generator.make(chooser.choice(options.versions)) for _ in range(options.more))
    return count
