"""What the quick start proves: a share made over REST is written and read over NFS, and only by who may."""
import datetime

from lib import system

SHARE = 'quickstart'
FILE = '/hello.txt'
CAPABILITIES = ('snapshot_support', 'create_share_from_snapshot_support', 'revert_to_snapshot_support',
                'mount_snapshot_support')


def share_type(api):
    """Make the type that shares get which name none, if it is not there."""
    names = {kind['name'] for kind in api.call('GET', 'types')['share_types']}
    if 'default' not in names:
        specs = {'driver_handles_share_servers': 'False', **dict.fromkeys(CAPABILITIES, 'True')}
        api.call('POST', 'types', {'share_type': {'name': 'default', 'extra_specs': specs,
                                                  'share_type_access:is_public': True}})


def share(api):
    """The share of that name, made if it is not there, once it is available."""
    found = api.call('GET', f'shares?name={SHARE}')['shares']
    if not found:
        body = {'share': {'name': SHARE, 'share_proto': 'NFS', 'size': 1, 'share_type': 'default',
                          'description': 'made by tools/quickstart'}}
        found = [api.call('POST', 'shares', body)['share']]
    return api.until(f'shares/{found[0]["id"]}', 'share', 'available', 60)


def exports(api, share_id):
    """Export paths, preferred ones first."""
    found = api.call('GET', f'shares/{share_id}/export_locations')['export_locations']
    if not found:
        raise system.Problem(f'share {share_id} has no export location')
    return [place['path'] for place in sorted(found, key=lambda place: not place.get('preferred'))]


def allow(api, share_id, address):
    """Open the share to one address for reading and writing, if it is not open yet."""
    rules = api.call('GET', f'share-access-rules?share_id={share_id}')['access_list']
    found = [rule for rule in rules if rule['access_to'] == address]
    if not found:
        body = {'allow_access': {'access_type': 'ip', 'access_to': address, 'access_level': 'rw'}}
        found = [api.call('POST', f'shares/{share_id}/action', body)['access']]
    api.until(f'share-access-rules/{found[0]["id"]}', 'access', 'active', 60, field='state')


def nfs_share(api, python):
    """Create, open, write, read, and be refused; returns the lines that tell it.

    :param python: interpreter for the NFS client, which runs as a process of its own
    """
    made = share(api)
    path = exports(api, made['id'])[0]
    address, _, export = path.rpartition(':/')
    address = address.strip('[]')
    allow(api, made['id'], address)
    text = f'written over NFS at {datetime.datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}'
    url = nfs_url(address, export)
    probe(python, 'write', url, FILE, text)
    if probe(python, 'read', url, FILE).stdout != text:
        raise system.Problem(f'{path}{FILE} reads otherwise than it was written')
    return [f'share {made["id"]} ({made["size"]} GiB, {made["share_proto"]}) on {made["host"]}',
            f'exported at {path}',
            f'opened to {address}: wrote and read back {FILE}: "{text}"',
            refusal(python, address, export)]


def refusal(python, allowed, export):
    """Line that tells how another address is refused."""
    other = '::1' if ':' in allowed else '127.0.0.1'
    if other == allowed:
        return 'it can be reached from this machine only'
    refused = probe(python, 'read', nfs_url(other, export), FILE, check=False)
    if not refused.returncode:
        raise system.Problem(f'{other} could read the share although only {allowed} may')
    return f'closed to {other}: {refused.stdout.strip().splitlines()[-1]}'


def dummy_share(api):
    """Create a share that stores nothing; returns the lines that tell it."""
    made = share(api)
    return [f'share {made["id"]} ({made["size"]} GiB) is {made["status"]} on {made["host"]}',
            f'it would be exported at {exports(api, made["id"])[0]}; the dummy driver stores nothing']


def nfs_url(address, export):
    """URL for tools/nfs_probe.py."""
    host = f'[{address}]' if ':' in address else address
    return f'nfs://{host}/{export}?version=4'


def probe(python, *args, check=True):
    """Run the NFS client in user space; nothing is mounted on this machine."""
    return system.run([python, system.ROOT / 'tools' / 'nfs_probe.py', *args], check=check)
