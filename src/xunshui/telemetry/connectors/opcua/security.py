"""Signed and encrypted connections to an OPC UA server: Basic256Sha256, with certificates that both sides were given.

The server is believed where it offers the very certificate that the devices file names; ours must be known to the
server, which is done there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xunshui.site.mistakes import Mistake
from xunshui.telemetry.connectors.settings import setting
from xunshui.telemetry.connectors.supervise import DeviceTrouble

if TYPE_CHECKING:
    from asyncua.client.client import Client
    from asyncua.ua import EndpointDescription
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

PEM = b"-----BEGIN"


@setting
class Security:
    """How a connection is secured; files are PEM or DER.

    `certificate` and `key` are ours, `server_certificate` is the server's own.
    """

    certificate: str
    key: str
    server_certificate: str
    mode: Literal["sign_encrypt", "sign"] = "sign_encrypt"


class FileUnusable(ValueError):
    """A file of `Security` that cannot be used: `name` is that of its attribute."""

    def __init__(self, name: str, problem: str, accepted: str) -> None:
        """Keep which it is, what is wrong and what would do."""
        self.name, self.problem, self.accepted = name, problem, accepted
        super().__init__(f"security.{name}：{problem}；应为{accepted}")


def mistakes_of_security(security: Security | None) -> Iterator[Mistake]:
    """Yield what is wrong with the files."""
    if security is None:
        return
    for name in ("certificate", "server_certificate", "key"):
        try:
            if name == "key":
                _key_of(security)
            else:
                certificate = _certificate(name, getattr(security, name))
                if name == "certificate":
                    _uri_of(certificate, security.certificate)
        except FileUnusable as error:
            yield Mistake(loc=("security", error.name), problem=error.problem, accepted=error.accepted)


async def secure(client: Client, security: Security) -> None:
    """Make a client sign and encrypt. Raises `DeviceTrouble`."""
    from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256  # slow import
    from asyncua.crypto.uacrypto import CertProperties
    from asyncua.ua import MessageSecurityMode
    from cryptography.hazmat.primitives import serialization

    modes = {"sign": MessageSecurityMode.Sign, "sign_encrypt": MessageSecurityMode.SignAndEncrypt}
    try:
        ours = _certificate("certificate", security.certificate)
        theirs = _certificate("server_certificate", security.server_certificate)
        key = _key_of(security)
        client.application_uri = _uri_of(ours, security.certificate)
    except FileUnusable as error:
        raise DeviceTrouble(str(error)) from None
    der = theirs.public_bytes(serialization.Encoding.DER)
    _check_endpoint(
        await client.connect_and_get_server_endpoints(),
        modes[security.mode],
        SecurityPolicyBasic256Sha256.URI,
        der,
    )
    await client.set_security(
        SecurityPolicyBasic256Sha256,
        CertProperties(ours.public_bytes(serialization.Encoding.DER), "der"),
        CertProperties(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            "pem",
        ),
        server_certificate=CertProperties(der, "der"),
        mode=modes[security.mode],
    )


def _check_endpoint(endpoints: list[EndpointDescription], mode: object, policy: str, der: bytes) -> None:
    """Find that the server offers what is wanted, under the certificate that is believed."""
    wanted = [each for each in endpoints if (each.SecurityMode, each.SecurityPolicyUri) == (mode, policy)]
    if not wanted:
        offered = sorted({f"{_after(each.SecurityPolicyUri)} {each.SecurityMode.name}" for each in endpoints})
        raise DeviceTrouble(
            f"服务器没有开 Basic256Sha256 的这种连接，它有：{'、'.join(offered)}；在服务器上打开它"
        )
    if not any((each.ServerCertificate or b"").startswith(der) for each in wanted):
        raise DeviceTrouble(
            "服务器出示的证书不是 security.server_certificate 那一张；"
            "服务器换过证书就重新导出，没有换过则对端可能不是它"
        )


def _after(uri: str) -> str:
    return uri.rpartition("#")[2]


def _content(name: str, file: str, accepted: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise FileUnusable(name, f"读不了 {file}（{error.strerror}）", accepted) from None


def _certificate(name: str, file: str) -> Certificate:
    from cryptography import x509  # slow import

    content = _content(name, file, "X.509 证书（PEM 或 DER）")
    try:
        if PEM in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        raise FileUnusable(name, f"{file} 里没有证书", "X.509 证书（PEM 或 DER）") from None


def _uri_of(certificate: Certificate, file: str) -> str:
    """Return the application's name that a certificate bears; servers refuse one without."""
    from cryptography import x509  # slow import

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    except x509.ExtensionNotFound:
        uris = []
    if not uris:
        problem = f"{file} 的 subjectAltName 里没有应用 URI"
        raise FileUnusable("certificate", problem, "带 URI 的证书，如 URI:urn:xunshui:gateway")
    return uris[0]


def _key_of(security: Security) -> RSAPrivateKey:
    from cryptography.hazmat.primitives import serialization  # slow import
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    accepted = "不加口令的 RSA 私钥（PEM 或 DER）"
    content = _content("key", security.key, accepted)
    load = serialization.load_pem_private_key if PEM in content else serialization.load_der_private_key
    try:
        key = load(content, None)
    except TypeError:
        raise FileUnusable("key", f"{security.key} 设了口令", accepted) from None
    except ValueError:
        raise FileUnusable("key", f"{security.key} 里没有私钥", accepted) from None
    if not isinstance(key, RSAPrivateKey):
        raise FileUnusable("key", f"{security.key} 不是 RSA 私钥", accepted)
    certificate = _certificate("certificate", security.certificate)
    if certificate.public_key() != key.public_key():
        raise FileUnusable("key", f"{security.key} 不是 {security.certificate} 的私钥", "同一张证书的私钥")
    return key
