"""Export paths, the order of rules, and policies that others have made."""
import pytest

from manila.share.drivers.netapp.dataontap import cifs, nfs
from manila.share.drivers.netapp.dataontap.client import values
from manila.tests.share.drivers.netapp.dataontap.test_scenario import name_of, names, volumes


def test_addresses_of_ipv6_stand_in_brackets():
    assert nfs.Nfs(None).path('192.0.2.1', '/x') == '192.0.2.1:/x'
    assert nfs.Nfs(None).path('fd00::1', '/x') == '[fd00::1]:/x'
    assert cifs.Cifs().path('192.0.2.1', '/x') == '\\\\192.0.2.1\\x'


def test_a_machine_comes_before_its_network(make):
    given = ['10.10.10.0/24', '10.10.20.10', 'fd00::/8', '10.10.10.10', '10.0.0.0/8', '10.10.20.0/24', '10.0.0.0/24']
    rules = nfs.export_rules([make.rule(each) for each in given])
    assert [rule.client for rule in rules] == [
        'fd00::/8', '10.10.20.10', '10.10.20.0/24', '10.10.10.10', '10.10.10.0/24', '10.0.0.0/24', '10.0.0.0/8']


def test_kerberos_is_asked_of_clients_where_all_interfaces_have_it(rest_driver, svm, make, apply, monkeypatch):
    monkeypatch.setattr(type(rest_driver.place_of().client.network), 'kerberos_is_on', lambda self: True)
    share = make.share()
    rest_driver.create_share(None, share)
    apply(rest_driver, share, make.rule('10.0.0.1'), make.rule('10.0.0.2', 'ro'))
    flavours = ['krb5', 'krb5i', 'krb5p']
    assert [(rule.ro, rule.rw) for rule in volumes(svm)[name_of(share)].export_policy.rules] == [
        (flavours, ['never']), (flavours, flavours)]


@pytest.mark.parametrize('shared', [False, True])
def test_the_policy_of_somebody_else_is_taken_over_with_its_rules(driver, svm, make, shared):
    share, other = make.share(), make.share()
    client = driver.place_of().client
    driver.create_share(None, share)
    driver.create_share(None, other)
    client.exports.create('theirs', [values.ExportRule('10.0.0.0/8')])
    for each in (share, other) if shared else (share,):
        client.volumes.modify(client.volumes.find(name_of(each)), values.VolumeChange(export_policy='theirs'))
    driver.ensure_share(None, share)
    policy = volumes(svm)[name_of(share)].export_policy
    assert policy.name == 'policy_' + share['id'].replace('-', '_')
    assert [rule.clients for rule in policy.rules] == [['10.0.0.0/8']]
    assert ('theirs' in names(svm.export_policies)) == shared


def test_a_policy_that_counts_as_used_for_a_while_is_put_aside(driver, svm, sim, make, apply):
    sim.control.settings(export_busy_seconds=30)
    share = make.share()
    driver.create_share(None, share)
    apply(driver, share, make.rule('10.0.0.1'))
    apply(driver, share, make.rule('10.0.0.2'))
    policy = 'policy_' + share['id'].replace('-', '_')
    assert f'deleted_manila_{policy}' in names(svm.export_policies)
    sim.control.advance(60)
    driver.clean_up()
    assert names(svm.export_policies) == ['default', policy]
    sim.control.settings(export_busy_seconds=0)


def test_a_cifs_share_of_somebody_else_is_not_taken_over(driver, svm, make):
    first, second = make.share(proto='CIFS'), make.share(proto='CIFS')
    driver.create_share(None, first)
    driver.place_of().client.cifs.create(name_of(second), f'/{name_of(first)}')
    with pytest.raises(Exception, match='already'):
        driver.create_share(None, second)


def test_everybody_is_shut_out_again_after_an_interrupted_creation(driver, svm, make):
    share = make.share(proto='CIFS')
    driver.create_share(None, share)
    driver.place_of().client.cifs.allow(name_of(share), 'Everyone', 'full_control')
    driver.create_share(None, share)
    assert next(each for each in svm.cifs_shares if each.name == name_of(share)).acls == []
