"""What the services have logged, for administrators."""
import collections
import pathlib

from manila.conf import CONF

SYSLOG = ('/var/log/syslog', '/var/log/messages')
_ERRORS = (' ERROR ', ' CRITICAL ')


def files():
    """The log files that the configuration names."""
    if CONF.log_file:
        return [pathlib.Path(CONF.log_dir or '.', CONF.log_file)]
    return sorted(pathlib.Path(CONF.log_dir).glob('*.log')) if CONF.log_dir else []


def errors(paths):
    """Lines of files that tell of errors, each with its file and its number."""
    for path in paths:
        for number, line in _lines(path):
            if any(word in line for word in _ERRORS):
                yield f'{path}:{number}: {line}'


def syslog(number):
    """The last lines of the services in the first of the usual files that is there."""
    path = next((path for path in map(pathlib.Path, SYSLOG) if path.exists()), None)
    lines = () if path is None else (line for _, line in _lines(path) if 'manila' in line)
    return collections.deque(lines, maxlen=number)


def _lines(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            for number, line in enumerate(file, 1):
                yield number, line.rstrip('\n')
    except OSError as error:
        yield 0, f' ERROR manila-manage cannot read it: {error}'


def show(lines):
    """Print lines, or that there are none; returns the exit status."""
    found = False
    for line in lines:
        found = True
        print(line)
    if not found:
        print('There is nothing to show.')
    return 0
