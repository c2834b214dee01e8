"""The front door of one address: login, tunnelling, choice of transport, faults, log."""

import base64
import binascii
import dataclasses
import gzip
import json
import logging
import re
import time
import urllib.parse

from manila.tests.simulators.ontap import calllog, faults as fault_module
from manila.tests.simulators.ontap.model import accounts
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import app as rest_app, errors as rest_errors, resource
from manila.tests.simulators.ontap.zapi import app as zapi_app

LOG = logging.getLogger(__name__)
ZAPI_PATH = '/servlets/netapp.servlets.admin.XMLrequest_filer'
HAL = 'application/hal+json'
SMALL = 512     # bytes of a body that is not worth compressing


class Drop(Exception):
    """The connection is to be cut without (the rest of) an answer."""


@dataclasses.dataclass
class Request:
    method: str
    target: str
    headers: dict
    body: bytes = b''
    common_name: str = None

    @property
    def path(self):
        return self.target.split('?', 1)[0]

    @property
    def query(self):
        return self.target.partition('?')[2]

    def header(self, name):
        return self.headers.get(name)


@dataclasses.dataclass
class Response:
    status: int
    body: bytes = b''
    content_type: str = HAL
    headers: dict = dataclasses.field(default_factory=dict)
    keep: int = None


class FrontDoor:
    """Answers the requests that arrive at the management address of a cluster or of one SVM."""

    def __init__(self, simulator, cluster_name, svm_name=None):
        self.simulator = simulator
        self.cluster_name = cluster_name
        self.svm_name = svm_name

    @property
    def cluster(self):
        return self.simulator.world.cluster(self.cluster_name)

    def serve(self, request):
        """The response to a request. :raises Drop: when the connection is to be cut."""
        started = time.monotonic()
        is_zapi = request.path == ZAPI_PATH
        account = self._login(request)
        entry = self._log(request, account, is_zapi)
        fault, latency = self.simulator.faults.choose(
            transport=entry.transport, method=request.method, path=entry.path, svm=entry.svm, user=entry.user,
            cluster=self.cluster_name, api=entry.operation if is_zapi else None)
        if latency:
            time.sleep(latency)
        entry.fault = str(fault.id) if fault else None
        try:
            response = self._with_fault(request, account, is_zapi, fault)
            entry.status, entry.response = response.status, response.body[:4000].decode('utf-8', 'replace')
            return self._packed(request, response)
        finally:
            entry.seconds = time.monotonic() - started

    def _packed(self, request, response):
        """The response compressed for those who take that; what a fault cuts short stays plain."""
        accepted = [part.split(';')[0].strip() for part in (request.header('accept-encoding') or '').split(',')]
        if 'gzip' not in accepted or len(response.body) < SMALL or response.keep is not None:
            return response
        if self.cluster.settings['gzip']:
            headers = dict(response.headers, **{'Content-Encoding': 'gzip', 'Vary': 'Accept-Encoding'})
            return dataclasses.replace(response, body=gzip.compress(response.body, 1, mtime=0), headers=headers)
        return response

    # --- login ----------------------------------------------------------------------------------------------
    def _login(self, request):
        cluster = self.cluster
        svm = cluster.svm(self.svm_name) if self.svm_name else None
        if self.svm_name and svm is None:
            return None
        header = request.header('authorization') or ''
        if header.lower().startswith('basic '):
            try:
                name, _, password = base64.b64decode(header[6:]).decode().partition(':')
            except (binascii.Error, UnicodeDecodeError):
                return None
            with self.simulator.world.lock:
                return accounts.login(cluster, svm, name, password)
        if request.common_name:
            with self.simulator.world.lock:
                return accounts.login_by_certificate(cluster, svm, request.common_name)
        return None

    def _log(self, request, account, is_zapi):
        text = request.body.decode('utf-8', 'replace')
        path = normal(request.path)
        svm = request.header('x-dot-svm-name') or self.svm_name
        operation = calllog.operation_of(request.method, path)
        if is_zapi:
            operation, vfiler = zapi_app.peek(request.body)
            svm = vfiler or svm
        return self.simulator.log.add(
            time=self.simulator.world.clock.now(), cluster=self.cluster_name, svm=svm, method=request.method,
            transport='zapi' if is_zapi else 'rest', user=account.name if account else None, operation=operation,
            path=path, query=request.query, request=text)

    # --- faults ---------------------------------------------------------------------------------------------
    def _with_fault(self, request, account, is_zapi, fault):
        if fault is None:
            return self._answer(request, account, is_zapi)
        hang = fault.action.get('hang') or 0
        if hang and not fault.after:
            time.sleep(hang)
        if not fault.after:
            replaced = self._replace(fault, is_zapi)
            if replaced is not None:
                return replaced
        record_failure = fault.action.get('record_failure')
        response = self._answer(request, account, is_zapi, record_failure)
        if fault.after:
            time.sleep(hang)
            replaced = self._replace(fault, is_zapi)
            response = replaced if replaced is not None else response
        if 'truncate' in fault.action:
            response.keep = min(int(fault.action['truncate']), len(response.body))
        return response

    def _replace(self, fault, is_zapi):
        """What a fault puts in the place of the answer, None when it leaves it alone."""
        action = fault.action
        if action.get('drop'):
            raise Drop()
        if 'error' in action and not is_zapi:
            error = action['error']
            status = error.get('status') or action.get('status', 500)
            body = {'error': {'code': str(error['code']), 'message': error.get('message', 'injected fault')}}
            return Response(status, json.dumps(body).encode())
        if 'zapi_error' in action and is_zapi:
            return Response(200, zapi_app.failure(self.cluster, action['zapi_error']['errno'],
                                                  action['zapi_error'].get('reason', 'injected fault')), 'text/xml')
        if 'status' in action or 'body' in action:
            kind, body = fault_module.BODIES[action.get('body', 'html')]
            headers = {'Retry-After': str(action['retry_after'])} if 'retry_after' in action else {}
            return Response(int(action.get('status', 200)), body, kind, headers)
        return None

    # --- answers --------------------------------------------------------------------------------------------
    def _answer(self, request, account, is_zapi, record_failure=None):
        if is_zapi and not self.cluster.settings['zapi']:
            return Response(404, b'<html><body>Not found</body></html>', 'text/html')
        errno = self.cluster.settings['zapi_login_errno']
        if account is None and is_zapi and errno:
            return Response(200, zapi_app.failure(self.cluster, errno, 'The user or password is wrong.'), 'text/xml')
        if account is None:
            body = {'error': {'message': 'User is not authorized.', 'code': '6691623'}}
            return Response(401, json.dumps(body).encode(), headers={'WWW-Authenticate': 'Basic realm="ONTAP"'})
        world = self.simulator.world
        with world.lock:
            world.settle()
            if is_zapi:
                body = zapi_app.handle(self.cluster, account, request.body, record_failure)
                return Response(200, body, 'text/xml; charset="UTF-8"')
            return self._rest(request, account)

    def _rest(self, request, account):
        path = normal(request.path)
        if not path.startswith('/api/'):
            return Response(404, b'<html><body>Not found</body></html>', 'text/html')
        try:
            call = self._call(request, account, path[len('/api'):])
        except Refused as refused:
            status, body = rest_errors.body(self.cluster, refused)
            return Response(status, json.dumps(body).encode())
        answer = self._guarded(call)
        return Response(answer.status, rest_app.encode(call, answer), headers=answer.headers)

    def _guarded(self, call):
        """A fault of the simulator itself is answered as the array answers its own, and is logged."""
        try:
            return rest_app.handle(call)
        except Exception:
            LOG.exception('The simulator failed on %s %s', call.method, call.path)
            return rest_app.Answer(500, {'error': {'code': '262145', 'message': 'internal error of the simulator'}})

    def _call(self, request, account, path):
        cluster = self.cluster
        params = dict(urllib.parse.parse_qsl(request.query.replace('+', '%2B') if _raw_plus(request.query)
                                             else request.query, keep_blank_values=True))
        data = None
        if request.body.strip():
            try:
                data = json.loads(request.body)
            except ValueError:
                raise Refused('bad_json', 'The body is not valid JSON.') from None
        svm, tunnelled = self._scope(request, account)
        if tunnelled and cluster.settings['strict']:
            wanted = params.get('svm.name', svm.name)
            if re.fullmatch(r'[\w.-]+', wanted) and wanted != svm.name:
                raise Refused('bad_tunnel', 'The field "svm.name" differs from the SVM of the tunnel.', 'svm.name')
        return resource.Call(cluster, account, svm, request.method, path, params, data, tunnelled,
                             cluster.settings['strict'],
                             (request.header('accept') or '').strip() != 'application/json')

    def _scope(self, request, account):
        """(SVM the call is narrowed to, whether by tunnel)."""
        name, uuid = request.header('x-dot-svm-name'), request.header('x-dot-svm-uuid')
        if account.svm is not None:
            if name or uuid:
                raise Refused('bad_tunnel', 'An SVM user cannot tunnel to an SVM.')
            return account.svm, False
        if not name and not uuid:
            return None, False
        for svm in self.cluster.svms:
            if svm.type in ('data', 'admin') and (svm.name == name or (uuid and svm.uuid == uuid)):
                return (None, False) if svm.type == 'admin' else (svm, True)
        raise Refused('bad_tunnel', 'SVM "%s" of the tunnel header does not exist.' % (name or uuid))


def _raw_plus(query):
    """Clients write time offsets like +00:00 raw: there a plus is no blank."""
    return re.search(r'\d\+\d\d:\d\d', query) is not None


def normal(path):
    """A path without doubled and trailing slashes."""
    path = re.sub(r'/{2,}', '/', urllib.parse.unquote(path) if '%' not in path else path)
    return path.rstrip('/') or '/'
