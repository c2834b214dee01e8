"""A connected client over the transport that the configuration prefers and the array has."""
import importlib

from oslo_log import log

from manila.share.drivers.netapp.dataontap.client import connection as connections, errors

LOG = log.getLogger(__name__)

_PACKAGE = 'manila.share.drivers.netapp.dataontap.client'


def connect(options):
    """A :class:`.face.Client` of the array that a back end's options name.

    ``netapp_use_legacy_client`` says which transport is tried first; the other one serves arrays without it.

    :raises manila.exception.BadConfigurationException: when the options do not say enough
    :raises manila.share.drivers.netapp.dataontap.client.errors.Unreachable: when nobody answers
    """
    connection = connections.from_options(options)
    first, second = ('zapi', 'rest') if options.netapp_use_legacy_client else ('rest', 'zapi')
    try:
        return _connected(first, connection)
    except errors.Unsupported as refusal:
        LOG.info('%s does not serve over %s, which is tried first: %s', connection.host, first.upper(), refusal.text)
        try:
            return _connected(second, connection)
        except errors.Unsupported:
            raise refusal from None


def _connected(transport, connection):
    try:
        module = importlib.import_module(f'{_PACKAGE}.{transport}.client')
    except ModuleNotFoundError as missing:
        raise errors.Unsupported(text=f'module {missing.name} is not installed', code='import') from missing
    client = module.make(connection)
    client.connect()
    return client
