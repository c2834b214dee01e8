"""Rules: their defaults, the files of an operator, scopes, and memory within a request."""
import pytest
from oslo_policy import policy as oslo_policy

from manila import exception, policy
from manila.context import RequestContext

READ = policy.rule('thing:get', '(rule:context_is_admin) or (rule:project-reader)', 'Show.', 'GET /things',
                   deprecated='rule:default')
CREATE = policy.rule('thing:create', '(rule:context_is_admin) or (rule:project-member)', 'Make.',
                     'POST /things',
                     deprecated='')
ADMIN = policy.rule('thing:admin', 'rule:context_is_admin', 'Rule.', 'POST /rule',
                    deprecated='rule:admin_api')
COLOUR = policy.rule('thing:paint', 'colour:%(colour)s or user_id:%(user_id)s', 'Paint.', 'POST /paint')
ANYWHERE = policy.rule('thing:anywhere', '@', 'Whatever.', 'GET /anywhere', scope=None)
RULES = [READ, CREATE, ADMIN, COLOUR, ANYWHERE]


@pytest.fixture(autouse=True)
def rules(conf, tmp_path):
    conf.config(group='oslo_policy', enforce_new_defaults=True, policy_file=str(tmp_path / 'policy.yaml'))
    policy.init(RULES)
    yield
    policy.reset()


@pytest.fixture
def override(monkeypatch, tmp_path):
    """Function that writes the policy file; it counts at once."""
    monkeypatch.setattr(policy, 'RELOAD_INTERVAL', -1)

    def write(text, name='policy.yaml'):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return write


def caller(*roles, **values):
    return RequestContext(**{'user_id': 'u', 'project_id': 'p', 'roles': list(roles), **values})


ROW = {'project_id': 'p', 'user_id': 'u'}
FOREIGN = {'project_id': 'q', 'user_id': 'v'}


@pytest.mark.parametrize('roles, rule, target, passes', [
    (['admin'], READ, FOREIGN, True), (['admin'], CREATE, FOREIGN, True), (['admin'], ADMIN, None, True),
    (['member'], CREATE, ROW, True), (['member'], CREATE, FOREIGN, False), (['member'], READ, ROW, False),
    (['member', 'reader'], READ, ROW, True), (['reader'], CREATE, ROW, False),
    (['member'], ADMIN, None, False),
    ([], READ, None, False), (['ADMIN'], ADMIN, None, True), (['reader'], READ, {}, False)])
def test_new_defaults(roles, rule, target, passes):
    assert policy.check(caller(*roles), rule, target) is passes


def test_older_defaults_also_pass_unless_new_ones_are_enforced(conf):
    assert not policy.check(caller(), READ, ROW)
    conf.config(group='oslo_policy', enforce_new_defaults=False)
    policy.init(RULES)
    assert policy.check(caller(), READ, ROW)
    assert policy.check(caller(), CREATE, FOREIGN)
    assert not policy.check(caller(), READ, FOREIGN)
    assert not policy.check(caller(), ADMIN)


def test_refusal_is_an_exception_that_names_the_rule():
    with pytest.raises(exception.PolicyNotAuthorized, match='thing:admin'):
        policy.authorize(caller('member'), ADMIN)
    policy.authorize(caller('admin'), ADMIN)


def test_rule_that_nobody_declared_is_an_error_of_ours():
    assert not policy.is_registered('thing:nothing')
    with pytest.raises(oslo_policy.PolicyNotRegistered):
        policy.check(caller('admin'), 'thing:nothing')


def test_declaring_a_rule_twice_is_refused():
    with pytest.raises(oslo_policy.DuplicatePolicyError):
        policy.init([READ, READ])


@pytest.mark.parametrize('scope', [{'system_scope': 'all'}, {'domain_id': 'd', 'project_id': None}])
def test_tokens_of_another_scope_are_refused(scope):
    assert not policy.check(caller('admin', **scope), READ)
    assert policy.check(caller('admin', **scope), ANYWHERE)


