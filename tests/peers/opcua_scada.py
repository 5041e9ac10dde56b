"""An OPC UA server of asyncua that does what it is told: python opcua_scada.py PORT [SECURITY].

It prints "prepared" once it could listen. Each line of its input is then a JSON object: {"listen": true} opens the
port, and {"node": …, "value": …, "status": …, "at": …} writes one of Flow, Pump, Level, Ph and Name (namespace 2).

SECURITY is JSON: {"certificate": …, "key": …, "trusted": …, "users": {"name": "password"}}. Then it takes none but
signed and encrypted connections, from the one client whose certificate is trusted.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.server import Server
from asyncua.server.user_managers import UserManager
from asyncua.ua.status_codes import StatusCodes
from cryptography import x509

FIRST = {"Flow": 0.0, "Pump": True, "Level": 1.5, "Ph": 7.2, "Name": "P3"}


class Users(UserManager):
    """Knows names and passwords."""

    def __init__(self, passwords: dict[str, str]) -> None:
        """Take the password of each name."""
        self._passwords = passwords

    def get_user(
        self, iserver: Any, username: str | None = None, password: str | None = None, certificate: Any = None
    ) -> User | None:
        """Return the user of a name and password, or None."""
        known = username is not None and self._passwords.get(username) == password
        return User(role=UserRole.User) if known else None


async def secure(server: Server, security: dict[str, Any]) -> None:
    """Take none but signed and encrypted connections of the client that is trusted."""
    trusted = x509.load_pem_x509_certificate(Path(security["trusted"]).read_bytes())

    async def check(certificate: x509.Certificate, description: ua.ApplicationDescription) -> None:
        if certificate != trusted:
            raise ServiceError(StatusCodes.BadCertificateUntrusted)

    await server.load_certificate(security["certificate"])
    await server.load_private_key(security["key"], format="pem")
    server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
    server.set_certificate_validator(check)
    server.set_identity_tokens([ua.UserNameIdentityToken])


async def serve(port: int, security: dict[str, Any] | None = None) -> None:
    """Serve until the input ends."""
    server = Server(user_manager=Users(security["users"]) if security else None)
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/scada")
    if security:
        await secure(server, security)
    space = await server.register_namespace("urn:xunshui:test")
    nodes = {
        name: await server.nodes.objects.add_variable(
            ua.NodeId.from_string(f"ns={space};s={name}"), f"{space}:{name}", value
        )
        for name, value in FIRST.items()
    }
    print("prepared", flush=True)
    async for line in lines():
        told = json.loads(line)
        if "listen" in told:
            await port_is_free(port)
            await server.start()
            continue
        value = None if told["value"] is None else ua.Variant(told["value"])
        status = ua.StatusCode(getattr(StatusCodes, told["status"]))
        at = ua.DateTime.fromisoformat(told["at"])
        await nodes[told["node"]].write_value(ua.DataValue(value, StatusCode=status, SourceTimestamp=at))


async def port_is_free(port: int) -> None:
    """Wait until the system has let go of the port of a server that was killed a moment ago."""
    while True:
        try:
            (await asyncio.start_server(lambda *_: None, "127.0.0.1", port)).close()
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return


async def lines() -> AsyncIterator[str]:
    """Yield the lines of the input."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield line


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), json.loads(sys.argv[2]) if sys.argv[2:] else None))
