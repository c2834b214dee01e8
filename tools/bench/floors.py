"""The bare parts: SQL through the same database driver, commits, AMQP messages, JSON; nothing around them."""
import json
import time
import uuid

import amqp

SHARE = '''SELECT s.*, i.id, i.share_id, i.host, i.status, i.progress, i.access_rules_status, i.replica_state,
 i.share_type_id, i.share_network_id, i.share_server_id, i.availability_zone_id, z.name, t.name
 FROM shares s LEFT JOIN share_instances i ON i.share_id = s.id
 LEFT JOIN availability_zones z ON z.id = i.availability_zone_id
 LEFT JOIN share_types t ON t.id = i.share_type_id '''


def seconds(number, work):
    """Mean time of ``work(turn)`` over so many turns, after a few to warm up."""
    for turn in range(min(5, number)):
        work(-turn - 1)
    begin = time.perf_counter()
    for turn in range(number):
        work(turn)
    return (time.perf_counter() - begin) / number


def _answer(rows):
    return json.dumps([[str(value) for value in row] for row in rows])


def show(engine, share_id, number):
    """Read one share with its metadata and make JSON of it, in seconds."""
    connection = engine.raw_connection()
    cursor = connection.cursor()

    def work(turn):
        cursor.execute(SHARE + 'WHERE s.id = %s', (share_id,))
        rows = cursor.fetchall()
        cursor.execute('SELECT * FROM share_metadata WHERE share_id = %s', (share_id,))
        _answer([*rows, *cursor.fetchall()])
        connection.commit()
    try:
        return seconds(number, work)
    finally:
        connection.close()


def page(engine, size, number):
    """Read a page of shares with their metadata and make JSON of it, in seconds."""
    connection = engine.raw_connection()
    cursor = connection.cursor()

    def work(turn):
        cursor.execute(SHARE + 'ORDER BY s.created_at DESC, s.id DESC LIMIT %s', (size,))
        rows = cursor.fetchall()
        marks = ', '.join(['%s'] * len(rows))
        cursor.execute(f'SELECT * FROM share_metadata WHERE share_id IN ({marks})', [row[0] for row in rows])
        _answer([*rows, *cursor.fetchall()])
        connection.commit()
    try:
        return seconds(number, work)
    finally:
        connection.close()


def quotas(engine, project, number, usage=False):
    """Read the quotas of a project and of the default class, and perhaps what is in use; in seconds."""
    connection = engine.raw_connection()
    cursor = connection.cursor()
    queries = ["SELECT resource, hard_limit FROM quota_limits WHERE project_id = %s AND scope = ''",
               "SELECT resource, hard_limit FROM quota_class_limits WHERE class_name = 'default' AND %s <> ''",
               *(["SELECT resource, in_use FROM quota_usages WHERE project_id = %s AND scope = ''"] if usage else [])]

    def work(turn):
        rows = []
        for query in queries:
            cursor.execute(query, (project,))
            rows += cursor.fetchall()
        _answer(rows)
        connection.commit()
    try:
        return seconds(number, work)
    finally:
        connection.close()


class Parts:
    """A table and a queue of their own, for commits and messages."""

    def __init__(self, engine, rabbit):
        self.connection = engine.raw_connection()
        self.cursor = self.connection.cursor()
        self.name = f'bench_{uuid.uuid4().hex[:8]}'
        self.cursor.execute(f'CREATE TABLE {self.name} (id VARCHAR(36) PRIMARY KEY, value VARCHAR(1000))')
        self.connection.commit()
        self.broker = amqp.Connection(f'{rabbit.host}:{rabbit.port}', rabbit.username, rabbit.password)
        self.broker.connect()
        self.channel = self.broker.channel()
        self.channel.queue_declare(self.name, auto_delete=True)
        self._arrived = []
        self.channel.basic_consume(self.name, no_ack=True, callback=self._arrived.append)

    def close(self):
        """Remove table and queue."""
        self.broker.close()
        self.connection.rollback()
        self.cursor.execute(f'DROP TABLE {self.name}')
        self.connection.commit()
        self.connection.close()

    def commit(self, rows):
        """One transaction that inserts rows."""
        for _ in range(rows):
            self.cursor.execute(f'INSERT INTO {self.name} VALUES (%s, %s)', (str(uuid.uuid4()), 'x' * 500))
        self.connection.commit()

    def message(self):
        """One message, sent and received."""
        self._arrived.clear()
        self.channel.basic_publish(amqp.Message('{}' * 100), routing_key=self.name)
        while not self._arrived:
            self.broker.drain_events()

    def share(self):
        """What a new share takes at the least when no step may be lost or done twice: five commits, two messages."""
        self.commit(4)      # the order: share, instance, usage, job
        self.message()
        self.commit(1)      # the scheduler's claim
        self.commit(2)      # its choice, and the order for the back end
        self.message()
        self.commit(1)      # the back end's claim
        self.commit(3)      # the result: status, export location, end of the job

    def snapshot(self):
        """What a new snapshot takes at the least: as :meth:`share`, but nobody has to choose a pool."""
        self.commit(4)      # the order: snapshot, instance, usage, job
        self.message()
        self.commit(1)      # the back end's claim
        self.commit(2)      # the result: status, end of the job

    def rule(self):
        """What a new rule takes at the least: one transaction with the rule and its state."""
        self.commit(2)
