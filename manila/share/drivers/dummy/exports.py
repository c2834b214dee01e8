"""Export locations of the dummy driver."""


def paths(name, protocol, addresses):
    """Paths of a share or snapshot, one for each address."""
    if (protocol or '').upper() == 'CIFS':
        return [f'\\\\{_unc(address)}\\{name}' for address in addresses]
    return [f'[{address}]:/shares/{name}' if ':' in address else f'{address}:/shares/{name}'
            for address in addresses]


def locations(name, protocol, addresses, admin_address=None):
    """Export locations of a share: the first is preferred, the last one for administrators only."""
    found = [{'path': path, 'is_admin_only': False, 'metadata': {'preferred': number == 0}}
             for number, path in enumerate(paths(name, protocol, addresses))]
    if admin_address:
        path, = paths(name, protocol, [admin_address])
        found.append({'path': path, 'is_admin_only': True, 'metadata': {'preferred': False}})
    return found


def tail(path):
    """The part of a path that says which share it is, whatever the address."""
    return path.replace('\\', '/').rstrip('/').rpartition('/')[2]


def _unc(address):
    return address.replace(':', '-') + '.ipv6-literal.net' if ':' in address else address
