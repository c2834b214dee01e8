"""The few REST calls the scripts need, as plain HTTP, so that a reader sees what travels."""
import base64
import json
import time
import urllib.error
import urllib.request

from lib import system


class Client:
    """The share API with HTTP basic authentication."""

    def __init__(self, endpoint, username, password, version='2.99'):
        self.endpoint = endpoint.rstrip('/')
        token = base64.b64encode(f'{username}:{password}'.encode()).decode()
        self._headers = {'Authorization': f'Basic {token}', 'X-OpenStack-Manila-API-Version': version,
                         'Content-Type': 'application/json', 'Accept': 'application/json'}

    def call(self, method, path, body=None):
        """Send a request.

        :returns: the answer's JSON, or None when it has no body
        :raises system.Problem: for an answer of 400 and above, with its text
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f'{self.endpoint}/{path}', data, self._headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise system.Problem(f'{method} {path}: {error.code} {error.read().decode(errors="replace")}')
        except OSError as error:
            raise system.Problem(f'{method} {path}: {error}')
        return json.loads(text) if text else None

    def until(self, path, key, wanted, seconds, field='status'):
        """Read something again and again until its status is the wanted one.

        :returns: the thing
        :raises system.Problem: when it ends in an error or does not get there in time
        """
        end = time.monotonic() + seconds
        while True:
            thing = self.call('GET', path)[key]
            if thing[field] == wanted:
                return thing
            if thing[field] == 'error':
                raise system.Problem(f'{path} went into status error; see: openstack share message list')
            if time.monotonic() > end:
                raise system.Problem(f'{path} is {thing[field]} after {seconds} s, not {wanted}')
            time.sleep(0.1)
