"""The XML of ZAPI: requests out of plain Python values, answers as elements without namespaces.

Form of requests and answers: the vendor's ONTAPI reference.
"""
import re

from lxml import etree

from manila.share.drivers.netapp.dataontap.client import errors, values

_NAMESPACE = 'http://www.netapp.com/filer/admin'
_SECRET = re.compile(r'password|passphrase|secret')
# What has a meaning in queries: alternatives, comparisons, ranges, quotes.
_SPECIAL = re.compile(r'[|<>!"{}]|\.\.')


def request(name, arguments, version, svm=None):
    """The bytes of a call.

    :param arguments: dict; a value that is a dict becomes children, a list repeats its element, None is left out
    :param svm: name of the SVM to tunnel to
    :raises manila.share.drivers.netapp.dataontap.client.errors.Invalid: when a text cannot be written in XML
    """
    root = etree.Element(f'{{{_NAMESPACE}}}netapp', nsmap={None: _NAMESPACE}, version=version)
    if svm:
        root.set('vfiler', svm)
    try:
        _append(root, name, arguments or {})
    except ValueError as error:
        raise errors.Invalid(text=f'{name}: {error}', code='xml') from error
    return etree.tostring(root, xml_declaration=True, encoding='UTF-8')


def _append(parent, name, value):
    if value is None:
        return
    if isinstance(value, (list, tuple)):
        for each in value:
            _append(parent, name, each)
        return
    element = etree.SubElement(parent, f'{{{_NAMESPACE}}}{name}')
    if isinstance(value, dict):
        for inner, content in value.items():
            _append(element, inner, content)
    else:
        element.text = _text_of(value)


def _text_of(value):
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return str(value)


def results(data):
    """The element ``results`` of an answer, names freed from the namespace.

    Neither entities nor anything outside the answer is looked at.

    :raises ValueError: when it is no answer
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                             huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _each in declared.iterentities()):
        raise ValueError('it declares entities')
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    found = root.find('results') if root.tag == 'netapp' else None
    if found is None:
        raise ValueError('it has no results')
    return found


def shown(arguments):
    """Arguments for the log, secrets taken out."""
    if isinstance(arguments, dict):
        return {name: '***' if _SECRET.search(name) else shown(value) for name, value in arguments.items()}
    return arguments


# --- building

def nested(pairs):
    """Structures out of paths and values: ``{'a/b': 1}`` is ``{'a': {'b': 1}}``; what is None is left out."""
    return values.nested(pairs, '/')


def named(*paths):
    """Structures with empty leaves at the paths, by which attributes are asked for."""
    return nested(dict.fromkeys(paths, ''))


def like(text):
    """A query that finds at least what is called so: where it has operators, a wildcard stands instead.

    Whoever asks compares the names that come back.
    """
    return _SPECIAL.sub('*', str(text))


def like_any(texts):
    """A query that finds at least what has one of the names."""
    return '|'.join(like(text) for text in texts)


# --- reading

def text(element, path, default=None):
    """The text at a path below an element; ``default`` when there is none."""
    found = element.findtext(path)
    return found.strip() if found and found.strip() else default


def number(element, path, default=None):
    """A whole number at a path."""
    found = text(element, path)
    try:
        return default if found is None else int(found)
    except ValueError:
        return default


def yes(element, path, default=None):
    """A truth at a path."""
    found = text(element, path)
    return default if found is None else found.lower() == 'true'


def texts(element, path):
    """The texts of all elements at a path."""
    return [each.text.strip() for each in element.findall(path) if each.text and each.text.strip()]
