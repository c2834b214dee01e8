"""The clients users have: python-manilaclient and the openstack command."""
import json
import os
import pathlib
import subprocess
import sys

from keystoneauth1 import http_basic, session
from manilaclient import api_versions
from manilaclient.v2 import client

OPENSTACK = pathlib.Path(sys.prefix) / 'bin' / 'openstack'


def manila(endpoint, user, password, version):
    """A python-manilaclient of one microversion, by default its newest, with HTTP basic authentication."""
    auth = http_basic.HTTPBasicAuth(endpoint=endpoint, username=user, password=password)
    return client.Client(api_version=api_versions.APIVersion(version or api_versions.MAX_VERSION),
                         session=session.Session(auth=auth), service_catalog_url=endpoint)


class CommandFailed(AssertionError):
    """An openstack command ended with an error; its text is what a user would read."""


def openstack(endpoint, user, password, lines, version=None):
    """Type lines into one `openstack` process; returns its JSON documents, one for each line that prints one.

    :param version: microversion; the newest one that the command knows if None
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith('OS_')}
    environment.update(OS_AUTH_TYPE='http_basic', OS_ENDPOINT=endpoint, OS_USERNAME=user,
                       OS_PASSWORD=password, PYTHONWARNINGS='ignore')
    if version:
        environment['OS_SHARE_API_VERSION'] = version
    done = subprocess.run([sys.executable, str(OPENSTACK)], input='\n'.join(lines) + '\n', text=True,
                          capture_output=True, check=False, env=environment, timeout=240)
    if done.stderr.strip():     # when lines are typed in, the exit code says nothing about them
        raise CommandFailed(f'openstack: {lines}\n{done.stderr}')
    return list(documents(done.stdout))


def documents(text):
    """The JSON documents in a text that may also have other lines."""
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        if text[0] in '{[':
            value, end = decoder.raw_decode(text)
            yield value
            text = text[end:]
        else:
            text = text.partition('\n')[2]
