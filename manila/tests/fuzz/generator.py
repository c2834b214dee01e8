"""Requests made from the OpenAPI document and from spite, the same ones for the same seed."""
import json
import uuid
from urllib import parse

from manila.tests.fuzz import values
from manila.tests.fuzz.messages import BASE, VERSION_HEADER, Request
from manila.tests.fuzz.world import PROJECTS

METHODS = ('GET', 'PUT', 'POST', 'DELETE', 'PATCH')
ODD_METHODS = ('HEAD', 'OPTIONS', 'TRACE', 'PATCH', 'PUT', 'POST', 'DELETE', 'GET', 'CONNECT', 'get', 'FOO',
               'PROPFIND')
ODD_SEGMENTS = (
    b'', b'%00', b'a%00b', b'%', b'%zz', b'%2e%2e', b'..', b'.', b'%2f', b'a%2fb', b'%ff%fe', b'%ed%a0%80',
    b'%c0%80',
    b'%f0%9f%98%80', b'%27%20OR%20%271%27=%271', b'%25', b'*', b'%0d%0aX-Evil:%201', b'detail', b'action',
    b'metadata',
    b'null', b'0', b'-1', b'9' * 40, b'a' * 36, b'a' * 37, b'a' * 255, b'a' * 256, b'a' * 10000, b'%7b%7d', b';x=y',
    b'latest', b'default', b'\xc3\xa9', b'%E2%80%AE', b'%C4%B0')
ODD_QUERIES = (
    '&&&', '=', '=%', '?', '%', '%zz=%zz', 'limit', 'limit=', 'limit=-1', 'limit=99999999999999999999', 'limit=1.5',
    'limit=1&limit=2', 'limit=%00', 'limit=%D9%A3', 'offset=2147483647', 'offset=2147483648', 'offset=-1',
    'offset=9223372036854775808', 'marker=', 'marker=%00', 'marker=nobody', 'sort_key=', 'sort_key=id%00',
    'sort_key=password', 'sort_key=__class__', 'sort_dir=up', 'sort_dir=%FF', 'sort_key=id;drop', 'name~=%25',
    'name~=%5C', 'name=%ED%A0%80', 'name=%FF', 'all_tenants=1', 'all_tenants=maybe', 'all_projects=1',
    'with_count=1',
    'metadata={}', 'metadata=%7B%27a%27:%27b%27%7D', 'metadata=' + '(' * 3000, 'metadata=' + '-' * 3000 + '1',
    'extra_specs=%7B%27snapshot_support%27:%27True%27%7D', 'capabilities=%7B%27a%27:%27%3Cin%3E%20(%27%7D',
    'host=(a%2B)%2B%24',
    'pool=%5B', 'backend=%28%3FP%3C', 'a' * 20000, '&'.join(f'a{number}=b' for number in range(400)), 'é=é',
    'share_id[]=1', 'share_id=1&share_id=2', 'created_since=yesterday', 'created_since=0001-01-01T00:00:00%2B14:00',
    'created_before=9999-12-31T23:59:59-14:00', 'status=%F0%9F%98%80', 'size=x', 'project_id=%00', 'is_public=2')
ODD_VERSIONS = (
    '', ' ', '2', '2.', '.1', '2.100', '2.-1', '2.07', '02.7', '3.0', '1.0', '0.0', 'latest', '2.0.0', '2,7',
    '2.7 2.8',
    '２.７', '2.99999999999999999999', '-2.0', '+2.7', '2.7\t', 'a' * 10000, 'shared-file-system 2.7', '\xff', '%00')
ODD_HEADERS = (
    ('X-OpenStack-Manila-API-Experimental', 'maybe'), ('X-OpenStack-Manila-API-Experimental', 'True'),
    ('X-OpenStack-Manila-API-Experimental', '\xff'), ('Accept', 'text/html'), ('Accept', '\xff'), ('Accept',
    ';;;q=x'),
    ('Accept-Language', 'x' * 5000), ('Host', ''), ('Host', 'a b'), ('Host', '\xff'), ('Host', '[::1'),
    ('Host', 'x:y:z'),
    ('X-Forwarded-For', '\xff, 1'), ('X-Forwarded-Proto', 'gopher'), ('X-OpenStack-Request-ID', 'no'),
    ('X-OpenStack-Request-ID', 'req-' + 'a' * 5000), ('Origin', 'null'), ('Origin', '\xff'), ('Range', 'bytes=0-'),
    ('If-Modified-Since', 'never'), ('If-None-Match', '*'), ('Transfer-Encoding', 'gzip'), ('Cookie', '\xff=;'),
    ('Content-Length', '-1'), ('Content-Length', 'many'), ('Content-Length', '999'), ('Content-Length', '1'),
    ('Content-Length', ''), ('Content-Length', '999999999999'), ('Content-Encoding', 'gzip'), ('X-Auth-Token',
    '\xff'),
    ('X-HTTP-Method-Override', 'DELETE'), ('X-Roles', 'admin'), ('X-Project-Id', 'x'), ('X-User-Id', 'admin'))
