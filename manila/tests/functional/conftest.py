"""Running services for the tests beside this file."""
import contextlib

import pytest

from manila.tests.functional import services
from manila.tests.functional.cluster import Cluster

EACH_DATABASE = [pytest.param(kind, id=kind, marks=pytest.mark.xdist_group(kind))
                 for kind in services.DATABASES]


@pytest.fixture(scope='session')
def running(tmp_path_factory):
    """Function that gives the running services on a kind of database; the same ones to all tests."""
    clusters = {}
    with contextlib.ExitStack() as stack:
        def get(kind):
            if kind not in clusters:
                rabbit = services.url_of('rabbit')
                database = stack.enter_context(services.database(kind))
                cluster = Cluster(tmp_path_factory.mktemp(kind), database, rabbit)
                stack.callback(cluster.stop)
                clusters[kind] = cluster.start()
                make_types(cluster)
            return clusters[kind]
        yield get


@pytest.fixture(params=EACH_DATABASE)
def cluster(request, running):
    """Running services, once with each kind of database."""
    return running(request.param)


@pytest.fixture(scope='session')
def fragile_ones(tmp_path_factory):
    """Function that gives services on a kind of database whose every connection can be cut."""
    clusters = {}
    with contextlib.ExitStack() as stack:
        def get(kind):
            if kind not in clusters:
                rabbit, rabbit_proxy = stack.enter_context(services.proxied(services.url_of('rabbit')))
                direct = stack.enter_context(services.database(kind))
                database, database_proxy = stack.enter_context(services.proxied(direct))
                cluster = Cluster(tmp_path_factory.mktemp(f'fragile-{kind}'), database, rabbit, direct=direct)
                cluster.rabbit_proxy, cluster.database_proxy = rabbit_proxy, database_proxy
                stack.callback(cluster.stop)
                clusters[kind] = cluster.start()
                make_types(cluster)
            return clusters[kind]
        yield get


@pytest.fixture(params=EACH_DATABASE)
def fragile(request, fragile_ones):
    """Services that may be killed and cut off; they are whole again before and after each test."""
    cluster = fragile_ones(request.param)
    cluster.rescue()
    yield cluster
    cluster.rescue()


def make_types(cluster):
    """The default share type."""
    cluster.client().share_types.create('default', False, spec_snapshot_support=True)
