"""The entry point that a back end names: ``share_driver = manila.share.drivers.netapp.common.NetAppDriver``."""
from manila import exception
from manila.i18n import _
from manila.share import driver
from manila.share.drivers.netapp import options
from manila.share.drivers.netapp.dataontap import single_svm

#: (storage family, driver_handles_share_servers) -> driver.
DRIVERS = {('ontap_cluster', False): single_svm.NetAppCmodeSingleSvmShareDriver}


class NetAppDriver:
    """Makes the driver that fits the storage family and the mode of the back end."""

    REQUIRED_FLAGS = ('netapp_storage_family', 'driver_handles_share_servers')

    def __new__(cls, *args, **kwargs):
        """A driver with the arguments that every driver takes.

        :raises manila.exception.BadConfigurationException: when there is no driver for what is configured
        """
        configuration = kwargs.get('configuration')
        if configuration is None:
            raise exception.InvalidInput(reason=_('The configuration of the back end is missing.'))
        for more in (driver.share_opts, options.netapp_opts):
            configuration.append_config_values(more)
        mode = configuration.driver_handles_share_servers
        chosen = DRIVERS.get((configuration.netapp_storage_family, mode))
        if chosen is None:
            raise exception.BadConfigurationException(reason=_(
                'Back end %(group)s: there is no NetApp driver for storage family %(family)s with '
                'driver_handles_share_servers = %(mode)s; possible is: %(known)s.') % {
                    'group': configuration.config_group, 'family': configuration.netapp_storage_family, 'mode': mode,
                    'known': ', '.join(f'{family} with {known}' for family, known in DRIVERS)})
        return chosen(*args, **kwargs)
