"""Run a simulator until it is told to stop: python -m manila.tests.simulators.ontap TOPOLOGY_FILE."""

import argparse
import json
import signal
import sys
import threading

import yaml

from manila.tests.simulators.ontap import server, topology
from manila.tests.simulators.ontap.model.errors import Refused


def main(argv=None):
    parser = argparse.ArgumentParser(prog='python -m manila.tests.simulators.ontap', description=__doc__)
    parser.add_argument('topology', help='YAML file, or the name of a seed: %s' % ', '.join(topology.SEEDS))
    parser.add_argument('--endpoints', help='file to write the addresses to, as JSON, besides standard output')
    options = parser.parse_args(argv)
    try:
        simulator = server.Simulator(
            options.topology if options.topology in topology.SEEDS else topology.read(options.topology))
    except (OSError, ValueError, yaml.YAMLError, Refused) as problem:
        parser.error('%s: %s' % (options.topology, problem))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with simulator:
        text = json.dumps(simulator.control.endpoints())
        if options.endpoints:
            with open(options.endpoints, 'w', encoding='utf-8') as stream:
                stream.write(text)
        sys.stdout.write(text + '\n')
        sys.stdout.flush()
        stopped.wait()


if __name__ == '__main__':
    main()
