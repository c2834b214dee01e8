"""Certificates: an authority made at start, server certificates and client certificates for accounts."""

import datetime
import ipaddress
import pathlib
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority whose files are in a directory of their own."""

    def __init__(self, directory=None):
        self._owned = tempfile.TemporaryDirectory(prefix='ontap-sim-') if directory is None else None
        self.directory = pathlib.Path(directory or self._owned.name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name('ONTAP simulator CA')
        now = datetime.datetime.now(datetime.timezone.utc)
        self.certificate = (
            x509.CertificateBuilder().subject_name(self.name).issuer_name(self.name).public_key(self.key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(_usage(signs=True), critical=True)
            .sign(self.key, hashes.SHA256()))
        self.path = self._write('ca.pem', self.certificate.public_bytes(serialization.Encoding.PEM))

    def _write(self, name, data):
        path = self.directory / name
        path.write_bytes(data)
        path.chmod(0o600)
        return str(path)

    def issue(self, common_name, hosts=(), expired=False):
        """(certificate file, key file) for a name; `hosts` are the names and addresses it is good for."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = (now - 3 * DAY, now - DAY) if expired else (now - DAY, now + 20 * DAY)
        builder = (
            x509.CertificateBuilder().subject_name(_name(common_name)).issuer_name(self.name)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(start).not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False))
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False)
        certificate = builder.sign(self.key, hashes.SHA256())
        stem = '%s-%x' % (common_name.replace('/', '_'), certificate.serial_number % 2 ** 32)
        return (self._write(stem + '.pem', certificate.public_bytes(serialization.Encoding.PEM)),
                self._write(stem + '.key', key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())))

    def server_context(self, hosts, expired=False):
        """The TLS settings of a server that also takes, but does not demand, client certificates."""
        certificate, key = self.issue('ontap', hosts, expired)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(self.path)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def close(self):
        if self._owned is not None:
            self._owned.cleanup()


def _name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _usage(signs):
    return x509.KeyUsage(digital_signature=True, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
                         key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                         decipher_only=False)


def common_name_of(peer_certificate):
    """The common name in what `SSLSocket.getpeercert` returns, or None."""
    for group in (peer_certificate or {}).get('subject', ()):
        for key, value in group:
            if key == 'commonName':
                return value
    return None
