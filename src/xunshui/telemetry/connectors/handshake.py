"""Why TLS with a server fails, in words that say what to do.

The libraries of the connectors keep such errors to themselves; therefore a failed connection is tried once more here.
"""

from __future__ import annotations

import asyncio
import ssl

from xunshui.telemetry.connectors.tls import Tls, TlsUnusable, context_of

AFTER_HANDSHAKE_S = 1.0
"""In TLS 1.3 a server refuses our certificate only after the handshake."""
OF_SERVER = {
    9: "还没有到生效的日子；核对网关的时钟",
    10: "过期了；在服务器上换证书，或核对网关的时钟",
    18: "是自己签发的，tls.ca 里没有它；把它（或签发它的 CA 证书）写进 tls.ca",
    19: "不是 tls.ca 里的 CA 签发的；把签发它的 CA 证书写进 tls.ca",
    20: "不是 tls.ca 里的 CA 签发的；把签发它的 CA 证书写进 tls.ca",
    62: "是给别的名字的；host 写成证书里的名字，或写 check_name: false",
    64: "不是给这个 IP 地址的；host 写成证书里的名字，或写 check_name: false",
}
"""By the number of OpenSSL's verification."""
NO_TLS = "对端没有用 TLS；核对端口，或去掉 tls"
REFUSES_OURS = (
    "BAD_CERTIFICATE",
    "UNKNOWN_CA",
    "CERTIFICATE_UNKNOWN",
    "CERTIFICATE_EXPIRED",
    "DECRYPT_ERROR",
)


async def trouble_of(tls: Tls, host: str, port: int, timeout_s: float) -> str:
    """Return why TLS with a server fails, or nothing where it does not fail; makes a connection of its own."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(host, port, ssl=context_of(tls))
            try:
                await _listen(reader)
            finally:
                writer.close()
    except TlsUnusable as error:
        return str(error)
    except ssl.SSLError as error:
        return words_of(error)
    except (ConnectionResetError, ConnectionAbortedError):
        return NO_TLS
    except OSError:
        return ""
    return ""


def words_of(error: ssl.SSLError) -> str:
    """Return an error of TLS in words.

    >>> error = ssl.SSLError()
    >>> error.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    >>> words_of(error)
    '服务器要看客户端证书；写 tls.certificate 与 tls.key'
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        told = OF_SERVER.get(error.verify_code, f"没有通过检验（{error.verify_message}）")
        return f"服务器的证书{told}"
    reason = error.reason or ""
    if "CERTIFICATE_REQUIRED" in reason:
        return "服务器要看客户端证书；写 tls.certificate 与 tls.key"
    if any(word in reason for word in REFUSES_OURS):
        return f"服务器不认网关的证书（{reason}）；tls.certificate 要由服务器信任的 CA 签发，且没有过期"
    if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_EOF_WHILE_READING"):
        return NO_TLS
    return f"TLS 握手失败（{reason or error}）"


async def _listen(reader: asyncio.StreamReader) -> None:
    try:
        async with asyncio.timeout(AFTER_HANDSHAKE_S):
            await reader.read(1)
    except TimeoutError:
        return
