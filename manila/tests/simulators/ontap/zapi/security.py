"""Key managers and certificates."""

from manila.tests.simulators.ontap.model import errors, security
from manila.tests.simulators.ontap.zapi.api import api, iterator


@api('security-key-manager-volume-encryption-supported', need='node', scope='cluster', since=(1, 110))
def encryption_supported(call):
    return {'vol-encryption-supported': security.encryption_supported(call.cluster)}


@iterator('security-certificate-get-iter', 'certificate-info')
def certificates(call):
    return [{'vserver': c.svm.name if c.svm else call.cluster.name, 'common-name': c.common_name, 'type': c.type,
             'certificate-authority': c.ca, 'serial-number': c.serial} for c in call.cluster.certificates
            if call.svm in (None, c.svm)]


@api('security-certificate-create', need='common-name type', may='vserver expire-days', scope='any')
def create(call):
    security.create_certificate(call.cluster, call.data_svm(), call.text('common-name'), call.text('type'),
                                call.number('expire-days', 365))


def _find(call, serial_input):
    svm = call.data_svm()
    for certificate in call.cluster.certificates:
        if certificate.svm is svm and certificate.serial == call.text(serial_input):
            return certificate
    raise errors.missing('certificate', call.text(serial_input))


@api('security-certificate-delete', need='common-name serial-number type', may='certificate-authority vserver',
     scope='any')
def delete(call):
    call.cluster.certificates.remove(_find(call, 'serial-number'))


@api('security-ssl-modify', need='certificate-serial-number',
     may='certificate-authority common-name vserver client-authentication-enabled server-authentication-enabled',
     scope='any')
def modify_ssl(call):
    certificate = _find(call, 'certificate-serial-number')
    settings = call.data_svm().attributes.setdefault('ssl', {'client': False, 'server': True})
    settings.update(serial=certificate.serial, client=call.flag('client-authentication-enabled', settings['client']),
                    server=call.flag('server-authentication-enabled', settings['server']))


@iterator('security-ssl-get-iter', 'vserver-ssl-info', scope='any')
def ssl(call):
    records = []
    for svm in call.svms:
        found = [c for c in call.cluster.certificates if c.svm is svm]
        settings = svm.attributes.get('ssl', {})
        certificate = next((c for c in found if c.serial == settings.get('serial')), found[0] if found else None)
        if certificate is not None:
            records.append({'vserver': svm.name, 'common-name': certificate.common_name,
                            'certificate-authority': certificate.ca, 'certificate-serial-number': certificate.serial,
                            'client-authentication-enabled': settings.get('client', False),
                            'server-authentication-enabled': settings.get('server', True)})
    return records
