"""A driver as a vendor would ship it: imports of the open list, the usual constructor and decorators."""
import uuid

import pytest
from oslo_config import cfg
from oslo_log import log
from oslo_utils import importutils

from manila import context as manila_context, coordination, exception, utils
from manila.common import constants
from manila.i18n import _
from manila.message import message_field
from manila.privsep import common as privsep_common, filesystem as privsep_filesystem, os as privsep_os
from manila.share import configuration, driver, drivers_private_data, qos_types, share_types, utils as share_utils
from manila.ssh_utils import SSHPool
from manila.version import version_info

LOG = log.getLogger(__name__)

vendor_opts = [
    cfg.HostAddressOpt('vendor_management_ip', help='Address of the array.'),
    cfg.StrOpt('vendor_password', secret=True, help='Password of the array.'),
    cfg.DictOpt('vendor_answers', default={}),
]

CONF = cfg.CONF
CONF.register_opts(vendor_opts)


class VendorException(exception.ShareBackendException):
    message = _('The array said: %(answer)s')


class VendorShareDriver(driver.ExecuteMixin, driver.GaneshaMixin, driver.ShareDriver):
    """Keeps shares in a dict."""

    VERSION = '3.1'

    def __init__(self, *args, **kwargs):
        super().__init__(False, *args, config_opts=[vendor_opts], **kwargs)
        self.private_storage = kwargs['private_storage']
        self.configuration.append_config_values(driver.ganesha_opts)
        self.backend_name = self.configuration.safe_get('share_backend_name') or 'Vendor'
        self.shares = {}

    def do_setup(self, context):
        super().do_setup(context)
        self.address = self.configuration.vendor_management_ip

    def check_for_setup_error(self):
        if not self.address:
            raise exception.BadConfigurationException(reason=_('vendor_management_ip is not set'))

    def _update_share_stats(self):
        super()._update_share_stats({
            'share_backend_name': self.backend_name, 'vendor_name': 'Vendor', 'driver_version': self.VERSION,
            'storage_protocol': 'NFS', 'total_capacity_gb': 100, 'free_capacity_gb': 100 - len(self.shares),
            'reserved_percentage': self.configuration.reserved_share_percentage})

    @coordination.synchronized('vendor-{f_name}-{share[id]}')
    def create_share(self, context, share, share_server=None):
        out, _err = self._execute('printf', '%s', share['name'], run_as_root=False)
        self.shares[share['id']] = {'size': share['size'], 'rules': []}
        self.private_storage.update(share['id'], {'name': out})
        return f'{self.address}:/{out}'

    @utils.synchronized('vendor-delete')
    def delete_share(self, context, share, share_server=None):
        if self.shares.pop(share['id'], None) is None:
            raise exception.ShareResourceNotFound(share_id=share['id'])

    @utils.retry(retry_param=exception.ShareBusyException, interval=0, retries=3, backoff_rate=1)
    def extend_share(self, share, new_size, share_server=None):
        self.tries = getattr(self, 'tries', 0) + 1
        if self.tries < 3:
            raise exception.ShareBusyException(reason=share['id'])
        self.shares[share['id']]['size'] = new_size

    def update_access(self, context, share, access_rules, add_rules, delete_rules, update_rules,
                      share_server=None):
        for rule in access_rules:
            if rule['access_type'] != 'ip':
                raise exception.InvalidShareAccess(reason=_('only ip'))
            if rule['access_level'] not in constants.ACCESS_LEVELS:
                raise exception.InvalidShareAccessLevel(level=rule['access_level'])
        self.shares[share['id']]['rules'] = access_rules


class VendorSnapshotDriver(VendorShareDriver):
    """The same with snapshots."""

    def create_snapshot(self, context, snapshot, share_server=None):
        return {'provider_location': snapshot['name']}

    def delete_snapshot(self, context, snapshot, share_server=None):
        pass


@pytest.fixture
def make(conf, tmp_path, database):
    """A function that makes a driver as the service does: by the name of its class."""
    def load(name='VendorShareDriver', **options):
        conf.config(state_path=str(tmp_path), group=None)
        settings = configuration.Configuration(driver.share_opts, config_group='vendor_backend')
        settings.append_config_values(vendor_opts)
        conf.config(group='vendor_backend', driver_handles_share_servers=False, **options)
        private = drivers_private_data.DriverPrivateData(
            context=manila_context.get_admin_context(), backend_host='h@vendor',
            config_group='vendor_backend')
        return importutils.import_object(f'{__name__}.{name}', private_storage=private,
                                         configuration=settings)
    yield load
    coordination.LOCK_COORDINATOR.stop()


@pytest.fixture
def share():
    """A share as the service describes it."""
    share_id = str(uuid.uuid4())
    return {'id': share_id, 'name': f'share-{share_id}', 'size': 1, 'share_proto': 'NFS',
            'host': 'h@vendor#p'}


