"""Answers that other implementations of the API gave agree with the OpenAPI document, key by key and type by type.

The samples are no part of this project: where they are not beside it, the test is left out. A sample says no version.
It shows the one whose answer it resembles most; some were put together from several.
"""
import json
import pathlib

import jsonschema
import pytest

from manila.api import app, openapi, versions

SAMPLES = pathlib.Path(__file__).resolve().parents[4] / 'shared' / 'facts' / 'api' / 'samples'
SUFFIX = '-response'
#: Sample -> the operation that answers it.
ANSWERED_BY = {
    'availability-zones-list': 'zones.index',
    'export-location-list': 'exports.index', 'export-location-show': 'exports.show',
    'export-location-set-metadata': 'exports.metadata_create',
    'export-location-show-metadata-item': 'exports.metadata_show',
    'export-location-show-metadata': 'exports.metadata_index',
    'export-location-update-metadata': 'exports.metadata_replace',
    'export-location-update-null-metadata': 'exports.metadata_replace',
    'extensions-list': 'extensions.index', 'limits': 'limits.index',
    'pools-list-detailed': 'pools.detail', 'pools-list': 'pools.index',
    'qos-type-create': 'qos.create', 'qos-type-set': 'qos.create_specs', 'qos-type-show': 'qos.show',
    'qos-type-update': 'qos.update', 'qos-types-list': 'qos.index', 'qos-types-specs-list': 'qos.index_specs',
    'quota-classes-show': 'quotas.show_class', 'quota-classes-update': 'quotas.update_class',
    'quota-show-detail': 'quotas.detail', 'quota-show': 'quotas.show', 'quota-update': 'quotas.update',
    'resource-lock-create': 'locks.create', 'resource-lock-get-all': 'locks.index',
    'resource-lock-get': 'locks.show', 'resource-lock-update': 'locks.update',
    'service-disable': 'services.disable', 'service-enable': 'services.enable',
    'services-list': 'services.index', 'services-list-with-filters': 'services.index',
    'share-access-rules-list': 'access.index', 'share-access-rules-show': 'access.show',
    'share-access-rules-update-metadata': 'access.metadata_update', 'share-access-rules-update': 'access.update',
    'share-actions-grant-access': 'access.allow_access', 'share-actions-list-access-rules': 'access.access_list',
    'share-create': 'shares.create', 'share-manage': 'managing.manage', 'share-show': 'shares.show',
    'share-update': 'shares.update', 'shares-list-detailed': 'shares.detail', 'shares-list': 'shares.index',
    'share-group-type-create': 'group_types.create', 'share-group-type-set': 'group_types.create_specs',
    'share-group-types-default-list': 'group_types.default',
    'share-group-types-group-specs-list': 'group_types.index_specs',
    'share-group-types-list-access': 'group_types.list_access', 'share-group-types-list': 'group_types.index',
    'share-instances-list': 'share_instances.index', 'share-show-instance': 'share_instances.show',
    'share-replicas-list': 'replicas.index', 'share-replicas-list-detail': 'replicas.detail',
    'share-replicas-show': 'replicas.show', 'share-replica-create': 'replicas.show',
    'share-replica-export-location-list': 'replicas.location_index',
    'share-replica-export-location-show': 'replicas.location_show',
    'share-replica-set-metadata': 'replicas.metadata_create',
    'share-replica-show-metadata-item': 'replicas.metadata_show',
    'share-replica-show-metadata': 'replicas.metadata_index',
    'share-replica-update-metadata': 'replicas.metadata_replace',
    'share-replica-update-null-metadata': 'replicas.metadata_replace',
    'share-set-metadata': 'shares.metadata_create', 'share-show-metadata-item': 'shares.metadata_show',
    'share-show-metadata': 'shares.metadata_index', 'share-update-metadata': 'shares.metadata_replace',
    'share-update-null-metadata': 'shares.metadata_replace',
    'share-transfer-create': 'transfers.create', 'share-transfer-show': 'transfers.show',
    'share-transfers-list-detailed': 'transfers.detail', 'share-transfers-list': 'transfers.index',
    'share-type-create': 'types.create', 'share-type-set': 'types.create_specs', 'share-type-show': 'types.show',
    'share-type-update': 'types.update', 'share-types-default-list': 'types.default',
    'share-types-extra-specs-list': 'types.index_specs', 'share-types-list-access': 'types.list_access',
    'share-types-list': 'types.index',
    'snapshot-create': 'snapshots.create', 'snapshot-manage': 'snapshots.manage', 'snapshot-show': 'snapshots.show',
    'snapshot-update': 'snapshots.update', 'snapshots-list-detailed': 'snapshots.detail',
    'snapshots-list': 'snapshots.index',
    'snapshot-instance-show': 'snapshot_instances.show', 'snapshot-instances-list': 'snapshot_instances.index',
    'snapshot-instances-list-with-detail': 'snapshot_instances.detail',
    'snapshot-set-metadata': 'snapshots.metadata_create',
    'snapshot-show-metadata-item': 'snapshots.metadata_show', 'snapshot-show-metadata': 'snapshots.metadata_index',
    'snapshot-update-metadata': 'snapshots.metadata_replace',
    'snapshot-update-null-metadata': 'snapshots.metadata_replace',
    'user-message-show': 'messages.show', 'user-messages-list': 'messages.index',
}
#: Samples of documents that no operation answers.
OTHERS = ('versions-get-version', 'versions-index')
_OLD_PATHS = {'export_location', 'export_locations'}
_CAPABILITIES = {'create_share_from_snapshot_support', 'revert_to_snapshot_support', 'mount_snapshot_support',
                 'source_share_group_snapshot_member_id'}
