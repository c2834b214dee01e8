"""The Ansible modules of the vendor against the simulator, over both transports.

They are looked for next to the running interpreter, on the path, and where MANILA_TEST_ANSIBLE points to
(the directory of ansible-playbook).
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

PLAYBOOK = pathlib.Path(__file__).with_name('ansible_playbook.yaml')


def program():
    places = [os.environ.get('MANILA_TEST_ANSIBLE', ''), str(pathlib.Path(sys.executable).parent),
              os.environ.get('PATH', '')]
    return shutil.which('ansible-playbook', path=os.pathsep.join(p for p in places if p))


@pytest.mark.functional
@pytest.mark.skipif(program() is None, reason='needs ansible with the collection netapp.ontap')
@pytest.mark.parametrize('use_rest', ['always', 'never'])
def test_playbook_runs_through_and_changes_nothing_twice(start, tmp_path, use_rest):
    simulator = start('single')
    host, port = simulator.address()
    interpreter = pathlib.Path(program()).with_name('python')
    variables = {'host': host, 'sim_port': port, 'use_rest': use_rest, 'ansible_python_interpreter': str(interpreter)}
    environment = {k: v for k, v in os.environ.items() if k != 'REQUESTS_CA_BUNDLE'}
    environment.update(ANSIBLE_HOME=str(tmp_path), ANSIBLE_LOCALHOST_WARNING='false')
    done = subprocess.run([program(), '-i', 'localhost,', str(PLAYBOOK), '-e', json.dumps(variables)],
                          env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout[-4000:]
    assert 'failed=0' in done.stdout
    assert simulator.control.violations() == []
    transports = {e.transport for e in simulator.log.entries()}
    assert transports == ({'rest'} if use_rest == 'always' else {'zapi'})
