"""Zones are made once and found by id and name."""
import threading

import pytest

from manila import context as contexts, exception
from manila.resources.zones import service


@pytest.mark.every_database
def test_a_zone_is_made_once_by_several_at_once(context, database):
    found = []

    def work():
        found.append(service.ensure(contexts.get_admin_context(), 'north'))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert service.find(context, 'north')['id'] == found[0]


def test_a_zone_is_found_by_id_and_name(context, database):
    zone_id = service.ensure(context, 'north')
    named_like_it = service.ensure(context, zone_id)
    assert service.find(context, zone_id)['name'] == 'north'
    assert service.find(context, named_like_it)['name'] == zone_id
    assert service.find(context, 'north')['id'] == zone_id


def test_an_unknown_zone_is_not_found(context, database):
    with pytest.raises(exception.AvailabilityZoneNotFound, match='nowhere'):
        service.find(context, 'nowhere')