#: Sample -> keys that it has beside those of its version, which are of other versions.
OF_OTHER_VERSIONS = {
    'share-create': _OLD_PATHS, 'share-show': _OLD_PATHS, 'shares-list-detailed': _OLD_PATHS,
    'share-update': {'share_group_id', 'user_id'}}
#: Sample -> keys that it lacks although its version always has them.
LACKING = {
    'limits': {'maxTotalShareGroups', 'totalShareGroupsUsed', 'maxTotalShareGroupSnapshots',
               'totalShareGroupSnapshotsUsed'},
    'share-actions-grant-access': {'state'},
    'share-create': {*_CAPABILITIES, 'user_id', 'is_soft_deleted', 'scheduled_to_be_deleted_at', 'source_backup_id'},
    'share-show': _CAPABILITIES,
    'share-show-instance': {'share_type_id'},
    'shares-list-detailed': {*_CAPABILITIES, 'is_soft_deleted', 'scheduled_to_be_deleted_at', 'share_group_id'}}


def read(name):
    """The content of a sample; skips the test where there are none."""
    if not SAMPLES.is_dir():
        pytest.skip(f'the samples of the API are not on this machine: {SAMPLES}')
    return json.loads((SAMPLES / f'{name}{SUFFIX}.json').read_text())


def resembling(name, content):
    """(how much differs, version, schema) of the version that a sample shows."""
    operations = [item for item in app.operations() if item.name == ANSWERED_BY[name]]
    assert operations, f'there is no operation {ANSWERED_BY[name]}'
    found = []
    for item in operations:
        for minor in range(item.span.since.minor, item.span.until.minor + 1):
            version = versions.Version(2, minor)
            described = openapi.document([item], version)['paths'][item.path][item.method.lower()]
            schema = described['responses'][str(item.status)]['content']['application/json']['schema']
            more, less = unknown(schema, content), lacking(schema, content)
            found.append((len(more), len(more) + len(less), -minor, version, schema))
    return min(found, key=lambda entry: entry[:3])


def unknown(schema, content):
    """The keys that a content has and a schema does not know."""
    if isinstance(content, dict) and 'properties' in schema:
        found = set(content) - set(schema['properties'])
        return found.union(*(unknown(schema['properties'][key], value) for key, value in content.items()
                             if key in schema['properties']))
    if isinstance(content, list) and 'items' in schema:
        return set().union(*(unknown(schema['items'], each) for each in content))
    return set()


def lacking(schema, content):
    """The keys that are required by a schema and that a content does not have."""
    errors = jsonschema.Draft202012Validator(schema).iter_errors(content)
    return {key for error in errors if error.validator == 'required'
            for key in set(error.validator_value) - set(error.instance)}


@pytest.mark.parametrize('name', sorted(ANSWERED_BY))
def test_sample_agrees_with_the_document_in_keys_and_types(name):
    content = read(name)
    *_rank, version, schema = resembling(name, content)
    assert unknown(schema, content) == OF_OTHER_VERSIONS.get(name, set()), str(version)
    assert lacking(schema, content) == LACKING.get(name, set()), str(version)
    wrong = [f'{error.json_path}: {error.message}' for error in
             jsonschema.Draft202012Validator(schema).iter_errors(content) if error.validator != 'required']
    assert wrong == [], str(version)


def test_no_sample_of_an_operation_that_there_is_was_forgotten():
    if not SAMPLES.is_dir():
        pytest.skip(f'the samples of the API are not on this machine: {SAMPLES}')
    # What a sample is of says its outer key; bare ones and metadata, which many have, are told apart by names only.
    keys = {key for item in app.operations() for key in (item.collection or item.wrap,) if key}
    names = {path.stem.removesuffix(SUFFIX) for path in SAMPLES.glob(f'*{SUFFIX}.json')}
    forgotten = {name for name in names - set(ANSWERED_BY) - set(OTHERS) if keys & set(read(name))}
    assert not forgotten
