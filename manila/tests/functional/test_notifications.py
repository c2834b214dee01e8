"""Notifications as those who listen on RabbitMQ get them."""
import contextlib
import json
import socket
import time
import uuid

import kombu
import oslo_messaging
import pytest
import requests

from manila import notify
from manila.tests.functional import services
from manila.tests.functional.cluster import Cluster, free_port

pytestmark = [pytest.mark.functional, pytest.mark.xdist_group('rabbit')]
GROUP = 'oslo_messaging_notifications'


class Listener:
    """Takes the notifications of a topic from the broker."""

    def __init__(self, url, exchange, topic):
        self.heard = []
        self._connection = kombu.Connection(f'amqp://{url.username}:{url.password}@{url.host}:{url.port}//')
        self._names = [f'{topic}.{priority}' for priority in ('info', 'error')]
        where = kombu.Exchange(exchange, type='topic', durable=False)
        self._consumer = kombu.Consumer(
            self._connection, [kombu.Queue(name, where, routing_key=name, durable=False) for name in self._names],
            callbacks=[self._take], accept=['json'])
        self._consumer.consume()

    def _take(self, body, message):
        message.ack()
        body = json.loads(body) if isinstance(body, str) else body
        self.heard.append(json.loads(body['oslo.message']))

    def wait_for(self, event, seconds=60):
        """The first notification of a type."""
        end = time.monotonic() + seconds
        while not (found := [each for each in self.heard if each['event_type'] == event]):
            assert time.monotonic() < end, f'{event} was not heard, only {[each["event_type"] for each in self.heard]}'
            with contextlib.suppress(socket.timeout):
                self._connection.drain_events(timeout=1)
        return found[0]

    def close(self):
        """Remove the queues, too."""
        for name in self._names:
            with contextlib.suppress(Exception):
                self._connection.default_channel.queue_delete(name)
        self._connection.close()


def look(port):
    """Status of the health of a process, and its metrics."""
    health = requests.get(f'http://127.0.0.1:{port}/healthcheck', timeout=30)
    return health.status_code, requests.get(f'http://127.0.0.1:{port}/metrics', timeout=30).text


@pytest.fixture
def topic():
    """A topic of this test alone."""
    return f'heard-{uuid.uuid4().hex[:8]}'


@pytest.fixture
def listen(topic):
    """Function that begins to listen on the broker."""
    with contextlib.ExitStack() as stack:
        def begin(exchange):
            listener = Listener(services.url_of('rabbit'), exchange, topic)
            stack.callback(listener.close)
            return listener
        yield begin


def test_notification_is_received_with_its_publisher_and_without_secrets_of_its_context(listen, topic, conf, context):
    url = services.url_of('rabbit')
    conf.load_raw_values(control_exchange=topic)
    transport = f'rabbit://{url.username}:{url.password}@{url.host}:{url.port}/'
    oslo_messaging.get_notification_transport(conf.conf, transport)
    notify.stop()
    listener = listen(topic)
    conf.config(group=GROUP, driver=['messagingv2'], topics=[topic], transport_url=transport)
    context.auth_token = 'a-token'
    try:
        notify.emit(context, 'share.create.end', {'share_id': 'one', 'size': 3}, service='share', host='node@alpha')
        heard = listener.wait_for('share.create.end')
    finally:
        notify.stop()
    assert (heard['publisher_id'], heard['priority']) == ('share.node@alpha', 'INFO')
    assert heard['payload'] == {'share_id': 'one', 'size': 3}
    assert 'a-token' not in json.dumps(heard)
    with services.broker(url) as connection, connection.channel() as channel:
        channel.exchange_delete(topic)


@pytest.mark.slow
def test_life_of_a_share_in_three_processes_is_heard_and_shows_in_their_metrics(listen, topic, tmp_path):
    ports = {'scheduler': free_port(), 'share': free_port()}
    with services.database('mysql') as database:
        cluster = Cluster(tmp_path, database, services.url_of('rabbit'), options={
            GROUP: {'driver': 'messagingv2', 'topics': topic},
            'metrics': {f'{role}_port': port for role, port in ports.items()}})
        listener = listen(cluster.name)
        try:
            cluster.start()
            cluster.client().share_types.create('default', False)
            created = listener.wait_for('share_type.create')
            share = cluster.rest('POST', 'shares', {'share': {'share_proto': 'NFS', 'size': 1, 'name': 'heard'}}).json()
            share_id = share['share']['id']
            ended = listener.wait_for('share.create.end')
            assert cluster.rest('DELETE', f'shares/{share_id}').status_code == 202
            deleted = listener.wait_for('share.delete.end')
            seen = {role: look(port) for role, port in {**ports, 'api': cluster.port}.items()}
        finally:
            cluster.stop()
    assert {role: status for role, (status, _) in seen.items()} == {'scheduler': 200, 'share': 200, 'api': 200}
    backend = f'{cluster.name}@backend'
    assert f'manila_driver_call_seconds_count{{backend="{backend}",method="create_share"}} 1.0' in seen['share'][1]
    assert f'manila_service_up{{binary="manila-share",host="{backend}"}} 1.0' in seen['scheduler'][1]
    assert 'manila_api_requests_total{operation="shares.create",status="200"} 1.0' in seen['api'][1]
    assert share_id not in ''.join(text for _, text in seen.values())
    assert created['publisher_id'] == f'api.{cluster.name}'
    assert ended['publisher_id'] == f'share.{cluster.name}@backend'
    assert (ended['payload']['share_id'], ended['payload']['name'], ended['payload']['size']) == (share_id, 'heard', 1)
    assert deleted['payload']['share_id'] == share_id
    assert ended['_context_project_id'] == cluster.project('admin')
    assert not [key for each in listener.heard for key in each if 'token' in key and each[key]]
