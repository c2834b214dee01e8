"""Shares made from snapshots: what is asked for, and what is refused."""
import json

import pytest
import sqlalchemy as sa

from manila.db import session
from manila.jobs.model import jobs
from manila.resources.shares import store as shares
from manila.resources.zones import service as zones
from manila.tests.fixtures.rows import HOST, orders
from manila.tests.fixtures.snapshot_rows import (  # noqa: F401
    full_type,
    make_full_share,
    make_snapshot,
    set_snapshot_status,
)

pytestmark = pytest.mark.usefixtures('full_type', 'share_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of 2 GiB in a zone."""
    row = make_full_share(api.user.context(), size=2)
    context = api.admin.context()
    with session.writer(context) as connection:
        shares.change_instance(connection, row['instances'][0]['id'],
                               availability_zone_id=zones.ensure(context, 'here'))
    return row


@pytest.fixture
def snapshot(api, share):
    """A snapshot of it that is available."""
    return make_snapshot(api.user.context(), share)


def clone(api, snapshot, version='2.99', size=None, who=None, **wanted):
    body = {'share': {'share_proto': 'NFS', 'size': size, 'snapshot_id': snapshot['id'], **wanted}}
    return (who or api.user)('POST', '/shares', body, version)


def test_share_takes_over_what_is_not_named(api, share, snapshot):
    for version in ('2.0', '2.24', '2.99'):
        answer = clone(api, snapshot, version)
        assert answer.status_int == 200, answer.text
        row = answer.json['share']
        assert (row['size'], row['snapshot_id'], row['volume_type'], row['availability_zone'],
                row['status']) == (
            2, snapshot['id'], 'full', 'here', 'creating')
    assert {order[:2] for order in orders(api.admin.context())} == {('share.create', 'share:node@alpha')}
    assert api.admin.get(f'/shares/{row["id"]}')['share']['host'] == HOST
    found = api.user.get(f'/shares?snapshot_id={snapshot["id"]}')['shares']
    assert len(found) == 3


def test_scheduler_is_told_where_the_snapshot_is(api, snapshot, conf):
    conf.config(use_scheduler_creating_share_from_snapshot=True)
    row = clone(api, snapshot).json['share']
    assert orders(api.admin.context())[0][:2] == ('share.schedule', 'scheduler')
    assert api.admin.get(f'/shares/{row["id"]}')['share']['host'] is None
    with session.reader(api.admin.context()) as connection:
        spec = json.loads(connection.scalar(sa.select(jobs.c.args)))['request_spec']
    assert (spec['snapshot_id'], spec['snapshot_host']) == (snapshot['id'], HOST)


def test_zone_may_differ_only_where_the_scheduler_decides(api, snapshot, conf):
    zones.ensure(api.admin.context(), 'there')
    assert clone(api, snapshot, availability_zone='here').status_int == 200
    assert clone(api, snapshot, availability_zone='there').status_int == 400
    assert clone(api, snapshot, availability_zone='nowhere').status_int == 404
    conf.config(use_scheduler_creating_share_from_snapshot=True)
    assert clone(api, snapshot, availability_zone='there').json['share']['availability_zone'] == 'there'


@pytest.mark.parametrize(('wanted', 'expected'), [
    ({'size': 2}, 200), ({'size': 3}, 200), ({'size': 1}, 400), ({'share_type': 'full'}, 200),
    ({'share_type': 'plain'}, 400), ({'share_type': 'unknown'}, 404), ({'share_proto': 'CIFS'}, 200)])
def test_what_is_named_must_suit_the_snapshot(api, snapshot, wanted, expected):
    assert clone(api, snapshot, **wanted).status_int == expected


def test_snapshot_must_be_ones_own_and_available(api, snapshot):
    assert clone(api, {'id': MISSING}).status_int == 404
    assert clone(api, snapshot, who=api.stranger).status_int == 404
    for status in ('creating', 'error', 'deleting', 'restoring'):
        set_snapshot_status(api.admin.context(), snapshot, status)
        assert clone(api, snapshot).status_int == 400


def test_share_of_the_snapshot_must_allow_clones_from_224_on(api, share, snapshot):
    with session.writer(api.admin.context()) as connection:
        shares.change(connection, share['id'], create_share_from_snapshot_support=False)
    assert clone(api, snapshot, '2.24').status_int == 400
    assert clone(api, snapshot, '2.23').status_int == 200


def test_quotas_count_the_size_of_the_snapshot(api, snapshot, conf):
    conf.config(group='quota', gigabytes=3)
    assert clone(api, snapshot).status_int == 413
    conf.config(group='quota', gigabytes=4)
    assert clone(api, snapshot).status_int == 200
