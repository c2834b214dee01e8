"""What NFS-Ganesha reads: its main configuration, that of its message bus, and one block for each export."""
import glob
import ipaddress
import itertools
import os
import re

_CLIENTS_PER_BLOCK = 100
_LONGEST_PREFIX = 99
_MOST_SINGLES = 256
_SEVERE = re.compile(':(?:CRIT|MAJ|FATAL) :')

_MAIN = '''# Written by the export host; changes are lost at the next start.
NFS_CORE_PARAM {{
    Protocols = {protocols};
    NFS_Port = {nfs_port};
    MNT_Port = {mount_port};
    Rquota_Port = 0;
    Bind_addr = {bind_address};
    Enable_NLM = false;
    Enable_RQUOTA = false;
    Enable_UDP = false;
    mount_path_pseudo = true;
    heartbeat_freq = 0;
    Plugins_Dir = "{plugins}";
}}
NFSV4 {{
    Graceless = true;
    Minor_Versions = 0, 1, 2;
    RecoveryBackend = fs;
    RecoveryRoot = "{recovery}";
    Only_Numeric_Owners = true;
    UseGetpwnam = true;
}}
LOG {{ Components {{ FSAL = CRIT; }} }}    # it warns of every btrfs directory
NFS_KRB5 {{ Active_krb5 = false; }}
EXPORT_DEFAULTS {{
    Access_Type = None;
    Squash = {squash};
    Protocols = {protocols};
    SecType = sys;
    Transports = TCP;
    Attr_Expiration_Time = 0;
}}
'''
_BUS = '''<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy user="root">
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
'''


def plugin_directory():
    """Where Ganesha's file system modules are, or None when they are not installed."""
    patterns = ('/usr/lib/*/ganesha', '/usr/lib64/ganesha', '/usr/lib/ganesha', '/usr/local/lib*/ganesha')
    for directory in itertools.chain.from_iterable(sorted(glob.glob(pattern)) for pattern in patterns):
        if os.path.exists(os.path.join(directory, 'libfsalvfs.so')):
            return directory
    return None


def complaints(log, number=3):
    """The last different texts among the severe lines of Ganesha's log."""
    try:
        with open(log, errors='replace') as file:
            severe = [_SEVERE.split(line, maxsplit=1)[-1].strip() for line in file if _SEVERE.search(line)]
    except OSError:
        return []
    return list(dict.fromkeys(severe))[-number:]


def render_main(settings, versions, recovery, files):
    """The main configuration: ports, protocol versions and one include for each export file."""
    head = _MAIN.format(protocols=', '.join(str(version) for version in versions), recovery=recovery,
                        **{key: settings[key] for key in
                           ('nfs_port', 'mount_port', 'bind_address', 'plugins', 'squash')})
    return head + ''.join(f'%include "{file}"\n' for file in files)


def render_bus(socket):
    """The configuration of the private message bus."""
    return _BUS.format(socket=socket)


def render_export(export, directory):
    """The block of one export; whoever stands in no client block has no access."""
    clients = ''.join(f'    CLIENT {{ Clients = {", ".join(networks)}; Access_Type = {level.upper()}; }}\n'
                      for networks, level in client_blocks(export.clients))
    return (f'EXPORT {{\n    Export_Id = {export.number};\n    Path = "{directory}";\n'
            f'    Pseudo = "{export.path}";\n    Access_Type = NONE;\n    FSAL {{ Name = VFS; }}\n'
            f'{clients}}}\n')


def client_blocks(clients):
    """Client networks in the order Ganesha needs: its first match wins, so the longest prefix leads."""
    def order(client):
        network = ipaddress.ip_network(client[0])
        return network.max_prefixlen - network.prefixlen, client[1]

    blocks = []
    for (_, level), group in itertools.groupby(sorted(clients, key=order), key=order):
        networks = [term for network, _ in group for term in client_terms(network)]
        blocks += [(networks[start:start + _CLIENTS_PER_BLOCK], level)
                   for start in range(0, len(networks), _CLIENTS_PER_BLOCK)]
    return blocks


def client_terms(text):
    """A network in the words that Ganesha understands; what it does not, it may pass over without a word.

    It knows no prefix of length 0 and none longer than 99, and takes the address 0.0.0.0 for everybody.

    :raises ValueError: for a network that cannot be put into its words
    """
    network = ipaddress.ip_network(text)
    if network.num_addresses == 1:
        if network.network_address.is_unspecified:
            raise ValueError(f'{network} is no address of a client')
        return [str(network.network_address)]
    if network.prefixlen == 0:
        return [str(half) for half in network.subnets()]
    if network.prefixlen > _LONGEST_PREFIX:
        if network.num_addresses > _MOST_SINGLES:
            raise ValueError(f'{network}: NFS-Ganesha knows no prefixes of length 100 to 119')
        return [str(address) for address in network if not address.is_unspecified]
    return [str(network)]