ODD_AUTHORIZATIONS = ('', 'Basic', 'Basic ', 'Basic =', 'Basic \xff', 'Basic OjpA',
                      'Basic ' + 'A' * 9999, 'Bearer x',
                      'basic YWRtaW46', 'Negotiate', 'Basic YWRtaW46ZnV6eg==', 'Basic /////w==', 'Basic AAAA')
ODD_TYPES = ('', 'text/plain', 'application/xml', 'application/json; charset=utf-16', 'APPLICATION/JSON',
             'json', '\xff',
             'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'application/json;;;',
             ';', ',')
ODD_BODIES = (
    b'', b' ', b'null', b'[]', b'{}', b'""', b'0', b'tru', b'{', b'{"a"', b'{"a":1,}', b'[1,2', b'NaN',
    b'{"share":NaN}',
    b'{"share":Infinity}', b'\xff\xfe', b'\xef\xbb\xbf{}', b'{"share":"\xff"}', b'{"share":1}{"share":2}', b'\x00',
    b'{"share":{"size":1e400}}', b'{"share":{"size":' + b'9' * 5000 + b'}}',
    b'[' * 100000, b'{"a":' * 50000, b'"\\ud800"',
    b'{"share":{"name":"\\u0000"}}', b'{"share":{},"share":{}}', b'<xml/>', b'a=b&c=d',
    b'{"share":[' + b'1,' * 3000 + b'1]}',
    '{"share":{"name":"é"}}'.encode('utf-16'), b'{"a":"' + b'x' * 120000 + b'"}', b"{'share': {}}", b'// {}',
    b'1e999', b'-')


