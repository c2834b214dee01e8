"""The machine below: running commands, Debian packages, Python environments, ports and processes."""
import contextlib
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICY = pathlib.Path('/usr/sbin/policy-rc.d')
OLDEST_PYTHON = (3, 10)
# Debian's name of a package -> Ubuntu's.
UBUNTU_NAMES = {'libnfs13': 'libnfs14'}


class Problem(Exception):
    """Something a person has to see to; the text says what."""


def say(text=''):
    """Print one line at once."""
    print(text, flush=True)


@contextlib.contextmanager
def step(text):
    """Announce a step and tell how long it took."""
    say(f'==> {text}')
    begin = time.monotonic()
    yield
    took = time.monotonic() - begin
    if took >= 1:
        say(f'    done in {took:.0f} s')


def run(args, check=True, quiet=True, **kwargs):
    """Run a command given as a list; its output is shown only if it fails.

    :raises Problem: when it fails and `check` is set
    """
    kwargs.setdefault('stdin', subprocess.DEVNULL)
    if quiet:
        kwargs.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done = subprocess.run([str(part) for part in args], text=True, check=False, **kwargs)
    if check and done.returncode:
        raise Problem(f'{" ".join(str(part) for part in args)}\nended with {done.returncode}:\n'
                      f'{(done.stdout or "")[-3000:]}')
    return done


def is_root():
    """Whether we may change the machine."""
    return os.geteuid() == 0


def has_systemd():
    """Whether systemd runs this machine (in a container or a small VM it may not)."""
    return os.path.isdir('/run/systemd/system')


def is_ubuntu():
    """Whether packages have Ubuntu's names."""
    release = pathlib.Path('/etc/os-release')
    return release.exists() and 'ubuntu' in release.read_text().lower()


# ---- Debian packages

def missing_packages(names):
    """Those of the Debian packages that are not installed."""
    def installed(name):
        done = run(['dpkg-query', '-W', '-f', '${db:Status-Status}', name], check=False)
        return done.returncode == 0 and (done.stdout or '').strip().endswith('installed') \
            and 'not-installed' not in done.stdout
    return [name for name in names if not installed(name)]


def install_packages(names):
    """Install packages, given by Debian's names, without letting them start their daemons.

    :returns: the packages that were installed now
    :raises Problem: without root, without apt or when apt fails
    """
    names = [UBUNTU_NAMES.get(name, name) for name in names] if is_ubuntu() else list(names)
    missing = missing_packages(names) if shutil.which('dpkg-query') else names
    if not missing:
        return []
    if not shutil.which('apt-get'):
        raise Problem(f'no apt-get here; install by hand what these packages hold: {" ".join(missing)}')
    if not is_root():
        raise Problem(f'needs root: apt-get install {" ".join(missing)}')
    environment = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    command = ['apt-get', '-y', '-q', '-o', 'DPkg::Lock::Timeout=300', '--no-install-recommends', 'install']
    with _daemons_held_back():
        if run([*command, *missing], check=False, env=environment).returncode:
            run(['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', 'update'], env=environment)
            run([*command, *missing], env=environment)
    return missing


@contextlib.contextmanager
def _daemons_held_back():
    """Keep packages from starting what they bring; a policy that is there already stays as it is."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text('#!/bin/sh\nexit 101\n')
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


# ---- Python

def find_python():
    """A Python interpreter that is new enough: $PYTHON, the one that runs us, or one on the path.

    :raises Problem: when there is none
    """
    named = os.environ.get('PYTHON')
    candidates = [named] if named else [sys.executable, 'python3', 'python3.13', 'python3.12', 'python3.11',
                                        'python3.10']
    for name in candidates:
        path = shutil.which(name)
        if path and _new_enough(path):
            return path
    raise Problem(f'no Python {".".join(map(str, OLDEST_PYTHON))} or newer found; name one with PYTHON=/path')


def _new_enough(python):
    check = f'import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})'
    return run([python, '-c', check], check=False).returncode == 0


def make_venv(path, requirements, editable=ROOT):
    """Create the virtual environment if needed and bring it up to the requirement files.

    Nothing is done when the files are those of the last time.

    :returns: path of its Python
    """
    python = path / 'bin' / 'python'
    if not python.exists() or not _new_enough(python):
        create = [find_python(), '-m', 'venv', path]
        if run([*create[:2], 'ensurepip', '--version'], check=False).returncode:
            install_packages(['python3-venv'])
        run(create)
    stamp = path / 'manila-requirements'
    wanted = _fingerprint([*requirements, editable / 'setup.cfg', editable / 'pyproject.toml'])
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    pip = [python, '-m', 'pip', '--disable-pip-version-check', '--quiet', 'install']
    run([*pip, 'setuptools>=64', 'wheel'])
    listed = [part for name in requirements for part in ('-r', name)]
    run([*pip, *listed])
    run([*pip, '--no-deps', '--no-build-isolation', '-e', editable])
    stamp.write_text(wanted)
    return python


def _fingerprint(files):
    digest = hashlib.sha256()
    for name in files:
        digest.update(pathlib.Path(name).read_bytes())
    return digest.hexdigest()


# ---- ports and processes

def port_answers(port, host='127.0.0.1', timeout=1.0):
    """Whether something accepts TCP connections there."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout):
        return True
    return False


def own_address():
    """IPv4 address by which this machine would speak to another network, or 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(('198.51.100.1', 9))      # sends nothing: it only chooses a route
            return probe.getsockname()[0]
        except OSError:
            return '127.0.0.1'


def free_port():
    """A TCP port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_until(check, seconds, what, alive=None):
    """Wait for check() to become true.

    :param alive: called on the way; false means that waiting is useless
    :raises Problem: when it does not happen in time
    """
    end = time.monotonic() + seconds
    while not check():
        if alive is not None and not alive():
            raise Problem(f'{what}: the process ended')
        if time.monotonic() > end:
            raise Problem(f'{what}: nothing after {seconds} s')
        time.sleep(0.1)


def stop_process(pid, seconds=20):
    """Ask a process to end, and make it end when it does not in time."""
    for sign, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5)):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        end = time.monotonic() + patience
        while time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if not os.path.exists(f'/proc/{pid}'):
                return
            time.sleep(0.1)
