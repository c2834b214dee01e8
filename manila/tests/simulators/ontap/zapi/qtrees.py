"""Qtrees."""

from manila.tests.simulators.ontap.model import qtrees
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.zapi.api import api, iterator
from manila.tests.simulators.ontap.zapi.volumes import permissions


def _find(call):
    """The qtree of a path '/vol/<volume>/<name>' or of the two names."""
    path = call.text('qtree') or ''
    volume, name = (path.split('/')[2:4] if path.startswith('/vol/') else (call.text('volume'), path))
    return get([q for q in call.svm.qtrees if q.volume.name == volume], 'qtree', name=name)


@iterator('qtree-list-iter', 'qtree-info')
def list_qtrees(call):
    records = []
    for svm in call.svms:
        for v in svm.volumes:
            records.append({'id': 0, 'qtree': '', 'volume': v.name, 'vserver': svm.name, 'status': 'normal',
                            'security-style': v.security_style, 'oplocks': 'enabled'})
        records += [{'id': q.id, 'qtree': q.name, 'volume': q.volume.name, 'vserver': svm.name, 'status': 'normal',
                     'security-style': q.security_style, 'oplocks': 'enabled',
                     'export-policy': q.export_policy.name if q.export_policy else None} for q in svm.qtrees]
    return records


@api('qtree-create', need='volume qtree', may='security-style export-policy oplocks mode')
def create(call):
    values = {'security_style': call.text('security-style'), 'export_policy': call.text('export-policy'),
              'unix_permissions': permissions(call.text('mode'))}
    qtrees.create(call.svm, call.volume(), call.text('qtree'), **{k: v for k, v in values.items() if v})


@api('qtree-modify', need='volume qtree', may='security-style export-policy oplocks mode')
def modify(call):
    qtrees.modify(_find(call), security_style=call.text('security-style'), export_policy=call.text('export-policy'),
                  unix_permissions=permissions(call.text('mode')))


@api('qtree-rename', need='qtree new-qtree-name')
def rename(call):
    qtrees.modify(_find(call), name=call.text('new-qtree-name').rsplit('/', 1)[-1])


@api('qtree-delete', need='qtree', may='force')
def delete(call):
    qtrees.delete(_find(call))
