"""What commands do with signals, in processes of their own."""
import signal
import subprocess
import sys
import textwrap

import pytest

PROGRAM = textwrap.dedent('''
    import sys, threading
    from manila.cmd import common
    from manila.conf import CONF

    def say(word):
        print(word, flush=True)

    class Role:
        def __init__(self, name):
            self.name = name
        def start(self):
            say('start ' + self.name)
            if '--slow' in sys.argv and self.name == 'one':
                sys.stdin.readline()
            if '--broken' in sys.argv and self.name == 'two':
                raise RuntimeError('broken')
        def stop(self):
            say('stop ' + self.name)

    CONF([], project='manila', default_config_files=sys.argv[1:2], default_config_dirs=[])
    def reload():
        original()
        say('reloaded')
    original, CONF.mutate_config_files = CONF.mutate_config_files, reload
    class Ready:
        def start(self):
            say('ready')
        def stop(self):
            pass
    sys.exit(common.serve('test', [Role('one'), Role('two'), Ready()]))
''')


class Program:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, '-W', 'ignore', '-c', PROGRAM, *arguments], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def expect(self, *lines):
        assert [self.process.stdout.readline().strip() for _ in lines] == list(lines)

    def end(self):
        self.process.stdin.close()
        rest = self.process.stdout.read().split('\n')[:-1]
        self.errors = self.process.stderr.read()
        return self.process.wait(30), rest


@pytest.fixture
def run(tmp_path):
    """Start a program with two roles and a configuration file."""
    path = tmp_path / 'manila.conf'
    path.write_text('[DEFAULT]\n')
    started = []

    def run(*arguments):
        started.append(Program(str(path), *arguments))
        return started[-1]
    run.configuration = path
    yield run
    for program in started:
        if program.process.poll() is None:
            program.process.kill()
        for pipe in (program.process.stdin, program.process.stdout, program.process.stderr):
            pipe.close()
        program.process.wait()


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_roles_are_stopped_in_reverse_at_once(run, number):
    program = run()
    program.expect('start one', 'start two', 'ready')
    program.process.send_signal(number)
    assert program.end() == (0, ['stop two', 'stop one'])


def test_hang_up_reads_the_configuration_again_and_a_broken_one_changes_nothing(run):
    program = run()
    program.expect('start one', 'start two', 'ready')
    program.process.send_signal(signal.SIGHUP)
    program.expect('reloaded')
    run.configuration.write_text('broken [')
    program.process.send_signal(signal.SIGHUP)
    run.configuration.write_text('[DEFAULT]\n')
    program.process.send_signal(signal.SIGTERM)
    status, rest = program.end()
    assert status == 0 and rest[-2:] == ['stop two', 'stop one']


def test_nothing_more_is_started_once_the_end_is_wanted(run):
    program = run('--slow')
    program.expect('start one')
    program.process.send_signal(signal.SIGTERM)
    assert program.end() == (0, ['stop one'])


def test_role_that_cannot_start_ends_the_others_with_a_status(run):
    program = run('--broken')
    program.expect('start one', 'start two')
    assert program.end() == (1, ['stop one'])
    assert 'broken' in program.errors
