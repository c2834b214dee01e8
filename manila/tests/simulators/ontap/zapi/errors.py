"""Reasons of the model as error numbers of the older transport; one table, nowhere else."""

GENERIC = 13001
ABSENT = "(entry doesn't exist)"
NUMBERS = {
    'not_found': 15661, 'duplicate': 13130, 'invalid': 13115, 'missing_value': 13115, 'unknown_field': 13115,
    'unknown_api': 13005, 'forbidden': 13005, 'privilege': 13003, 'bad_xml': 13115, 'in_use': 13001,
    'no_space': 13001, 'svm.not_found': 15698, 'svm.duplicate': 14922, 'svm.started': 14923,
    'volume.missing': 13040, 'volume.duplicate': 17159, 'volume.bad_name': 13115, 'volume.offline': 13157,
    'volume.field_offline': 13042, 'volume.already_offline': 13042, 'volume.has_clones': 15894,
    'volume.not_mounted': 14716, 'volume.shrink_below_used': 160, 'volume.flexgroup_shrink': 160,
    'volume.fixed_size': 160, 'volume.files_below_used': 160, 'volume.files_type': 160, 'volume.files_ceiling': 160,
    'volume.too_small': 160, 'aggregate.missing': 14420,
    'licence.flexclone': 14956, 'clone.not_a_clone': 13170, 'clone.not_splitting': 13171,
    'clone.being_split': 17151, 'clone.parent_offline': 17003, 'move.root_aggregate': 13633, 'move.no_target': 14420,
    'snapshot.offline': 13023, 'snapshot.missing': 13021, 'snapshot.rename_missing': 13005,
    'snapshot.duplicate': 13130, 'efficiency.enabled': 40043, 'efficiency.active': 40043,
    'port.in_domain': 18605, 'fpolicy.no_policy': 18251, 'fpolicy.no_event': 18253, 'fpolicy.no_scope': 18259,
    'fpolicy.disabled': 13115, 'snapmirror.exists': 17122, 'snapmirror.transferring': 17137,
    'snapmirror.other_operation': 17131, 'snapmirror.other_source': 17105, 'snapmirror.no_transfer': 17130,
    'snapmirror.not_quiesced': 17127, 'snapmirror.breaking': 18815,
}


def text_of(refused):
    """The reason in words. Clients find out about missing objects by the words in parentheses too."""
    if number_of(refused.reason) == NUMBERS['not_found'] and ABSENT not in refused.message:
        return '%s %s' % (refused.message, ABSENT)
    return refused.message


def number_of(reason):
    if reason.startswith('raw.'):
        return int(reason.rsplit('.', 1)[1])
    return NUMBERS.get(reason, GENERIC)
