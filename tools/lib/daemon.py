"""The service of the quick start: under systemd where it runs, else as a plain background process."""
import os
import pathlib
import subprocess

from lib import system

UNIT = 'manila-quickstart.service'
UNIT_FILE = pathlib.Path('/etc/systemd/system') / UNIT
UNIT_TEXT = """[Unit]
Description=Manila, all services in one process (written by tools/quickstart)
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={command}
# The NFS server of the local driver serves on while the service restarts.
KillMode=process
TimeoutStopSec=60
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""


class Daemon:
    """One process that outlives the script.

    :param command: program and arguments
    :param pid_file: where its number is kept when there is no systemd
    :param output: file for what it prints before its own log is open
    """

    def __init__(self, command, pid_file, output, use_systemd=True):
        self.command = [str(part) for part in command]
        self.pid_file = pathlib.Path(pid_file)
        self.output = pathlib.Path(output)
        self._process = None
        self.systemd = use_systemd and system.has_systemd() and system.is_root()

    def start(self):
        """Start it anew, so that it reads the configuration as it is now."""
        self.stop()
        if self.systemd:
            UNIT_FILE.write_text(UNIT_TEXT.format(command=' '.join(self.command)))
            system.run(['systemctl', 'daemon-reload'])
            system.run(['systemctl', 'enable', '--now', UNIT])
            return
        with open(self.output, 'ab') as output:
            self._process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output,
                                             stderr=subprocess.STDOUT, cwd='/', start_new_session=True)
        self.pid_file.write_text(f'{self._process.pid}\n')

    def alive(self):
        """Whether it runs."""
        if self.systemd:
            return system.run(['systemctl', 'is-active', '--quiet', UNIT], check=False).returncode == 0
        if self._process is not None:       # for a moment /proc does not tell the command of a new process
            return self._process.poll() is None
        return self.pid() is not None

    def pid(self):
        """Its number, if the process of that number is really ours."""
        try:
            pid = int(self.pid_file.read_text())
            line = pathlib.Path(f'/proc/{pid}/cmdline').read_bytes().decode(errors='replace')
            state = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
        except (OSError, ValueError):
            return None
        return pid if state != 'Z' and line.rstrip('\0').split('\0') == self.command else None

    def stop(self):
        """End it and wait for that."""
        if self.systemd:
            if UNIT_FILE.exists():
                system.run(['systemctl', 'disable', '--now', UNIT], check=False)
            return
        if pid := self.pid():
            system.stop_process(pid, seconds=60)
        self._process = None
        self.pid_file.unlink(missing_ok=True)

    def remove(self):
        """Stop it and take it out of systemd."""
        self.stop()
        if self.systemd and UNIT_FILE.exists():
            UNIT_FILE.unlink()
            system.run(['systemctl', 'daemon-reload'])

    def last_words(self, log, lines=15):
        """The end of its log, for a person who has to find out why it did not start."""
        for path in (log, self.output):
            if os.path.exists(path) and os.path.getsize(path):
                return '\n'.join(pathlib.Path(path).read_text(errors='replace').splitlines()[-lines:])
        return f'nothing in {log}; try: journalctl -u {UNIT}' if self.systemd else f'nothing in {log}'
