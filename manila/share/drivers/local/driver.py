"""The driver of the local back end: calls of the share manager turned into pool and server operations."""
import contextlib
import datetime
import os

from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share import driver
from manila.share.drivers.local import copies, ganesha, managing, probe, snapshots
from manila.share.drivers.local.accounts import Accounts
from manila.share.drivers.local.exporter_client import Exporter
from manila.share.drivers.local.exports import ExportStore
from manila.share.drivers.local.failures import reported
from manila.share.drivers.local.ganesha_bus import ExportBus, GaneshaError
from manila.share.drivers.local.layout import Layout
from manila.share.drivers.local.nfs import NfsServer
from manila.share.drivers.local.options import local_opts
from manila.share.drivers.local.pool import GIB, SHARES, Pool
from manila.share.drivers.local.samba import SambaServer

LOG = log.getLogger(__name__)

_FORMAT = 1     # raised when the export host must be replaced to work with a newer driver


class LocalDriver(managing.LocalManaging, snapshots.LocalSnapshots, driver.ShareDriver):
    """btrfs subvolumes on this machine, served by NFS-Ganesha and Samba."""

    create_is_idempotent = True
    ipv6_implemented = True

    def __init__(self, *args, **kwargs):
        kwargs['config_opts'] = [*kwargs.get('config_opts', ()), local_opts]
        super().__init__(False, *args, **kwargs)
        options = self.configuration
        self._addresses = [str(address) for address in options.local_export_ips]
        self._layout = Layout(copies.state_directory(options))
        self._pool = self._make_pool(options)
        self._copies = copies.Copies(self._pool, self._layout.copies)
        self._exporter = Exporter(self._layout)
        self._bus = ExportBus(self._layout.bus)
        self._store = ExportStore(self._layout)
        self._nfs = NfsServer(self._pool, self._exporter, self._bus, self._store, self._addresses)
        self._accounts = Accounts(self._layout.samba_accounts, self._layout.samba_config,
                                  options.local_smb_group)
        self._samba = SambaServer(self._pool, self._exporter, self._layout, self._accounts,
                                  options.local_smb_group, self._addresses, options.local_smb_port)
        self._smb_enabled = False

    def _make_pool(self, options):
        if options.local_pool_path and not options.local_pool_image:
            return Pool(options.local_pool_path)
        image = options.local_pool_image or os.path.join(self._layout.state, 'pool.img')
        return Pool(copies.pool_path(options), image, options.local_pool_size_gb)

    # --- setup

    def check_for_setup_error(self):
        """Say what is missing on this machine, or bring pool, servers and exports up."""
        options = self.configuration
        makes_pool = bool(options.local_pool_image or not options.local_pool_path)
        reasons = probe.missing_for_nfs(makes_pool)
        smb_reasons = probe.missing_for_smb()
        if options.local_enable_smb == 'yes':
            reasons += smb_reasons
        if reasons:
            raise exception.ShareBackendException(
                msg=_('The local driver cannot work here. %s') % ' '.join(reasons))
        self._smb_enabled = options.local_enable_smb != 'no' and not smb_reasons
        if not self._smb_enabled:
            LOG.info('CIFS shares are not served. %s', ' '.join(smb_reasons))
        with reported():
            self._bring_up()

    def _bring_up(self):
        self._layout.make()
        self._pool.open()
        self._store.open()
        if self._smb_enabled:
            self._samba.write_global()
        taken_over = self._exporter.open(self._server_settings())
        try:
            self._nfs.open(taken_over)
        except GaneshaError as failure:
            raise exception.ShareBackendException(msg=_('%(failure)s In %(log)s: %(lines)s') % {
                'failure': failure, 'log': self._layout.ganesha_log,
                'lines': ' | '.join(ganesha.complaints(self._layout.ganesha_log))})
        if self._smb_enabled:
            self._samba.open(taken_over)
        if 3 in self._versions() and 3 not in self._exporter.request('status')['versions']:
            LOG.warning('NFSv3 is not served, only NFSv4: rpcbind is not installed or does not start.')

    def _versions(self):
        return sorted({int(version) for version in self.configuration.local_nfs_versions})

    def _server_settings(self):
        options = self.configuration
        every = '::' if os.path.exists('/proc/net/if_inet6') else '0.0.0.0'
        only = self._addresses[0] if len(self._addresses) == 1 else every
        return {'format': _FORMAT, 'pool': self._pool.path,
                'smb': self._smb_enabled and [options.local_smb_port, *self._addresses],
                'nfs_port': options.local_nfs_port, 'mount_port': options.local_mount_port,
                'bind_address': options.local_nfs_bind_address or only, 'versions': self._versions(),
                'squash': options.local_nfs_squash, 'plugins': ganesha.plugin_directory()}

    def close(self):
        """Let go of the export host, which serves on; for programs that use the driver for a while."""
        self._exporter.close()
        self._bus.close()

    # --- shares

    def create_share(self, context, share, share_server=None):
        """Make a subvolume and export it, to nobody yet."""
        with reported():
            server, source = self._server(share), self._source(share)
            owner = self._accounts.data_owner() if server is self._samba else None
            self._pool.create(source, share['size'], int(self.configuration.local_share_mode, 8), owner)
            server.publish(share['id'], source, name=share.get('mount_point_name'))
            self._pool.commit()
            return self._locations(share)

    def delete_share(self, context, share, share_server=None):
        """Stop exporting and destroy the subvolume."""
        with reported():
            self._copies.cancel(share['id'])
            for server in self._servers():
                server.withdraw(share['id'])
            self._pool.destroy(self._source(share))

    def extend_share(self, share, new_size, share_server=None):
        """Raise the limit."""
        with reported():
            self._pool.limit(self._source(share), new_size)
            self._pool.commit()

    def shrink_share(self, share, new_size, share_server=None):
        """Lower the limit, unless the share holds more than that."""
        with reported():
            source = self._source(share)
            self._require_fit(share, source, new_size)
            self._pool.limit(source, new_size)
            try:
                self._require_fit(share, source, new_size)      # something was written meanwhile
            except exception.ShareShrinkingPossibleDataLoss:
                self._pool.limit(source, share['size'])
                raise

    def _require_fit(self, share, source, size):
        if self._pool.used(source, exact=True) > size * GIB:
            raise exception.ShareShrinkingPossibleDataLoss(share_id=share['id'])

    def ensure_shares(self, context, shares):
        """Export what is there and was lost from the records; tell what is not there."""
        updates = {}
        for share in shares:
            try:
                updates[share['id']] = self._ensure(share)
            except Exception:
                LOG.exception('Share %s cannot be ensured.', share['id'])
                updates[share['id']] = {'status': 'error'}
        return updates

    def _ensure(self, share):
        source, server = self._source(share), self._server(share)
        if not self._pool.exists(source):
            LOG.error('The subvolume of share %s is missing in the pool.', share['id'])
            return {'status': 'error'}
        self._pool.limit(source, share['size'])
        server.publish(share['id'], source, name=share.get('mount_point_name'))
        # After a reboot the files may be behind what was said to be done last.
        return {'status': 'available', 'export_locations': self._locations(share),
                'reapply_access_rules': True}

    def get_backend_info(self, context):
        """What export locations depend on; a new boot counts too, for the last changes may be lost."""
        with open('/proc/sys/kernel/random/boot_id') as boot:
            boot_id = boot.read().strip()
        return {'export_ips': ','.join(self._addresses), 'nfs_port': self.configuration.local_nfs_port,
                'smb_port': self.configuration.local_smb_port, 'smb': self._smb_enabled,
                'pool': self._pool.path, 'boot': boot_id}

    # --- access

    def update_access(self, context, share, access_rules, add_rules, delete_rules, update_rules,
                      share_server=None):
        """Make access equal to all the rules, in one step however many have changed."""
        with reported():
            return self._server(share).allow(share['id'], access_rules, share.get('project_id'))

    def transfer_accept(self, context, share, new_user, new_project, access_rules=None, share_server=None):
        """Refuse while SMB users have access: their accounts belong to the old project."""
        if access_rules and self._is_smb(share):
            raise exception.DriverCannotTransferShareWithRules()

    # --- reports

    def get_pool(self, share):
        """There is one pool."""
        return self.configuration.local_pool_name

    def get_configured_ip_versions(self):
        """What the export addresses are."""
        return sorted({6 if ':' in address else 4 for address in self._addresses})

    def update_share_usage_size(self, context, shares):
        """Used space as of the last commit of the file system, at most half a minute ago."""
        now, usage = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None), []
        for share in shares:
            with contextlib.suppress(OSError):
                used = self._pool.used(self._source(share)) / GIB
                usage.append({'id': share['id'], 'used_size': used, 'gathered_at': now})
        return usage

    def _update_share_stats(self, data=None):
        total, free = self._pool.capacity()
        provisioned = self._pool.provisioned() / GIB
        options = self.configuration
        reserved = options.reserved_share_percentage
        pool = {
            'pool_name': options.local_pool_name,
            'total_capacity_gb': round(total / GIB, 3), 'free_capacity_gb': round(free / GIB, 3),
            'allocated_capacity_gb': provisioned, 'provisioned_capacity_gb': provisioned,
            'reserved_percentage': reserved,
            'reserved_snapshot_percentage': options.reserved_share_from_snapshot_percentage or reserved,
            'reserved_share_extend_percentage': options.reserved_share_extend_percentage or reserved,
            'max_over_subscription_ratio': options.max_over_subscription_ratio,
            'thin_provisioning': True, 'dedupe': False, 'compression': False, 'qos': False,
            'snapshot_support': True, 'create_share_from_snapshot_support': True,
            'revert_to_snapshot_support': True, 'mount_snapshot_support': True,
            'mount_point_name_support': True,
        }
        capabilities = {key: value for key, value in pool.items() if key.endswith('_support')}
        super()._update_share_stats({
            'vendor_name': 'Manila', 'driver_version': '1.0',
            'storage_protocol': 'NFS_CIFS' if self._smb_enabled else 'NFS',
            'pools': [pool], **capabilities, **(data or {})})

    # --- shared with the other parts

    def _servers(self):
        return [self._nfs, self._samba] if self._smb_enabled else [self._nfs]

    def _is_smb(self, share):
        return share['share_proto'].upper() == 'CIFS'

    def _server(self, share):
        """The server for the protocol of a share or snapshot.

        :raises ShareBackendException: when the protocol is not served
        """
        if self._is_smb(share) and self._smb_enabled:
            return self._samba
        if share['share_proto'].upper() == 'NFS':
            return self._nfs
        raise exception.ShareBackendException(
            msg=_('The protocol %s is not served here.') % share['share_proto'])

    def _source(self, share):
        return os.path.join(SHARES, share['id'])

    def _locations(self, share):
        paths = self._server(share).locations(share['id'])
        return [{'path': path, 'is_admin_only': False, 'metadata': {'preferred': str(number == 0)}}
                for number, path in enumerate(paths)]
