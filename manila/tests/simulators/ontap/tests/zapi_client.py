"""A small client of the older transport for tests: nested dicts in, results out."""

import requests
from lxml import etree

NAMESPACE = 'http://www.netapp.com/filer/admin'


class Failed(Exception):
    """A failed result."""

    def __init__(self, errno, reason):
        super().__init__('%s: %s' % (errno, reason))
        self.errno = int(errno)
        self.reason = reason


class Zapi:
    """Calls are methods of HTTP POST with one XML element; a list value repeats its element."""

    def __init__(self, simulator, user='admin', password='netapp123', cluster=None, svm=None, vfiler=None):
        self.url = 'https://%s:%d/servlets/netapp.servlets.admin.XMLrequest_filer' % simulator.address(cluster, svm)
        self.vfiler = vfiler
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = simulator.ca_path
        self.session.auth = (user, password)

    def raw(self, data):
        return self.session.post(self.url, data=data, headers={'Content-Type': 'text/xml'}, timeout=30)

    def __call__(self, name, arguments=None, vfiler=None):
        """The results element, without namespaces. :raises Failed: for a failed result."""
        root = etree.Element('netapp', nsmap={None: NAMESPACE}, version='1.15')
        vfiler = vfiler or self.vfiler
        if vfiler:
            root.set('vfiler', vfiler)
        _append(root, name, arguments or {})
        reply = self.raw(etree.tostring(root))
        assert reply.status_code == 200, (reply.status_code, reply.text)
        results = etree.fromstring(reply.content)[0]
        for element in results.iter():
            element.tag = etree.QName(element).localname
        if results.get('status') != 'passed':
            raise Failed(results.get('errno'), results.get('reason'))
        return results

    def errno(self, name, arguments=None, vfiler=None):
        """The number with which a call must fail."""
        try:
            self(name, arguments, vfiler)
        except Failed as failed:
            return failed.errno
        raise AssertionError('%s did not fail' % name)

    def records(self, name, record, query=None, desired=None, **more):
        """Records of an iterator, one page after the other, as dicts of their leaves by name."""
        arguments = dict(more)
        if query:
            arguments['query'] = {record: query}
        if desired:
            arguments['desired-attributes'] = {record: desired}
        found = []
        while True:
            results = self(name, arguments)
            found += results.findall('attributes-list/%s' % record)
            tag = results.findtext('next-tag')
            if not tag:
                return found
            arguments['tag'] = tag


def _append(parent, name, value):
    if isinstance(value, list):
        for inner in value:
            _append(parent, name, inner)
        return
    element = etree.SubElement(parent, name)
    if isinstance(value, dict):
        for key, inner in value.items():
            _append(element, key, inner)
    else:
        element.text = ('true' if value else 'false') if isinstance(value, bool) else str(value)
