"""Projects of standalone mode, as the openstack command looks them up."""
import pytest
import webob

from manila.api import projects

ACCOUNTS = {'root': {'project_id': 'p0', 'project_name': 'ops', 'roles': ['admin', 'member']},
            'ann': {'project_id': 'p1', 'project_name': None, 'roles': ['member']},
            'bob': {'project_id': 'p2', 'project_name': 'lab', 'roles': ['member']}}


def ask(path, user='root'):
    """The answer to a question of a user."""
    return projects.answer(webob.Request.blank(path).environ, ACCOUNTS, ACCOUNTS[user])


def test_a_project_is_found_by_its_id():
    assert ask('/projects/p2').json['project'] == {
        'id': 'p2', 'name': 'lab', 'domain_id': 'default', 'enabled': True, 'is_domain': False}


def test_projects_are_found_by_name():
    assert [found['id'] for found in ask('/projects?name=lab').json['projects']] == ['p2']
    assert [found['id'] for found in ask('/projects?name=p1').json['projects']] == ['p1']
    assert ask('/projects?name=nowhere').json['projects'] == []


def test_administrators_see_all_projects_and_others_their_own():
    assert [found['id'] for found in ask('/projects').json['projects']] == ['p0', 'p1', 'p2']
    assert [found['id'] for found in ask('/projects', user='ann').json['projects']] == ['p1']
    assert ask('/projects/p2', user='ann').status_int == 404
    assert ask('/projects/p1', user='ann').status_int == 200


@pytest.mark.parametrize('method, path, asked', [
    ('GET', '/projects', True), ('GET', '/projects/p1', True), ('POST', '/projects', False),
    ('GET', '/projectsx', False), ('GET', '/shares', False)])
def test_only_questions_about_projects_are_taken(method, path, asked):
    assert projects.is_asked(webob.Request.blank(path, method=method).environ) is asked
