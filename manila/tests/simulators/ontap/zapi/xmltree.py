"""Reading and writing the XML of the older transport."""

from lxml import etree

NAMESPACE = 'http://www.netapp.com/filer/admin'
DOCTYPE = "<!DOCTYPE netapp SYSTEM 'file:/etc/netapp_gx.dtd'>"


class Items:
    """A list as this XML writes it: children of one name."""

    def __init__(self, name, values):
        self.name = name
        self.values = list(values)


def parse(data):
    """The root element of a request. Entities, DTDs and the network stay untouched.

    :raises etree.XMLSyntaxError: for anything that is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                             huge_tree=False, remove_comments=True, remove_pis=True)
    return etree.fromstring(data, parser)


def local(element):
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def child(element, name):
    """The first child of that name, or None."""
    if element is None:
        return None
    return next((c for c in element if local(c) == name), None)


def text_of(value):
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return str(value)


def append(parent, name, value):
    """Add a value as a child: texts, numbers and booleans as text, dicts and lists as children of theirs."""
    if value is None:
        return
    element = etree.SubElement(parent, '{%s}%s' % (NAMESPACE, name))
    if isinstance(value, dict):
        for key, inner in value.items():
            append(element, key, inner)
    elif isinstance(value, Items):
        for inner in value.values:
            append(element, value.name, inner)
    else:
        element.text = text_of(value)


def document(version, content=None, errno=None, reason=None):
    """The bytes of an answer with its results or its failure."""
    root = etree.Element('{%s}netapp' % NAMESPACE, nsmap={None: NAMESPACE}, version=version)
    results = etree.SubElement(root, '{%s}results' % NAMESPACE)
    if errno is not None:
        results.set('status', 'failed')
        results.set('errno', str(errno))
        results.set('reason', reason or '')
    else:
        results.set('status', 'passed')
        for key, value in (content or {}).items():
            append(results, key, value)
    return etree.tostring(root, xml_declaration=True, encoding='UTF-8', doctype=DOCTYPE)


def leaves(element, path=()):
    """(path, text) of every leaf below an element."""
    for inner in element:
        here = path + (local(inner),)
        if len(inner):
            yield from leaves(inner, here)
        else:
            yield here, (inner.text or '').strip()


def flatten(record, path=(), into=None):
    """Path -> list of values of a record of dicts and `Items`."""
    into = {} if into is None else into
    for key, value in record.items():
        _flatten_value(value, path + (key,), into)
    return into


def _flatten_value(value, path, into):
    if isinstance(value, dict):
        flatten(value, path, into)
    elif isinstance(value, Items):
        for inner in value.values:
            _flatten_value(inner, path + (value.name,), into)
    elif value is not None:
        into.setdefault(path, []).append(value)