def test_roles_make_an_administrator():
    assert caller('admin').is_admin
    assert not caller('member').is_admin


def test_answers_for_different_rows_do_not_mix():
    context = caller('member', 'reader')
    assert [policy.check(context, READ, row) for row in (ROW, FOREIGN, ROW, FOREIGN)] == [True, False, True,
                                                                                          False]


def test_answer_is_remembered_within_a_request(monkeypatch):
    context = caller('reader')
    assert policy.check(context, READ, ROW)
    monkeypatch.setattr(policy, '_in_scope', None)      # would fail if it were asked again
    assert policy.check(context, READ, dict(ROW, other='x'))


def test_memory_does_not_outlive_a_change_of_rights():
    context = caller('member')
    assert not policy.check(context, ADMIN)
    assert policy.check(context.elevated(), ADMIN)
    context.roles = ['admin']
    assert policy.check(context, ADMIN)


def test_rows_may_be_judged_by_any_of_their_keys():
    context = caller('member', user_id='painter')
    assert policy.check(context, COLOUR, {'user_id': 'painter', 'colour': 'red'})
    assert not policy.check(context, COLOUR, {'user_id': 'v', 'colour': 'red'})


def test_policy_file_counts_and_is_read_anew_when_it_changes(override):
    context = caller('member')
    assert not policy.check(context, ADMIN)
    override('"thing:admin": "role:member"')
    assert policy.check(context, ADMIN)
    override('"thing:admin": "!"')
    assert not policy.check(context, ADMIN)
    assert not policy.check(caller('admin'), ADMIN)


def test_policy_directory_counts_too(override, conf, tmp_path):
    conf.config(group='oslo_policy', policy_dirs=[str(tmp_path / 'policy.d')])
    override('"thing:admin": "role:member"', 'policy.d/mine.yaml')
    assert policy.check(caller('member'), ADMIN)


def test_broken_policy_file_leaves_the_old_rules_in_force(override, caplog):
    override('"thing:admin": "role:member"')
    assert policy.check(caller('member'), ADMIN)
    override('{"thing:admin": ')
    assert policy.check(caller('member'), ADMIN)
    assert 'errors' in caplog.text


def test_broken_policy_file_is_refused_at_start(override):
    override('{"thing:admin": ')
    with pytest.raises(ValueError):
        policy.init(RULES)


def test_rules_that_lead_to_themselves_or_nowhere_refuse(override):
    override('"a": "rule:b"\n"b": "rule:a"\n"thing:admin": "rule:a"\n"thing:paint": "not rule:thing:get"')
    assert not policy.check(caller('admin'), ADMIN)
    assert policy.check(caller(), COLOUR)


def test_sample_lists_every_rule_with_its_operations():
    listed = {default.name: default for default in policy.list_rules()}
    assert {'context_is_admin', 'project-reader', 'admin_or_owner'} <= set(listed)
    assert all(default.operations for name, default in listed.items() if ':' in name)


@pytest.mark.parametrize('text', [
    'user_id:%(user_id)s', "'u':%(user_id)s", 'True:%(is_public)s', 'roles:%(wanted)s', 'None:%(nothing)s',
    'user_id:%(absent)s', 'absent.part:%(user_id)s', 'project.id:%(user_id)s', '5:%(number)s'])
def test_compiled_comparison_decides_as_the_check_itself(text):
    from oslo_policy import _parser
    check = _parser.parse_rule(text)
    target = {'user_id': 'u', 'is_public': True, 'wanted': 'member', 'nothing': None, 'number': 5}
    for creds in ({'user_id': 'u', 'roles': ['member', 'reader'], 'project': {'id': 'u'}},
                  {'user_id': 'v', 'roles': ['reader'], 'project': {'id': 'x'}}, {}):
        assert policy._generic(check)(target, creds) is check(target, creds, None)
