"""How to reach an array, for both transports: address, credentials, trust, patience, and who watches the calls."""
import collections
import dataclasses
import re

from oslo_log import log

from manila import exception
from manila.i18n import _

LOG = log.getLogger(__name__)

DEFAULT_PORTS = {'http': 80, 'https': 443}


@dataclasses.dataclass
class Connection:
    """What a transport needs to know.

    ``verify`` is what requests takes: True for the built-in authorities, a file or directory, or False.
    ``certificate`` is (certificate file, key file) for a login by certificate; then no password is sent.
    ``timeout`` is how many seconds jobs may take. ``trace`` logs calls whose name fits ``trace_pattern``.
    ``observers`` are called with (operation, seconds, error or None) after each call, for metrics and benchmarks.
    """

    host: str
    port: int
    scheme: str = 'https'
    login: str = None
    password: str = dataclasses.field(default=None, repr=False)
    certificate: tuple = None
    verify: object = True
    timeout: int = 60
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    retry_interval: float = 0.5
    retries: int = 5
    trace: bool = False
    trace_pattern: object = re.compile('(.*)')
    observers: list = dataclasses.field(default_factory=list)
    counts: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    @property
    def base(self):
        """``scheme://host:port``, an IPv6 address in brackets."""
        host = f'[{self.host}]' if ':' in self.host and not self.host.startswith('[') else self.host
        return f'{self.scheme}://{host}:{self.port}'

    def observed(self, operation, seconds, error=None):
        """Count a call and tell the observers."""
        self.counts[operation] += 1
        for observer in self.observers:
            observer(operation, seconds, error)

    def traces(self, name):
        """Whether calls of that name are to be logged."""
        return self.trace and bool(self.trace_pattern.search(name))


def from_options(options):
    """The connection that a back end's options describe.

    :raises manila.exception.BadConfigurationException: when they contradict each other or leave something out
    """
    certificate = None
    if options.netapp_certificate_file and options.netapp_private_key_file:
        certificate = (options.netapp_certificate_file, options.netapp_private_key_file)
    scheme = 'https' if certificate else options.netapp_transport_type.lower()
    if scheme not in DEFAULT_PORTS:
        _refuse(_('netapp_transport_type must be http or https, not %s.') % scheme)
    if not options.netapp_server_hostname:
        _refuse(_('netapp_server_hostname is missing.'))
    if not certificate and not (options.netapp_login and options.netapp_password):
        _refuse(_('netapp_login and netapp_password, or a certificate and its key, are missing.'))
    try:
        pattern = re.compile(options.netapp_api_trace_pattern)
    except re.error as error:
        _refuse(_('netapp_api_trace_pattern is no regular expression: %s') % error)
    flags = {flag.strip().lower() for flag in (options.netapp_trace_flags or '').split(',') if flag.strip()}
    if unknown := flags - {'method', 'api'}:
        LOG.warning('netapp_trace_flags knows method and api only, not %s', ', '.join(sorted(unknown)))
    return Connection(
        host=options.netapp_server_hostname, port=options.netapp_server_port or DEFAULT_PORTS[scheme], scheme=scheme,
        login=options.netapp_login, password=options.netapp_password, certificate=certificate,
        verify=_trust(options, certificate), timeout=options.netapp_rest_operation_timeout,
        trace='api' in flags, trace_pattern=pattern)


def _trust(options, certificate):
    """Whom to believe that they are the array."""
    if certificate and options.netapp_certificate_host_validation and options.netapp_ca_certificate_file:
        return options.netapp_ca_certificate_file
    if not options.netapp_ssl_cert_verify:
        if options.netapp_transport_type == 'https':
            LOG.warning('netapp_ssl_cert_verify is off: anybody in between can read the password of %s',
                        options.netapp_server_hostname)
        return False
    return options.netapp_ssl_cert_path or True


def _refuse(reason):
    raise exception.BadConfigurationException(reason=reason)
