"""TLS, for the connectors that have it: what a devices file says of it, and the context that follows.

The files are read anew for each connection: a certificate that was replaced needs no new start.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

from xunshui.site.mistakes import Loc, Mistake
from xunshui.telemetry.connectors.settings import setting

PEM = "PEM 文件（-----BEGIN …）"


@setting
class Tls:
    """How a connection is encrypted.

    `ca` is who must have signed the server's certificate, without it those that the machine believes; `certificate`
    and `key` say who we are, where the server wants to know. Without `check_name` a certificate made out to another
    name will do; it must be signed all the same.
    """

    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    check_name: bool = True


class TlsUnusable(ValueError):
    """A file of `Tls` that cannot be used: `name` is that of its attribute."""

    def __init__(self, name: str, problem: str, accepted: str) -> None:
        """Keep which it is, what is wrong and what would do."""
        self.name, self.problem, self.accepted = name, problem, accepted
        super().__init__(f"tls.{name}：{problem}；应为{accepted}")


def context_of(tls: Tls) -> ssl.SSLContext:
    """Return what a connection is made with. Raises `TlsUnusable`."""
    context = _context_with_authority(tls.ca)
    context.check_hostname = tls.check_name
    if tls.certificate is not None and tls.key is not None:
        _take_certificate(context, tls.certificate, tls.key)
    return context


def mistakes_of_tls(tls: Tls | None) -> Iterator[Mistake]:
    """Yield what keeps a context from being made."""
    loc: Loc = ("tls",)
    if tls is None:
        return
    if (tls.certificate is None) != (tls.key is None):
        missing = "key" if tls.key is None else "certificate"
        yield Mistake(loc=(*loc, missing), problem="证书与私钥要一起写", accepted=PEM)
    try:
        context_of(tls)
    except TlsUnusable as error:
        yield Mistake(loc=(*loc, error.name), problem=error.problem, accepted=error.accepted)


def _context_with_authority(ca: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        raise TlsUnusable("ca", f"{ca} 里没有证书", f"CA 证书的 {PEM}") from None
    except OSError as error:
        raise TlsUnusable("ca", f"读不了 {ca}（{error.strerror}）", f"CA 证书的 {PEM}") from None


def _take_certificate(context: ssl.SSLContext, certificate: str, key: str) -> None:
    for name, file in (("certificate", certificate), ("key", key)):
        try:
            Path(file).read_bytes()
        except OSError as error:
            raise TlsUnusable(name, f"读不了 {file}（{error.strerror}）", PEM) from None
    try:
        context.load_cert_chain(certificate, key, password=_refuse)
    except _KeyLocked:
        raise TlsUnusable("key", f"{key} 设了口令", "不加口令的私钥，只让网关的用户可读") from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise TlsUnusable("key", f"{key} 不是 {certificate} 的私钥", "同一张证书的私钥") from None
        raise TlsUnusable("certificate", f"{certificate} 与 {key} 读不成证书与私钥", PEM) from None


class _KeyLocked(Exception):
    pass


def _refuse() -> str:
    # Without an answer of ours, OpenSSL would ask whoever sits at the terminal.
    raise _KeyLocked
