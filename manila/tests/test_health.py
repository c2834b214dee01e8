"""Checks of processes and their sum."""
import json
import threading

import pytest
import webob

from manila import health
from manila.jobs import bell


def check(name, level, reason=None):
    return health.Check(name, level, lambda: reason)


def ask(*checks, path='/', **headers):
    req = webob.Request.blank(path)
    req.headers.update(headers)
    return req.get_response(health.application(lambda: checks))


def test_process_in_order_says_so():
    answer = ask(check('worker', health.LIVE), check('lease', health.READY))
    assert (answer.status_int, answer.text) == (200, 'ok\nworker: ok\nlease: ok\n')


@pytest.mark.parametrize(('level', 'whole', 'live', 'word'), [
    (health.LIVE, 503, 503, 'not alive'), (health.READY, 503, 200, 'not ready'),
    (health.DEGRADED, 200, 200, 'degraded')])
def test_level_of_what_is_wrong_decides(level, whole, live, word):
    checks = check('worker', level, 'it has ended'), check('other', health.LIVE)
    answer = ask(*checks, Accept='application/json')
    assert answer.status_int == whole
    assert answer.json == {'status': word, 'checks': {
        'worker': {'level': level, 'reason': 'it has ended'}, 'other': {'level': 'live', 'reason': None}}}
    assert ask(*checks, path='/live').status_int == live


def test_worst_of_several_counts():
    found = health.report([check('a', health.DEGRADED, 'x'), check('b', health.READY, 'y'), check('c', health.LIVE)])
    assert health.worst(found) == health.READY


def test_check_that_fails_is_a_reason_without_its_text():
    def fail():
        raise RuntimeError('password')
    answer = ask(health.Check('worker', health.LIVE, fail))
    assert answer.status_int == 503 and 'RuntimeError' in answer.text and 'password' not in answer.text


def test_head_has_no_body():
    req = webob.Request.blank('/', method='HEAD')
    answer = req.get_response(health.application(lambda: [check('worker', health.LIVE)]))
    assert answer.status_int == 200 and answer.body == b''


def test_probe_that_hangs_is_not_waited_for_and_not_asked_twice_at_once():
    gate, asked = threading.Event(), []

    def hang():
        asked.append(1)
        gate.wait(30)
    probe = health.Probe(hang, patience=0.05)
    assert 'no answer' in probe() and 'no answer' in probe()
    assert len(asked) == 1
    gate.set()
    assert probe._done.wait(30)
    assert probe() is None


def test_answer_of_a_probe_is_good_for_a_while():
    answers = ['first', 'second']
    probe = health.Probe(lambda: answers.pop(0), fresh=3600)
    assert probe() == probe() == 'first'
    probe.forget()
    assert probe() == 'second'


def test_wake_up_that_waits_for_the_broker_is_told(conf, monkeypatch):
    conf.config(transport_url='fake:/')
    monkeypatch.setattr(bell, 'stuck', lambda: 60)
    health.messaging.reason.forget()
    assert 'has waited for the broker for 60 s' in health.messaging.reason()
    monkeypatch.undo()
    health.messaging.reason.forget()
    assert health.messaging.reason() is None
    health.messaging.reason.forget()
    assert json.dumps(health.report([health.messaging])) == '{"messaging": ["degraded", null]}'
