"""Which fields answers have: the first and the last microversion of each, and who sees it."""

ADMIN = 'admin'
HOST_ADMIN = 'host admin'

SHARE_SUMMARY = {
    'id': (0, 99, None),
    'name': (0, 99, None),
    'links': (0, 99, None),
}
SHARE = {
    'id': (0, 99, None),
    'size': (0, 99, None),
    'availability_zone': (0, 99, None),
    'created_at': (0, 99, None),
    'status': (0, 99, None),
    'name': (0, 99, None),
    'description': (0, 99, None),
    'project_id': (0, 99, None),
    'snapshot_id': (0, 99, None),
    'share_network_id': (0, 99, None),
    'share_proto': (0, 99, None),
    'export_location': (0, 8, None),
    'export_locations': (0, 8, None),
    'metadata': (0, 99, None),
    'share_type': (0, 99, None),
    'share_type_name': (6, 99, None),
    'volume_type': (0, 99, None),
    'links': (0, 99, None),
    'is_public': (0, 99, None),
    'share_server_id': (0, 99, HOST_ADMIN),
    'host': (0, 99, HOST_ADMIN),
    'snapshot_support': (2, 99, None),
    'task_state': (5, 99, None),
    'access_rules_status': (10, 99, None),
    'replication_type': (11, 99, None),
    'has_replicas': (11, 99, None),
    'user_id': (16, 99, None),
    'create_share_from_snapshot_support': (24, 99, None),
    'revert_to_snapshot_support': (27, 99, None),
    'share_group_id': (31, 99, None),
    'source_share_group_snapshot_member_id': (31, 99, None),
    'mount_snapshot_support': (32, 99, None),
    'progress': (54, 99, None),
    'is_soft_deleted': (69, 99, None),
    'scheduled_to_be_deleted_at': (69, 99, None),
    'source_backup_id': (80, 99, None),
    'encryption_key_ref': (90, 99, None),
    'snapshot_inherit_share_access_support': (99, 99, None),
}
RULE_SUMMARY = {
    'id': (0, 99, None),
    'access_level': (0, 99, None),
    'access_to': (0, 99, None),
    'access_type': (0, 99, None),
    'state': (0, 99, None),
    'access_key': (21, 99, None),
    'created_at': (33, 99, None),
    'updated_at': (33, 99, None),
    'metadata': (45, 99, None),
}
RULE = {
    'id': (0, 99, None),
    'access_level': (0, 99, None),
    'access_to': (0, 99, None),
    'access_type': (0, 99, None),
    'state': (0, 99, None),
    'access_key': (21, 99, None),
    'created_at': (33, 99, None),
    'updated_at': (33, 99, None),
    'metadata': (45, 99, None),
    'share_id': (0, 99, None),
}
LOCATION_SUMMARY = {
    'id': (9, 99, None),
    'path': (9, 99, None),
    'preferred': (14, 99, None),
    'metadata': (87, 99, None),
    'share_instance_id': (9, 99, ADMIN),
    'is_admin_only': (9, 99, ADMIN),
}
LOCATION = {
    'id': (9, 99, None),
    'path': (9, 99, None),
    'preferred': (14, 99, None),
    'metadata': (87, 99, None),
    'share_instance_id': (9, 99, ADMIN),
    'is_admin_only': (9, 99, ADMIN),
    'created_at': (9, 99, None),
    'updated_at': (9, 99, None),
}

SHARE_INSTANCE = {
    'id': (3, 99, None),
    'share_id': (3, 99, None),
    'availability_zone': (3, 99, None),
    'created_at': (3, 99, None),
    'host': (3, 99, None),
    'status': (3, 99, None),
    'share_network_id': (3, 99, None),
    'share_server_id': (3, 99, None),
    'export_location': (3, 8, None),
    'export_locations': (3, 8, None),
    'access_rules_status': (10, 99, None),
    'replica_state': (11, 99, None),
    'share_type_id': (22, 99, None),
    'cast_rules_to_readonly': (30, 99, None),
    'progress': (54, 99, None),
    'updated_at': (71, 99, None),
}


def fields(view, minor, admin):
    """The names of the fields of a view for a microversion 2.minor."""
    return {name for name, (first, last, who) in view.items() if first <= minor <= last and (admin or who is None)}
