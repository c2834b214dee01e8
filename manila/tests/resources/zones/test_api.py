"""Availability zones over HTTP."""
from manila.resources.services import service as services, store as services_store
from manila.resources.zones import service


def test_zones_with_enabled_services_are_listed(api, context):
    for host, name in (('a', 'north'), ('b', 'north'), ('c', 'east')):
        services_store.register(context, host, 'manila-share', 'manila-share', service.ensure(context, name))
    service.ensure(context, 'empty')
    listed = api.user.get('/availability-zones')['availability_zones']
    assert [row['name'] for row in listed] == ['east', 'north']
    assert set(listed[0]) == {'id', 'name', 'created_at', 'updated_at'}
    assert listed[0]['id'] == service.find(context, 'east')['id'] and listed[0]['updated_at'] is None
    services.disable(context, 'c', 'manila-share')
    assert [row['name'] for row in api.user.get('/availability-zones',
                                                '2.7')['availability_zones']] == ['north']


def test_old_versions_have_the_old_path(api):
    assert api.user.get('/os-availability-zone', '2.6') == {'availability_zones': []}
    assert api.user('GET', '/os-availability-zone', version='2.7').status_int == 404
    assert api.user('GET', '/availability-zones', version='2.6').status_int == 404
