"""What an OPC UA server refuses a connection with, in words that say what to do."""

from __future__ import annotations

REFUSALS = {
    "BadUserAccessDenied": "服务器不认用户名或口令",
    "BadIdentityTokenRejected": "服务器不认用户名或口令，或不收匿名的连接；核对 username 与口令",
    "BadIdentityTokenInvalid": "服务器不认用户名或口令，或不收匿名的连接；核对 username 与口令",
    "BadCertificateUntrusted": "服务器不认网关的证书；在服务器上把 security.certificate 登记为可信",
    "BadCertificateUriInvalid": "服务器不认网关证书里的应用 URI；照它的要求重新签发",
    "BadCertificateTimeInvalid": "网关的证书过期或还没生效；换证书，或核对两边的时钟",
    "BadCertificateInvalid": "服务器说网关的证书不合要求；重新签发（RSA 2048 位以上、SHA-256）",
    "BadSecurityChecksFailed": "没有通过服务器的安全检查；在服务器上把 security.certificate 登记为可信，并核对它没有过期",
    "BadSecurityPolicyRejected": "服务器不收这种加密；在服务器上打开 Basic256Sha256，或写 security",
    "BadSecurityModeRejected": "服务器不收不加密的连接；写 security",
}


def words_of(status: str) -> str:
    """Return a status that ended a connection, in words and with its name.

    >>> words_of("BadUserAccessDenied"), words_of("BadShutdown")
    ('服务器不认用户名或口令（BadUserAccessDenied）', '服务器拒绝或中断（BadShutdown）')
    """
    return f"{REFUSALS.get(status, '服务器拒绝或中断')}（{status}）"
