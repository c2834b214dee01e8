"""Shares with QoS types, from the share type to the driver."""
import pytest

from manila.resources.qos import service as qos
from manila.resources.shares import store as shares
from manila.resources.types import service as types
from manila.share import qos_types

NO_QOS = 'manila.tests.flows.drivers.NoQosTypes'


@pytest.fixture
def gold(service):
    """The id of a QoS type that shares of the type ``fast`` have."""
    made = qos.create(service.context, 'gold', None, {'peak_iops': '5000'})
    types.create(service.context, 'fast', None, True, {'driver_handles_share_servers': 'False',
                                                       'default_qos_type': 'gold'})
    return made['id']


def test_driver_is_given_the_qos_type_of_the_share_type(service, gold):
    service.start()
    share = service.create(share_type='fast')
    seen = shares.instance(service.context, service.instance_of(share))
    assert seen['qos_type_id'] == gold
    assert qos_types.get_specs_from_share(seen) == {'peak_iops': '5000'}
    assert service.admin('DELETE', f'/qos-types/{gold}').status_int == 400
    service.delete(share)
    assert service.settle(share) is None
    assert service.admin('DELETE', f'/qos-types/{gold}').status_int == 204


def test_back_end_without_qos_types_gets_no_such_share(service, gold):
    service.backends('alpha', driver=NO_QOS)
    service.start()
    share = service.create(share_type='fast', wait=False)
    assert service.settle(share) == 'error'
    assert 'CapabilitiesFilter' in service.messages(share)[0]
    assert service.settle(service.create()) == 'available'