class Generator:
    """Makes requests.

    :param random: source of all choices
    :param documents: function that gives the OpenAPI document of a version
    :param world: the rows that there are
    """

    def __init__(self, random, documents, world):
        self.random, self.world = random, world
        self.samples = values.Samples(random, world.hints())
        self._operations = {}
        self.documents = documents

    def make(self, version):
        """A request at a microversion; in about half of all nothing is wrong but perhaps the moment."""
        random = self.random
        template, method, described = random.choice(self._of(version))
        spoilt = random.random() < 0.5
        request = Request(self.who(), method.upper(), self.path(template), headers={VERSION_HEADER: version})
        request.query = self._query(described)
        schema = _body_schema(described)
        if schema is not None:
            self._put_body(request, self._with_key(request, template, schema))
        if any(part.get('$ref', '').endswith('experimental') for part in described['parameters']):
            request.headers['X-OpenStack-Manila-API-Experimental'] = 'True'
        if spoilt:
            self._spoil(request, template, schema)
        return request

    def _of(self, version):
        if version not in self._operations:
            self._operations[version] = [
                (template, method, described) for template, methods in sorted(self.documents(version)['paths'].items())
                for method, described in sorted(methods.items())]
        return self._operations[version]

    def _with_key(self, request, template, schema):
        """The body; where the path names a key it is mostly about that key."""
        content = self.samples.value(schema)
        if template.endswith('/{key}') and isinstance(content, dict) and self.random.random() < 0.8:
            key = parse.unquote(request.path.rpartition('/')[2])
            return {name: {key: 'True'} for name in content} if 'properties' in schema else {key: 'True'}
        return content

    def who(self):
        """Some user, or None for nobody."""
        return self.random.choices(('admin', 'member', 'stranger', 'reader', None), (38, 38, 18, 5, 1))[0]

    def path(self, template, variables=None):
        """A path for a template, mostly to rows that exist and belong together."""
        found = self.variables(template)
        found.update(variables or {})
        parts = [parse.quote(str(found[part[1:-1]]), safe='') if part.startswith('{') else part
                 for part in template.split('/')]
        return BASE + '/'.join(parts)

    def variables(self, template):
        """Values for the variables of a path."""
        random = self.random
        names = [part[1:-1] for part in template.split('/') if part.startswith('{')]
        found = {name: random.choice(self.world.ids.get(name, ['default'])) for name in names}
        for together, rows in self.world.together.items():
            if set(together) <= set(names) and random.random() < 0.8:
                found.update(zip(together, random.choice(rows)))
                break
        return found

    def _query(self, described):
        pairs = []
        for parameter in described['parameters']:
            if parameter.get('in') != 'query':
                continue
            if parameter.get('required') or self.samples.likely(parameter['schema']):
                pairs.append((parameter['name'], self.samples.named(parameter['name'], parameter['schema'])))
        if pairs and self.random.random() < 0.3:
            pairs.append((self.random.choice(('sort_key', 'sort_dir')), None))
            pairs[-1] = pairs[-1][0], self.random.choice(self.samples.hints[pairs[-1][0]])
        return parse.urlencode(pairs)

    def _put_body(self, request, content):
        request.headers['Content-Type'] = 'application/json'
        request.body = json.dumps(content).encode()

    # ---- what is wrong

    def _spoil(self, request, template, schema):
        random = self.random
        ways = [self._odd_path, self._odd_query, self._odd_value, self._odd_header, self._odd_version]
        if schema is not None:
            ways += [self._odd_content] * 6 + [self._odd_body]
        ways += [self._odd_method] if random.random() < 0.3 else []
        for way in random.choices(ways, k=random.choice((1, 1, 1, 2))):
            way(request, template)

    def _odd_path(self, request, template):
        random = self.random
        parts = request.path.split('/')
        place = random.randrange(2, len(parts))
        choice = random.random()
        if choice < 0.45:
            parts[place] = random.choice(ODD_SEGMENTS).decode('latin-1')
        elif choice < 0.6:
            parts[place] = random.choice(self.world.ids[random.choice(sorted(self.world.ids))])
        elif choice < 0.7:
            parts[place] = str(uuid.UUID(int=random.getrandbits(128)))
        elif choice < 0.85:
            own = PROJECTS.get(request.who, 'nobody')
            parts.insert(2, random.choice((own, own, own, PROJECTS['member'], 'admin', 'a' * 32, '..', '%00')))
        elif choice < 0.93:
            parts.append(random.choice(ODD_SEGMENTS).decode('latin-1'))
        else:
            parts = [*parts, *['a'] * random.choice((1, 50, 5000))]
        request.path = '/'.join(parts)

    def _odd_query(self, request, template):
        odd = self.random.choice(ODD_QUERIES)
        request.query = f'{request.query}&{odd}' if request.query and self.random.random() < 0.5 else odd
        if not request.query.isascii():
            request.query = request.query.encode().decode('latin-1')

    def _odd_value(self, request, template):
        """A declared parameter with a hostile value."""
        names = [name for name, _value in parse.parse_qsl(request.query)] or ['name', 'limit', 'share_id',
        'metadata']
        value = str(values.hostile(self.random))[:5000]
        request.query = parse.urlencode({self.random.choice(names): value}, errors='surrogatepass')

    def _odd_header(self, request, template):
        random = self.random
        choice = random.random()
        if choice < 0.1:
            request.who = None
            request.headers['Authorization'] = random.choice(ODD_AUTHORIZATIONS)
        elif choice < 0.3:
            request.headers['Content-Type'] = random.choice(ODD_TYPES)
        else:
            name, value = random.choice(ODD_HEADERS)
            request.headers[name] = value

    def _odd_version(self, request, template):
        if self.random.random() < 0.2:
            request.headers.pop(VERSION_HEADER, None)
        else:
            request.headers[VERSION_HEADER] = self.random.choice(ODD_VERSIONS)

    def _odd_method(self, request, template):
        request.method = self.random.choice(ODD_METHODS)

    def _odd_content(self, request, template):
        try:
            content = json.loads(request.body)
        except (ValueError, RecursionError):
            return
        self._put_body(request, values.spoil(self.random, content))

    def _odd_body(self, request, template):
        request.headers['Content-Type'] = 'application/json'
        request.body = self.random.choice(ODD_BODIES)
        if self.random.random() < 0.2:
            request.body = request.body[:self.random.randrange(len(request.body) + 1)]


def _body_schema(described):
    return described.get('requestBody', {}).get('content', {}).get('application/json', {}).get('schema')
