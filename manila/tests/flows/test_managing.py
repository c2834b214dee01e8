"""Shares that come under management, and leave it, with everything between the API and the back end."""
import pytest

from manila.jobs import store as jobs
from manila.tests.fixtures.roles import wait_until


def unmanage(service, share_id, expected=202):
    service.act(share_id, 'unmanage', expected=expected, who=service.admin)


def manage(service, path, host='node@alpha#pool0', expected=200, **wanted):
    """Ask for the management of what is at a path; returns the share's id."""
    answer = service.admin('POST', '/shares/manage', {'share': {
        'service_host': host, 'protocol': 'nfs', 'export_path': path, **wanted}})
    assert answer.status_int == expected, answer.text
    return answer.json['share']['id'] if expected == 200 else None


def settled(service, share_id):
    """Wait for the end of the management of a share; returns its status."""
    def status():
        found = service.show(share_id)['status']
        return None if found == 'manage_starting' else found
    return wait_until(status, what='the end of the management')


def path_of(service, share_id):
    return service.admin.get(f'/shares/{share_id}/export_locations')['export_locations'][0]['path']


def unmanaged(service, size=3, **values):
    """The path of a share that exists and that nobody manages."""
    share_id = service.create(size, **values)
    path = path_of(service, share_id)
    unmanage(service, share_id)
    assert service.settle(share_id) is None
    service.idle()
    return path


def usage(service, resource='gigabytes', project=None):
    from manila.resources.quotas import service as quotas
    return quotas.show_usage(service.context, project or service.admin.project_id)[resource]['in_use']


@pytest.mark.every_database
def test_unmanaged_share_stays_on_the_storage_and_can_be_managed_again(service):
    service.start()
    path = unmanaged(service, 3)
    assert (service.in_use('shares'), service.in_use()) == (0, 0)
    assert len(service.stored()) == 1
    share_id = manage(service, path, name='found', description='again', is_public=True)
    assert settled(service, share_id) == 'available'
    share = service.show(share_id)
    assert (share['size'], share['name'], share['description'], share['is_public'], share['host']) == (
        3, 'found', 'again', True, 'node@alpha#pool0')
    assert share['availability_zone'] == 'nova' and share['share_proto'] == 'NFS'
    assert share['metadata']['__managed_at'][:10] == share['created_at'][:10]
    assert (usage(service, 'shares'), usage(service)) == (1, 3)
    service.check()
    assert service.admin('DELETE', f'/shares/{share_id}').status_int == 202
    assert service.settle(share_id) is None
    assert (service.stored(), usage(service)) == (set(), 0)


def test_size_of_a_share_is_not_known_before_the_back_end_tells_it(service):
    service.start()
    path = unmanaged(service)
    service.stop()
    service.keep_alive()
    answer = service.admin('POST', '/os-share-manage', {'share': {
        'service_host': 'node@alpha#pool0', 'protocol': 'NFS', 'export_path': {'path': path}}}, version='2.6')
    assert answer.status_int == 200, answer.text
    share = answer.json['share']
    assert (share['status'], share['size'], share['export_locations'], share['is_public']) == (
        'manage_starting', None, [path], False)
    assert (usage(service, 'shares'), usage(service)) == (0, 0)
    manage(service, path, expected=409)
    service.start()
    assert settled(service, share['id']) == 'available'
    service.check()


def test_what_is_not_there_cannot_be_managed_and_counts_nothing(service):
    service.start()
    share_id = manage(service, '192.0.2.10:/shares/nothing')
    assert settled(service, share_id) == 'manage_error'
    assert service.show(share_id)['size'] == 0
    assert (usage(service, 'shares'), usage(service)) == (0, 0)
    service.check()
    service.stop()
    unmanage(service, share_id)
    assert service.show(share_id)['status'] == 'manage_error_unmanage_starting'
    service.start()
    service.idle()
    assert service.show(share_id) is None
    service.check()


def test_protocol_that_is_not_enabled_is_an_error(service):
    service.start()
    path = unmanaged(service)
    share_id = manage(service, path, protocol='invalid_protocol')
    assert settled(service, share_id) == 'manage_error'
    unmanage(service, share_id)
    service.idle()
    assert settled(service, manage(service, path)) == 'available'


def test_filters_keep_a_share_of_the_wrong_kind_from_being_managed(service):
    service.start()
    path = unmanaged(service)
    service.admin('POST', '/types', {'share_type': {
        'name': 'odd', 'extra_specs': {'driver_handles_share_servers': 'False', 'vendor_name': 'nobody'}}})
    share_id = manage(service, path, share_type='odd')
    assert settled(service, share_id) == 'manage_error'
    service.idle()
    assert not service.storage.calls('manage_existing')


@pytest.mark.parametrize('spec', ['provisioning:max_share_size', 'provisioning:min_share_size'])
def test_size_that_the_type_does_not_allow_is_an_error(service, spec):
    service.start()
    path = unmanaged(service, 3)
    limit = '2' if spec.endswith('max_share_size') else '4'
    service.admin('POST', '/types', {'share_type': {
        'name': 'limited', 'extra_specs': {'driver_handles_share_servers': 'False', spec: limit}}})
    assert settled(service, manage(service, path, share_type='limited')) == 'manage_error'


def test_managed_shares_count_beyond_the_limits(service):
    service.start()
    path = unmanaged(service, 3)
    service.conf.config(group='quota', shares=0, gigabytes=0, per_share_gigabytes=1)
    assert settled(service, manage(service, path)) == 'available'
    assert (usage(service, 'shares'), usage(service)) == (1, 3)
    service.check()


def test_driver_that_does_not_let_go_leaves_an_error_and_the_share_counts(service):
    service.start()
    share_id = service.create(2)
    service.storage.plan('unmanage', error='InvalidShare', times=1)
    unmanage(service, share_id)
    assert service.settle(share_id) == 'unmanage_error'
    assert service.in_use() == 2
    service.check()
    unmanage(service, share_id)
    assert service.settle(share_id) is None
    assert service.in_use() == 0


def test_access_rules_go_first_where_the_operator_wants_it(service):
    service.conf.config(unmanage_remove_access_rules=True)
    service.start()
    share_id = service.create()
    service.allow(share_id)
    service.idle()
    service.storage.plan('unmanage', error='InvalidShare', times=1)
    unmanage(service, share_id)
    assert service.settle(share_id) == 'unmanage_error'
    service.idle()
    assert service.rules(share_id) == {'192.0.2.1': 'active'}
    (record,) = service.storage.objects('share').values()
    assert record['rules']
    unmanage(service, share_id)
    assert service.settle(share_id) is None
    (record,) = service.storage.objects('share').values()
    assert not record['rules']


def test_share_that_never_found_a_pool_is_forgotten_at_once(service):
    service.start(share=False)
    share_id = service.create(wait=False)
    assert service.settle(share_id) == 'error'
    unmanage(service, share_id)
    assert service.show(share_id) is None
    assert service.in_use('shares') == 0


def test_back_end_that_is_down_manages_nothing(service):
    service.start()
    path = unmanaged(service)
    service.stop()
    manage(service, path, expected=400)
    manage(service, path, host='node@alpha', expected=400)
    manage(service, path, host='node@beta#pool0', expected=404)
    assert not jobs.find(service.context)
