"""Export policies, CIFS shares and logical interfaces over each transport."""
import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.simulators.ontap.model import names as services

RULES = (
    values.ExportRule('10.0.0.2'), values.ExportRule('10.0.0.1', read_write=('never',)),
    values.ExportRule('fd00::/64', ('krb5', 'krb5i'), ('krb5',), ('krb5',)),
    values.ExportRule('10.1.0.0/16', ('none',), ('none',), ('none',), '65534'))


def policies(svm):
    """Names of the SVM's export policies, the default one apart."""
    return sorted(policy.name for policy in svm.export_policies if policy.name != 'default')


def test_a_policy_is_made_with_its_rules(client, svm):
    made = client.exports.create('policy', RULES)
    assert made.name == 'policy'
    policy = next(policy for policy in svm.export_policies if policy.name == 'policy')
    assert [(rule.index, rule.clients) for rule in policy.rules] == [
        (1, ['10.0.0.2']), (2, ['10.0.0.1']), (3, ['fd00::/64']), (4, ['10.1.0.0/16'])]
    assert [(rule.ro, rule.rw, rule.superuser, rule.anonymous) for rule in policy.rules[1:]] == [
        (['sys'], ['never'], ['sys'], '65534'), (['krb5', 'krb5i'], ['krb5'], ['krb5'], '65534'),
        (['none'], ['none'], ['none'], '65534')]
    found = client.exports.rules(made)
    assert [(each.client, each.read_only, each.read_write, each.superuser) for each in found] == [
        (each.client, each.read_only, each.read_write, each.superuser) for each in RULES]
    assert client.exports.rules(client.exports.create('empty')) == []
    with pytest.raises(errors.Duplicate):
        client.exports.create('policy')


def test_a_policy_with_a_bad_rule_is_not_left(client, svm):
    with pytest.raises(errors.OntapError):
        client.exports.create('policy', [RULES[0], values.ExportRule('10.0.0.300')])
    assert policies(svm) == []


def test_policies_are_found_by_names_and_by_pattern(client):
    for name in ('policy_a', 'policy_b', 'other'):
        client.exports.create(name)
    assert sorted(client.exports.find(['policy_a', 'other', 'missing'])) == ['other', 'policy_a']
    assert client.exports.find(['policy*']) == client.exports.find([]) == {}
    assert sorted(policy.name for policy in client.exports.list('policy_*')) == ['policy_a', 'policy_b']


def test_a_policy_is_renamed_under_its_volumes(client, svm, spec, on_array):
    policy = client.exports.create('policy', RULES[:1])
    client.volumes.create(spec(export_policy='policy'))
    client.exports.rename(policy, 'renamed')
    assert policies(svm) == ['renamed'] and on_array().export_policy.name == 'renamed'
    client.exports.create('policy')
    with pytest.raises(errors.Duplicate):
        client.exports.rename(client.exports.find(['policy'])['policy'], 'renamed')


def test_a_policy_is_deleted_when_nobody_uses_it(sim, client, svm, spec):
    policy = client.exports.create('policy', RULES)
    volume = client.volumes.create(spec(export_policy='policy'))
    with pytest.raises(errors.InUse):
        client.exports.delete(policy)
    sim.control.settings(export_busy_seconds=30)
    client.volumes.modify(volume, values.VolumeChange(export_policy='default'))
    with pytest.raises(errors.InUse):
        client.exports.delete(policy)
    sim.control.settings(export_busy_seconds=0)
    sim.control.advance(60)
    for _again in range(2):
        client.exports.delete(policy)
        assert policies(svm) == []


# --- CIFS

def shares(svm):
    """Name -> share of the SVM's CIFS shares, the array's own apart."""
    return {share.name: share for share in svm.cifs_shares if not share.admin}


def test_a_share_is_made_for_nobody(client, svm, spec):
    client.volumes.create(spec(junction='/vol'))
    client.cifs.create('share', '/vol')
    assert (shares(svm)['share'].path, shares(svm)['share'].acls) == ('/vol', [])
    assert client.cifs.find('share') == values.CifsShare('share', '/vol', {})
    for name in ('shar*', 'other', 'share|other'):
        assert client.cifs.find(name) is None
    with pytest.raises(errors.Duplicate):
        client.cifs.create('share', '/vol')
    with pytest.raises(errors.OntapError):
        client.cifs.create('lost', '/nowhere')
    for _again in range(2):
        client.cifs.delete('share')
        assert shares(svm) == {}


def test_users_are_let_in_and_kept_out(client, svm, spec):
    client.volumes.create(spec(junction='/vol'))
    client.cifs.create('share', '/vol')
    for user, permission in (('joe', 'read'), ('EXAMPLE\\Domain Users', 'full_control'), ('joe', 'full_control'),
                             ('joe', 'full_control'), ('ann', 'read')):
        client.cifs.allow('share', user, permission)
    for _again in range(2):
        client.cifs.deny('share', 'ann')
    wanted = {'joe': 'full_control', 'EXAMPLE\\Domain Users': 'full_control'}
    assert {acl.user: acl.permission for acl in shares(svm)['share'].acls} == wanted
    assert client.cifs.find('share').access == wanted
    with pytest.raises(errors.NotFound):
        client.cifs.allow('lost', 'joe', 'read')
    with pytest.raises(errors.OntapError):
        client.cifs.allow('share', 'eve', 'everything')


# --- interfaces

def test_interfaces_with_data_are_told(client, svm):
    found = {lif.name: lif for lif in client.network.lifs()}
    assert sorted(found) == ['lif1', 'lif2']
    lif = found['lif1']
    assert (lif.address, lif.home_node, lif.home_port, lif.enabled) == ('192.0.2.11', 'cluster1-01', 'e0c', True)
    assert lif.protocols == {values.NFS, values.CIFS}
    assert lif.uuid == next(each.uuid for each in svm.lifs if each.name == 'lif1')
    next(each for each in svm.lifs if each.name == 'lif2').enabled = False
    assert [each.name for each in client.network.lifs()] == ['lif1']


def test_kerberos_counts_when_it_is_on_everywhere(client, svm):
    assert not client.network.kerberos_is_on()
    services.create_realm(svm, 'EXAMPLE.TEST', '192.0.2.88')
    first, second = svm.lifs
    services.set_kerberos(first, True, 'nfs/host@EXAMPLE.TEST')
    assert not client.network.kerberos_is_on()
    services.set_kerberos(second, True, 'nfs/host@EXAMPLE.TEST')
    assert client.network.kerberos_is_on()
