"""Reasons of the model as HTTP status and REST error code; one table, nowhere else.

What the array says with a code of its own has that one; the rest is said with the codes common to all resources.
"""

from manila.tests.simulators.ontap.model.errors import Refused

CODES = {
    'not_found': (404, '4'),
    'duplicate': (409, '1'),
    'invalid': (400, '262245'),
    'bad_type': (400, '262197'),
    'bad_fields': (400, '262197'),
    'missing_value': (400, '262177'),
    'unknown_field': (400, '262179'),
    'not_settable': (400, '262196'),
    'set_twice': (400, '262188'),
    'not_together': (400, '262186'),
    'no_changes': (400, '262190'),
    'body_not_allowed': (400, '262198'),
    'bad_json': (400, '262199'),
    'bad_url': (404, '3'),
    'unsupported': (405, '3'),
    'forbidden': (403, '6'),
    'star_not_allowed': (400, '262220'),
    'in_use': (409, '8'),
    'svm.duplicate': (409, '13434908'),
    'svm.not_found': (404, '13434920'),
    'svm.too_many_jobs': (429, '13434894'),
    'svm.has_cifs': (409, '2621525'),
    'svm.has_volumes': (409, '8'),
    'svm.has_peers': (409, '8'),
    'svm.has_relationships': (409, '8'),
    'svm.started': (409, '8'),
    'svm.stopped': (409, '8'),
    'svm.not_running': (400, '2'),
    'svm.dp_destination': (400, '2621572'),
    'volume.duplicate': (409, '1'),
    'volume.bad_name': (400, '917888'),
    'volume.too_small': (400, '917534'),
    'volume.too_large': (400, '262245'),
    'volume.root_aggregate': (400, '917597'),
    'volume.aggregate': (400, '262245'),
    'volume.bad_path': (400, '918252'),
    'volume.has_children': (409, '8'),
    'volume.initializing': (409, '917536'),
    'volume.job': (409, '917536'),
    'volume.not_mounted': (400, '2'),
    'volume.offline': (400, '9437885'),
    'volume.field_offline': (400, '917533'),
    'volume.already_offline': (409, '8'),
    'volume.not_offline': (400, '917658'),
    'volume.busy': (409, '917536'),
    'volume.has_clones': (409, '524615'),
    'volume.snapmirror': (409, '8'),
    'volume.svm_root': (409, '8'),
    'volume.bad_state': (400, '918652'),
    'volume.shrink_below_used': (400, '917534'),
    'volume.flexgroup_shrink': (400, '524849'),
    'volume.fixed_size': (400, '524849'),
    'volume.files_type': (400, '917628'),
    'volume.files_below_used': (400, '917628'),
    'volume.dp_snapshot_policy': (400, '917617'),
    'volume.autosize_thresholds': (400, '917829'),
    'volume.autosize_limits': (400, '917831'),
    'volume.autosize_maximum': (400, '918521'),
    'volume.no_encryption': (400, '262245'),
    'volume.read_only': (400, '2'),
    'volume.full': (507, '524479'),
    'snaplock.no_clock': (400, '2'),
    'flexgroup.busy': (409, '13107406'),
    'clone.not_a_clone': (400, '918248'),
    'clone.parent_offline': (400, '9437885'),
    'move.no_target': (400, '918267'),
    'move.same_aggregate': (400, '918265'),
    'move.root_aggregate': (400, '13633'),
    'move.bad_state': (400, '918786'),
    'move.snaplock': (400, '2'),
    'move.flexgroup': (400, '2'),
    'move.state_and_target': (400, '918266'),
    'snapshot.duplicate': (409, '525059'),
    'snapshot.bad_name': (400, '1638518'),
    'snapshot.reserved': (400, '1638477'),
    'snapshot.read_only': (400, '1638461'),
    'snapshot.delete_read_only': (400, '1638521'),
    'snapshot.offline': (400, '524479'),
    'snapshot.too_many': (400, '525062'),
    'snapshot.busy': (409, '1638543'),
    'snapshot.locked': (409, '1638555'),
    'snapshot.missing': (404, '1638600'),
    'snapshot.rename_missing': (404, '542797'),
    'snapshot.empty_name': (400, '1638515'),
    'snapshot.restore_failed': (400, '524511'),
    'snapshot.partial': (400, '524511'),
    'snapshot.newer_reference': (409, '1638480'),
    'snapshot.newer_locked': (409, '9437886'),
    'export.in_use': (409, '1703945'),
    'export.default': (400, '1703947'),
    'export.bad_name': (400, '1703952'),
    'export.qtree': (409, '1703953'),
    'export.long_name': (400, '1704047'),
    'file.missing': (404, '4'),
    'file.flexgroup': (400, '3'),
    'file.other_svm': (400, '2'),
    'efficiency.active': (409, '8'),
    'efficiency.enabled': (409, '8'),
    'efficiency.disabled': (409, '8'),
    'efficiency.needs_dedupe': (400, '262186'),
    'migration.nfs40': (400, '13172940'),
    'migration.not_aff': (400, '13172984'),
    'migration.refused': (400, '13172746'),
    'migration.state': (400, '13172746'),
    'migration.placement': (400, '13173748'),
    'qos.kind': (400, '262186'),
    'cifs.admin_share': (400, '655393'),
    'cifs.no_server': (400, '2'),
    'cifs.bad_path': (400, '262245'),
    'cifs.no_dns': (400, '2'),
    'ad.rights': (400, '656466'),
    'kerberos.same': (400, '3276861'),
    'ldap.unreachable': (400, '2'),
    'ipspace.builtin': (400, '2'),
    'ipspace.in_use': (409, '8'),
    'broadcast_domain.in_use': (409, '8'),
    'port.in_domain': (409, '1967149'),
    'port.in_other_domain': (409, '8'),
    'port.in_use': (409, '1966189'),
    'port.not_vlan': (400, '2'),
    'vlan.in_use': (409, '1376858'),
    'route.duplicate': (409, '1966345'),
    'lif.bad_ipv4_prefix': (400, '1966269'),
    'lif.bad_ipv6_prefix': (400, '1966267'),
    'lif.network_address': (400, '53281073'),
    'lif.duplicate_address': (409, '1'),
    'lif.no_broadcast_domain': (400, '1966454'),
    'lif.other_ipspace': (400, '1966373'),
    'lif.port_down': (400, '1967154'),
    'lif.node_down': (400, '1966987'),
    'lif.no_service_policy': (400, '53281065'),
    'lif.limit': (400, '1967153'),
    'lif.no_svm': (400, '1967127'),
    'lif.bad_failover': (400, '1967145'),
    'lif.no_home': (400, '1967111'),
    'fpolicy.enabled': (409, '9765029'),
    'fpolicy.disabled': (409, '9764907'),
    'fpolicy.no_policy': (404, '4'),
    'fpolicy.no_scope': (404, '4'),
    'fpolicy.no_event': (404, '4'),
    'peer.no_cluster': (400, '26345575'),
    'peer.no_svm': (400, '26345580'),
    'peer.name_conflict': (409, '9896086'),
    'peer.in_use': (409, '8'),
    'peer.state': (400, '2'),
    'snapmirror.exists': (409, '6619637'),
    'snapmirror.not_dp': (400, '6619546'),
    'snapmirror.too_small': (400, '262245'),
    'snapmirror.no_peer': (400, '2'),
    'snapmirror.no_schedule': (400, '6619699'),
    'snapmirror.policy_in_use': (409, '8'),
    'snapmirror.transferring': (409, '13303844'),
    'snapmirror.not_initialized': (400, '13303812'),
    'snapmirror.initializing': (409, '13303812'),
    'snapmirror.restore': (400, '13303845'),
    'snapmirror.not_sync': (400, '13303831'),
    'snapmirror.unreachable': (503, '13303815'),
    'snapmirror.transition': (400, '13303818'),
    'snapmirror.bad_state': (400, '13303817'),
    'snapmirror.break': (400, '13303808'),
    'snapmirror.breaking': (400, '13303808'),
    'snapmirror.not_quiesced': (400, '13303811'),
    'snapmirror.no_transfer': (400, '13303849'),
    'snapmirror.sync_abort': (400, '13303848'),
    'snapmirror.no_common': (400, '13303810'),
    'cg.fenced': (409, '8'),
    'cg.late': (400, '2'),
    'cg.member': (409, '8'),
}
# Codes no description of the array gives; a cluster's setting 'rest_codes' corrects them, as any other.
ASSUMED = {
    'bad_tunnel': (400, '2621440'),
    'no_space': (507, '917898'),
    'job.cancelled': (400, '460770'),
    'job.ended': (400, '458763'),
    'volume.files_ceiling': (400, '917629'),
    'clone.being_split': (409, '918249'),
    'clone.not_splitting': (400, '918250'),
    'move.none': (400, '918271'),
    'move.running': (409, '918272'),
    'move.splitting': (409, '918273'),
    'qos.in_use': (409, '8454258'),
    'fpolicy.event_in_use': (409, '9765032'),
    'fpolicy.too_many': (409, '9765036'),
    'ad.login': (400, '656466'),
}
CODES.update(ASSUMED)
LICENCE = (400, '1115127')


def status_and_code(cluster, reason):
    """HTTP status and code of a reason. A reason without an entry is a bug of the simulator and shows as one."""
    if reason in cluster.settings['rest_codes']:
        status, code = cluster.settings['rest_codes'][reason]
        return int(status), str(code)
    if reason.startswith('licence.'):
        return LICENCE
    if reason.startswith('raw.'):
        # A fault says its code itself: 'raw.<status>.<code>'.
        _, status, code = reason.split('.', 2)
        return int(status), code
    return CODES.get(reason, (500, '262145'))


def body(cluster, refused):
    """The answer for a refusal: (status, JSON structure)."""
    status, code = status_and_code(cluster, refused.reason)
    error = {'message': refused.message, 'code': code}
    if refused.target:
        error['target'] = refused.target
    return status, {'error': error}


def job_error(cluster, refusal):
    """The error member of a failed job."""
    reason, message = refusal
    return {'code': status_and_code(cluster, reason)[1], 'message': message}


def refuse(reason, message, target=None):
    raise Refused(reason, message, target)