def test_a_vendors_driver_lives_a_whole_life(make, share):
    vendor = make(vendor_management_ip='192.0.2.5')
    context = manila_context.get_admin_context()
    vendor.do_setup(context)
    vendor.check_for_setup_error()
    assert vendor.create_share(context, share) == f'192.0.2.5:/{share["name"]}'
    rule = {'access_id': 'a', 'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'rw'}
    vendor.update_access(context, share, [rule], [rule], [], [])
    assert vendor.shares[share['id']]['rules'] == [rule]
    vendor.extend_share(share, 5)
    assert (vendor.tries, vendor.shares[share['id']]['size']) == (3, 5)
    assert vendor.private_storage.get(share['id'], 'name') == share['name']
    vendor.delete_share(context, share)
    with pytest.raises(exception.ShareResourceNotFound):
        vendor.delete_share(context, share)


def test_a_vendors_configuration_error_is_told(make):
    vendor = make()
    vendor.do_setup(None)
    with pytest.raises(exception.BadConfigurationException, match='vendor_management_ip'):
        vendor.check_for_setup_error()


def test_a_vendors_report_is_completed(make):
    stats = make(share_backend_name='GOLD').get_share_stats(refresh=True)
    assert stats['share_backend_name'] == 'GOLD'
    assert stats['vendor_name'] == 'Vendor'
    assert (stats['total_capacity_gb'], stats['free_capacity_gb']) == (100, 100)
    assert stats['snapshot_support'] is False
    assert stats['ipv4_support'] is True


def test_the_methods_a_vendor_writes_decide_about_capabilities(make):
    stats = make('VendorSnapshotDriver').get_share_stats(refresh=True)
    assert stats['snapshot_support'] is True
    assert stats['create_share_from_snapshot_support'] is False


def test_a_vendors_own_exception_takes_its_own_words():
    assert str(VendorException(answer='disk full')) == 'The array said: disk full'
    assert isinstance(VendorException(answer=''), exception.ManilaException)


def test_options_of_vendor_and_ganesha_are_read_from_the_back_end(make):
    vendor = make(vendor_answers={'a': 'b'}, ganesha_service_name='ganesha.own')
    assert vendor.configuration.vendor_answers == {'a': 'b'}
    assert vendor.configuration.ganesha_service_name == 'ganesha.own'
    assert vendor.configuration.ssh_min_pool_conn == 1


@pytest.mark.parametrize('module, names', [
    (constants, 'ACCESS_LEVEL_RW ACCESS_LEVEL_RO STATUS_ERROR STATUS_AVAILABLE REPLICA_STATE_OUT_OF_SYNC '
                'REPLICA_STATE_ACTIVE STATUS_ACTIVE REPLICA_STATE_IN_SYNC ACCESS_LEVELS '
                'STATUS_CREATING_FROM_SNAPSHOT SHARE_INSTANCE_RULES_SYNCING NFS_EXPORTS_FILE MOUNT_FILE '
                'STATUS_DELETED SSH_PORTS ACCESS_STATE_ACTIVE ACCESS_STATE_ERROR REPLICATION_TYPE_READABLE '
                'STATUS_CREATING SHARE_INSTANCE_RULES_ERROR NFS_EXPORTS_FILE_TEMP MOUNT_FILE_TEMP '
                'SERVICE_INSTANCE_SECGROUP_DATA ONE_WEEK_IN_SECONDS STATUS_REVERTING REPLICATION_TYPE_DR '
                'STATUS_DELETING'),
    (utils, 'retry synchronized execute cidr_to_netmask translate_string_size_to_float check_ssh_injection '
            'cidr_to_prefixlen is_valid_ip_address tempdir convert_time_duration_to_iso_format'),
    (share_utils, 'extract_host change_rules_to_readonly get_active_replica get_recent_db_migration_id'),
    (share_types, 'get_extra_specs_from_share parse_boolean_extra_spec get_share_type_extra_specs'),
    (qos_types, 'get_specs_from_share get_qos_type_name_from_share'),
    (privsep_os, 'chmod mkdir recursive_forced_rm mount umount is_data_definition_direct_io_supported '
                 'data_definition rmdir list_mounts find'),
    (privsep_common, 'execute_with_retries'),
    (privsep_filesystem, 'make_filesystem e2fsck tune2fs'),
    (message_field, 'Action Detail'),
    (exception, 'ProcessExecutionError NetAppException GaneshaCommandFailure VserverNotFound'),
])
def test_names_that_drivers_import_exist(module, names):
    assert [name for name in names.split() if not hasattr(module, name)] == []


def test_version_and_ssh_are_there():
    assert version_info.version_string().count('.') >= 1
    assert {'create', 'get', 'put', 'remove', 'item'} <= set(dir(SSHPool))
