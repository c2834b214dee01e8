"""The rules of affinity: both shares of a wish to lie on one host, or on different ones, remember it as metadata."""
from manila import exception
from manila.common import constants
from manila.i18n import _
from manila.resources.affinity import store

_LONGEST = 1023     # characters of a value of metadata
KEYS = constants.AFFINITY_HINTS


def metadata_of(hints):
    """The metadata by which a new share remembers scheduler hints.

    :raises manila.exception.InvalidInput: when a hint names too many shares
    """
    found = {KEYS[hint]: ','.join(_ids(hints[hint])) for hint in KEYS if hints.get(hint)}
    if any(len(value) > _LONGEST for value in found.values()):
        raise exception.InvalidInput(reason=_('A scheduler hint may have %s characters.') % _LONGEST)
    return found


def remember(context, connection, share_id, pairs):
    """In the open transaction, note in the shares that a new one names that it is their neighbour, or must not be.

    :param pairs: metadata of the new share
    :raises manila.exception.ShareNotFound: when it names one that the context does not see
    """
    for key in KEYS.values():
        if pairs.get(key):
            wanted = _ids(pairs[key])
            peers = store.lock(context, connection, wanted)
            missing = [each for each in wanted if each not in peers]
            if missing:
                raise exception.ShareNotFound(share_id=missing[0])
            _change(connection, key, peers, share_id, present=True)


def forget(context, connection, share):
    """In the open transaction, remove a share that goes from the metadata of its neighbours."""
    for key in KEYS.values():
        if share['metadata'].get(key):
            peers = store.lock(context, connection, _ids(share['metadata'][key]))
            _change(connection, key, peers, share['id'], present=False)


def _ids(text):
    return [each.strip() for each in text.split(',') if each.strip()]


def _change(connection, key, peers, share_id, present):
    values = store.values(connection, peers, key)
    for peer in peers:
        before = _ids(values.get(peer, ''))
        after = [each for each in before if each != share_id] + ([share_id] if present else [])
        # A share that very many name cannot remember them all: they remember it.
        if after != before and len(','.join(after)) <= _LONGEST:
            store.set_value(connection, peer, key, ','.join(after))
