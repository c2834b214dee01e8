"""Small helpers for drivers and services: commands, locks, retries, addresses, sizes.

Names and arguments are those that drivers written for Manila use.
"""
import contextlib
import ipaddress
import logging
import random
import re
import shutil
import tempfile

import tenacity
from oslo_concurrency import lockutils, processutils
from oslo_log import log

from manila import exception
from manila.i18n import _

LOG = log.getLogger(__name__)

#: Decorator: callers with the same name wait for each other; ``external=True`` extends this to other
#: processes.
synchronized = lockutils.synchronized_with_prefix('manila-')

_SIZE_UNITS = 'BKMGTPEZY'
_DURATION_UNITS = {'minute': 'PT%sM', 'hour': 'PT%sH', 'day': 'P%sD', 'month': 'P%sM', 'year': 'P%sY'}
# What a shell would act on, so that it may appear only inside quotes.
_SHELL_SYNTAX = ('`', '$', '|', '||', ';', '&', '&&', '>', '>>', '<')


def get_root_helper():
    """The command prefix with which a service that is not root runs a command as root."""
    from manila.conf import CONF
    config = CONF.rootwrap_config
    return f'sudo manila-rootwrap {config}' if config else 'sudo'


def execute(*command, **kwargs):
    """Run a command without a shell; returns (stdout, stderr).

    Takes what :func:`oslo_concurrency.processutils.execute` takes; ``run_as_root=True`` needs no
    ``root_helper``.

    :raises manila.exception.ProcessExecutionError: when the command's exit code is not an expected one
    """
    if kwargs.get('run_as_root') and 'root_helper' not in kwargs:
        kwargs['root_helper'] = get_root_helper()
    return processutils.execute(*command, **kwargs)


def retry(retry_param=Exception, interval=1, retries=10, backoff_rate=2, backoff_sleep_max=None,
          wait_random=False, infinite=False, retry=tenacity.retry_if_exception_type):
    """Decorator: call again when the function raises.

    :param retry_param: exception class or tuple of them, or whatever ``retry`` takes
    :param interval: seconds before the second call
    :param retries: most calls in all
    :param backoff_rate: factor between one wait and the next
    :param backoff_sleep_max: longest wait in seconds
    :param wait_random: whether each wait is a random part of the computed one
    :param infinite: never give up
    :param retry: tenacity condition made from ``retry_param``
    """
    if retries < 1:
        raise ValueError(_('A function cannot be called fewer than once: retries=%s') % retries)

    def wait(state):
        seconds = interval * backoff_rate ** (state.attempt_number - 1)
        if backoff_sleep_max is not None:
            seconds = min(seconds, backoff_sleep_max)
        return random.uniform(0, seconds) if wait_random else seconds

    return tenacity.retry(retry=retry(retry_param), wait=wait, reraise=True,
                          stop=tenacity.stop_never if infinite else tenacity.stop_after_attempt(retries),
                          before_sleep=tenacity.before_sleep_log(LOG, logging.DEBUG))


@contextlib.contextmanager
def tempdir(**kwargs):
    """A temporary directory that is gone, with all in it, after the block; takes what ``mkdtemp`` takes."""
    path = tempfile.mkdtemp(**kwargs)
    try:
        yield path
    finally:
        try:
            shutil.rmtree(path)
        except OSError as error:
            LOG.warning('Temporary directory %s could not be removed: %s', path, error)


def check_ssh_injection(command):
    """Refuse a command, given as a list, in which a shell at the far end would find more than one command.

    A quoted argument may contain anything but its quote.

    :raises manila.exception.SSHInjectionThreat: when an argument has unquoted blanks or shell syntax
    """
    for argument in command:
        argument = argument.strip()
        quoted = len(argument) > 1 and argument[0] == argument[-1] and argument[0] in '"\''
        text = argument[1:-1] if quoted else argument
        if quoted:
            threat = re.search(r'(?<!\\)' + argument[0], text)
        else:
            threat = any(blank in text for blank in ' \t\n\r') or any(sign in text for sign in _SHELL_SYNTAX)
        if threat:
            raise exception.SSHInjectionThreat(command=command)


def is_valid_ip_address(ip_address, ip_version):
    """Whether a text is an IP address of one of the versions.

    :param ip_version: 4, 6, either as text, or a list of them
    """
    versions = ip_version if isinstance(ip_version, list) else [ip_version]
    versions = {int(version) for version in versions}
    if not versions <= {4, 6}:
        raise exception.ManilaException(_('IP versions are 4 and 6, not %s.') % ip_version)
    try:
        return ipaddress.ip_address(str(ip_address)).version in versions
    except ValueError:
        return False


def cidr_to_network(cidr):
    """The :mod:`ipaddress` network of a text such as ``10.0.0.0/24``; a plain address is a network of one.

    :raises manila.exception.InvalidInput: when it is none
    """
    try:
        return ipaddress.ip_interface(str(cidr)).network
    except ValueError as error:
        raise exception.InvalidInput(reason=_('%s is not a network.') % cidr) from error


def cidr_to_netmask(cidr):
    """The mask of a network: ``255.255.255.0`` of ``10.0.0.0/24``."""
    return str(cidr_to_network(cidr).netmask)


def cidr_to_prefixlen(cidr):
    """The length of a network's prefix: 24 of ``10.0.0.0/24``."""
    return cidr_to_network(cidr).prefixlen


def translate_string_size_to_float(string, multiplier='G'):
    """A size as tools print it (``1.5T``, ``10,5m``, ``1024``) as number in the wanted unit.

    :param multiplier: unit of the answer, one letter of B, K, M, G, T, P, E, Z, Y; each is 1024 of the one
        before
    :returns: None when the text is no size; a number without unit counts as bytes
    """
    match = re.fullmatch(r'(\d+(?:[.,]\d*)?)\s*([A-Z]?)B?', str(string).strip().upper()) \
        if isinstance(string, str) else None
    unit = (match[2] or 'B') if match else None
    if match is None or unit not in _SIZE_UNITS or multiplier.upper() not in _SIZE_UNITS:
        return None
    power = _SIZE_UNITS.index(unit) - _SIZE_UNITS.index(multiplier.upper())
    return float(match[1].replace(',', '.')) * 1024.0 ** power


def convert_time_duration_to_iso_format(time_duration):
    """A duration such as ``10 minutes`` or ``2years`` in the notation of ISO 8601 (``PT10M``, ``P2Y``).

    :raises manila.exception.InvalidParameterValue: when it is no number of minutes, hours, days, months or
        years
    """
    match = re.fullmatch(r'(\d+)\s*([a-z]+?)s?', str(time_duration).strip().lower())
    if match is None or match[2] not in _DURATION_UNITS:
        raise exception.InvalidParameterValue(err=_('%s is not a duration.') % time_duration)
    return _DURATION_UNITS[match[2]] % match[1]
