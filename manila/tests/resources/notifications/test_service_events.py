"""Notifications of what administrators do to types."""
import oslo_messaging
import pytest
from oslo_messaging.notify import _impl_test

from manila import exception, notify
from manila.resources.notifications import payloads
from manila.resources.qos import service as qos
from manila.resources.quotas import service as quotas
from manila.resources.types import service as types

SPECS = {'driver_handles_share_servers': 'False'}


@pytest.fixture
def heard(database, conf):
    """Function that gives (type, payload) of all notifications so far."""
    notify.stop()
    _impl_test.reset()
    oslo_messaging.get_notification_transport(conf.conf, 'fake:/')
    conf.config(group='oslo_messaging_notifications', driver=['test'], transport_url='fake:/')

    def read():
        notify.stop(patience=30)
        return [(message['event_type'], message['payload']) for _, message, _, _ in _impl_test.NOTIFICATIONS]
    yield read
    notify.stop()
    _impl_test.reset()


def test_life_of_a_share_type_is_told(heard, context):
    row = types.create(context, 'gold', 'shiny', False, SPECS)
    types.change(context, row['id'], {'name': 'silver'})
    types.set_specs(context, row['id'], {'speed': 'high'})
    types.remove_spec(context, row['id'], 'speed')
    types.add_access(context, row['id'], 'a-project')
    types.remove_access(context, row['id'], 'a-project')
    types.delete(context, row['id'])
    found = heard()
    assert [event for event, _ in found] == [
        'share_type.create', 'share_type.update', 'share_type_extra_specs.create', 'share_type_extra_specs.delete',
        'share_type_access.add', 'share_type_access.remove', 'share_type.delete']
    assert {payload['share_type_id'] for _, payload in found} == {row['id']}
    created, updated, specs, spec, access = [payload for _, payload in found][:5]
    assert (created['name'], created['is_public'], created['extra_specs']) == ('gold', False, SPECS)
    assert updated['name'] == 'silver'
    assert specs['specs'] == {'speed': 'high'} and spec['key'] == 'speed' and access['project_id'] == 'a-project'


def test_life_of_a_qos_type_is_told(heard, context):
    row = qos.create(context, 'gold', None, {'iops': '7'})
    qos.change(context, row['id'], {'description': 'shiny'})
    qos.change(context, row['id'], {})
    qos.set_specs(context, row['id'], {'iops': '8'})
    qos.remove_spec(context, row['id'], 'iops')
    qos.delete(context, row['id'])
    found = heard()
    assert [event for event, _ in found] == ['qos_type.create', 'qos_type.update', 'qos_type_specs.create',
                                             'qos_type_specs.delete', 'qos_type.delete']
    assert found[0][1] == {'qos_type_id': row['id'], 'name': 'gold', 'description': None, 'specs': {'iops': '7'}}


def test_changed_quotas_are_told(heard, context):
    quotas.change(context, 'a-project', {'shares': 7})
    quotas.change(context, 'a-project', {'gigabytes': 8}, user_id='ann')
    quotas.change_class(context, 'default', {'shares': 9})
    quotas.reset(context, 'a-project', user_id='ann')
    of_project = {'project_id': 'a-project', 'user_id': None, 'share_type_id': None}
    of_user = {**of_project, 'user_id': 'ann'}
    assert heard() == [
        ('quota.update', {**of_project, 'limits': {'shares': 7}}),
        ('quota.update', {**of_user, 'limits': {'gigabytes': 8}}),
        ('quota_class.update', {'quota_class': 'default', 'limits': {'shares': 9}}), ('quota.delete', of_user)]


def test_what_is_refused_is_not_told(heard, context):
    types.create(context, 'gold', None, True, SPECS)
    with pytest.raises(exception.Conflict):
        types.create(context, 'gold', None, True, SPECS)
    assert len(heard()) == 1


def test_payload_of_a_share_holds_no_more_than_it_says():
    row = {'id': 'one', 'share_id': 'two', 'size': 3, 'access_key': 'secret', 'encryption_key_ref': 'secret'}
    found = payloads.share(row)
    assert (found['share_id'], found['share_instance_id'], found['size']) == ('two', 'one', 3)
    assert 'secret' not in found.values()
