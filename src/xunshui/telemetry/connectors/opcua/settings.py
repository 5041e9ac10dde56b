"""What a devices file says of an OPC UA server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from xunshui.site.mistakes import Mistake
from xunshui.telemetry.connectors.opcua.security import Security, mistakes_of_security
from xunshui.telemetry.connectors.passwords import mistakes_of_password
from xunshui.telemetry.connectors.settings import Code, Name, empty, repeated, setting


@setting
class Node:
    """A variable of the server; `node` is its NodeId as servers write it."""

    code: Code
    node: Annotated[str, Field(pattern=r"^(ns=\d{1,5};)?(i=\d{1,10}|s=.+|g=[0-9A-Fa-f-]{36}|b=.+)$")]


@setting
class OpcuaDevice:
    """A server that is subscribed to; it looks for changes and tells them every `publish_ms`."""

    name: Name
    protocol: Literal["opcua"]
    url: Annotated[str, Field(pattern=r"^opc\.tcp://[^/\s@]+(/\S*)?$")]
    nodes: tuple[Node, ...]
    publish_ms: Annotated[int, Field(ge=50, le=3_600_000)] = 1000
    username: str | None = None
    password_file: str | None = None
    password_env: str | None = None
    security: Security | None = None

    @property
    def address(self) -> str:
        """Return where it is, for people."""
        return self.url


PARTS: dict[str, type] = {"nodes": Node, "security": Security}


def mistakes_of(device: OpcuaDevice) -> Iterator[Mistake]:
    """Yield what cannot hold between the attributes of a server."""
    yield from empty(device.nodes, "nodes")
    yield from repeated((node.code for node in device.nodes), "nodes", "code")
    yield from repeated((node.node for node in device.nodes), "nodes", "node")
    yield from mistakes_of_password(device)
    yield from mistakes_of_security(device.security)
