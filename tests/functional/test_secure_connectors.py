"""Connectors over TLS and with passwords, against real servers with certificates of our own making."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from cryptography import x509
from paho.mqtt.enums import CallbackAPIVersion
from tests.functional import gateways
from tests.functional.certificates import DAY, LOCAL, Authority, Pair
from tests.functional.gateways import device_state, devices_file, peer, until, values
from tests.functional.test_connectors import (
    FLOW,
    IMAGE,
    METER,
    broker,
    by_mqtt,
    heard,
    needs_broker,
    needs_node,
    plc,
    tell,
)

REGISTER = {"code": "flow", "table": "holding", "address": 0, "type": "float32"}
PASSWORD = "s3cret-of-the-plant"
OPCUA_NAME = x509.UniformResourceIdentifier("urn:xunshui:test")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def tls(authority: Authority, pair: Pair | None = None, **more: Any) -> dict[str, Any]:
    ours = {} if pair is None else {"certificate": str(pair.certificate), "key": str(pair.key)}
    return {"ca": str(authority.certificate), **ours, **more}


def trouble(spool: Path, name: str, words: str) -> None:
    """Wait until a device's trouble is told in these words."""
    until(lambda: words in device_state(spool, name).get("last_error", ""), 60)


# MQTT


def secured(authority: Authority, server: Pair) -> tuple[str, ...]:
    """Return mosquitto's settings for TLS with certificates on both sides."""
    return (
        f"cafile {authority.certificate}",
        f"certfile {server.certificate}",
        f"keyfile {server.key}",
        "require_certificate true",
    )


def publish(port: int, authority: Authority, pair: Pair, message: str, **login: str) -> None:
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.tls_set(str(authority.certificate), str(pair.certificate), str(pair.key))
    if login:
        client.username_pw_set(login["name"], login["password"])
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.publish("plant/P3/flow", message, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


@needs_broker
def test_mqtt_over_tls_with_certificates_and_a_password_from_the_environment(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto_passwd 未安装")
    monkeypatch.setenv("XUNSHUI_TEST_PASSWORD", PASSWORD)
    server, client = authority.sign("server", *LOCAL), authority.sign("client")
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(tmp_path / "users"), "gate", PASSWORD], check=True)
    users = ("allow_anonymous false", f"password_file {tmp_path / 'users'}")
    with broker(tmp_path, *secured(authority, server), *users) as port:
        device = by_mqtt(port, FLOW, username="gate", password_env="XUNSHUI_TEST_PASSWORD")
        devices = devices_file(tmp_path, device | {"tls": tls(authority, client)})
        process, _ = gateways.start(tmp_path, devices=devices)
        try:
            heard(tmp_path)
            message = '{"data": {"ts": 1704067200, "flow": 12.5}}'
            publish(port, authority, client, message, name="gate", password=PASSWORD)
            until(lambda: values(tmp_path, "mqtt:P3/flow") == [12.5])
        finally:
            process.terminate()
            process.wait(10)
        assert process.stderr is not None
        with process.stderr:
            noise = process.stderr.read()

    told = noise + (tmp_path / "gateway.json").read_text("utf-8") + devices.read_text("utf-8")
    assert PASSWORD not in told


WRONG_BROKERS = {
    "other_authority": "服务器的证书不是 tls.ca 里的 CA 签发的；把签发它的 CA 证书写进 tls.ca",
    "other_name": "服务器的证书不是给这个 IP 地址的；host 写成证书里的名字，或写 check_name: false",
    "expired": "服务器的证书过期了；在服务器上换证书，或核对网关的时钟",
    "none_of_ours": "服务器要看客户端证书；写 tls.certificate 与 tls.key",
    "ours_unknown": "服务器不认网关的证书",
    "plain": "对端没有用 TLS；核对端口，或去掉 tls",
}
REPLACED = "replaced"
"""Refuses our certificate, too, until the test replaces that."""


@pytest.fixture(scope="module")
def beside_wrong_brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run one gateway beside brokers that are each wrong in one way, under its name; yields its folder."""
    folder = tmp_path_factory.mktemp("wrong_brokers")
    authority, other = Authority(folder), Authority(folder, "other")
    right, ours = authority.sign("server", *LOCAL), authority.sign("client")
    servers = {
        "other_name": authority.sign("elsewhere", x509.DNSName("scada.example")),
        "expired": authority.sign("old", *LOCAL, until=-DAY),
    }
    settings = {
        "other_authority": tls(other, ours),
        "none_of_ours": tls(authority),
        "ours_unknown": tls(authority, other.sign("unknown")),
        REPLACED: tls(authority, other.sign("stranger"), check_name=False),
    }
    with ExitStack() as stack:
        devices = []
        for kind in (*WRONG_BROKERS, REPLACED):
            own = folder / kind
            own.mkdir()
            secure = () if kind == "plain" else secured(authority, servers.get(kind, right))
            port = stack.enter_context(broker(own, *secure))
            told = {"name": kind, "tls": settings.get(kind, tls(authority, ours))}
            devices.append(by_mqtt(port, FLOW) | told)
        stack.enter_context(gateways.gateway(folder, devices_file(folder, *devices)))
        yield folder


@needs_broker
@pytest.mark.parametrize(("kind", "words"), WRONG_BROKERS.items(), ids=list(WRONG_BROKERS))
def test_mqtt_wrong_certificate_is_told_with_what_to_do(
    beside_wrong_brokers: Path, kind: str, words: str
) -> None:
    trouble(beside_wrong_brokers, kind, words)


@needs_broker
def test_certificate_that_is_replaced_is_taken_without_a_new_start(beside_wrong_brokers: Path) -> None:
    trouble(beside_wrong_brokers, REPLACED, "服务器不认网关的证书")
    for kind in ("pem", "key"):
        shutil.copy(beside_wrong_brokers / f"client.{kind}", beside_wrong_brokers / f"stranger.{kind}")

    heard(beside_wrong_brokers / REPLACED, REPLACED)


# Modbus


@needs_node
def test_modbus_over_tls_with_certificates_on_both_sides(tmp_path: Path, authority: Authority) -> None:
    port = gateways.free_port()
    server, client = authority.sign("server", *LOCAL), authority.sign("client")
    secure = {"ca": str(authority.certificate), "cert": str(server.certificate), "key": str(server.key)}
    devices = devices_file(tmp_path, plc(port, [REGISTER]) | {"tls": tls(authority, client)})
    command = (*METER, str(port), json.dumps(IMAGE), json.dumps({"tls": secure}))
    with peer(*command), gateways.gateway(tmp_path, devices):
        until(lambda: values(tmp_path, "modbus:plc1/flow"))
        state = device_state(tmp_path, "plc1")

    assert set(values(tmp_path, "modbus:plc1/flow")) == {12.5}
    assert state["restarts"] == 0


@needs_node
@pytest.mark.parametrize(
    ("with_ours", "words"),
    [
        pytest.param(True, "服务器的证书不是 tls.ca 里的 CA 签发的", id="other_authority"),
        pytest.param(False, "服务器要看客户端证书；写 tls.certificate 与 tls.key", id="none_of_ours"),
    ],
)
def test_modbus_wrong_certificate_is_told(
    tmp_path: Path, authority: Authority, with_ours: bool, words: str
) -> None:
    port = gateways.free_port()
    server, client = authority.sign("server", *LOCAL), authority.sign("client")
    secure = {"ca": str(authority.certificate), "cert": str(server.certificate), "key": str(server.key)}
    settings = tls(Authority(tmp_path, "other"), client) if with_ours else tls(authority)
    devices = devices_file(tmp_path, plc(port, [REGISTER]) | {"tls": settings})
    command = (*METER, str(port), json.dumps(IMAGE), json.dumps({"tls": secure}))
    with peer(*command), gateways.gateway(tmp_path, devices):
        trouble(tmp_path, "plc1", words)


@needs_node
def test_modbus_rtu_frames_over_tcp(tmp_path: Path) -> None:
    port = gateways.free_port()
    refused = {"code": "beyond", "table": "holding", "address": 400, "type": "uint16"}
    coil = {"code": "pump", "table": "coil", "address": 2, "type": "bool"}
    devices = devices_file(tmp_path, plc(port, [REGISTER, coil, refused]) | {"framing": "rtu"})
    command = (*METER, str(port), json.dumps(IMAGE), json.dumps({"framing": "rtu"}))
    with peer(*command), gateways.gateway(tmp_path, devices):
        until(lambda: values(tmp_path, "modbus:plc1/pump"))
        trouble(tmp_path, "plc1", "holding 400（beyond）：异常码 2（非法数据地址）")

    assert set(values(tmp_path, "modbus:plc1/flow")) == {12.5}
    assert set(values(tmp_path, "modbus:plc1/pump")) == {1.0}


# OPC UA


def opcua(port: int, server: Pair, ours: Pair, **more: Any) -> dict[str, Any]:
    """Return a server in a devices file, with its password beside it."""
    return {
        "name": "scada",
        "protocol": "opcua",
        "url": f"opc.tcp://127.0.0.1:{port}/scada",
        "publish_ms": 100,
        "nodes": [{"code": "flow", "node": "ns=2;s=Flow"}],
        "username": "gate",
        "password_file": "password.txt",
        "security": {
            "certificate": str(ours.certificate),
            "key": str(ours.key),
            "server_certificate": str(server.certificate),
        },
        **more,
    }


def scada(stack: ExitStack, port: int, server: Pair, trusted: Pair) -> Popen[str]:
    """Run an OPC UA server that takes one client, and one user."""
    security = {
        "certificate": str(server.certificate),
        "key": str(server.key),
        "trusted": str(trusted.certificate),
        "users": {"gate": PASSWORD},
    }
    script = str(gateways.PEERS / "opcua_scada.py")
    return stack.enter_context(peer(sys.executable, script, str(port), json.dumps(security), ready=""))


def listen(process: Popen[str], port: int) -> None:
    """Let a server have a value and listen."""
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "prepared"
    tell(process, node="Flow", value=12.5, status="Good", at="2024-01-01T00:00:01+00:00")
    tell(process, listen=True)
    until(lambda: listens(port))


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


WRONG_SERVERS = {
    "untrusted": "在服务器上把 security.certificate 登记为可信",
    "other_server": "服务器出示的证书不是 security.server_certificate 那一张",
    "wrong_password": "服务器不认用户名或口令",
    "sign_only": "服务器没有开 Basic256Sha256 的这种连接，它有：Basic256Sha256 SignAndEncrypt",
}


@pytest.fixture(scope="module")
def beside_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run one gateway beside a server with which all is right, and one for each that can be wrong."""
    folder = tmp_path_factory.mktemp("servers")
    authority = Authority(folder)
    server, ours, other = (
        authority.sign(name, *LOCAL, OPCUA_NAME, own=True) for name in ("server", "ours", "other")
    )
    ports = {kind: gateways.free_port() for kind in ("right", *WRONG_SERVERS)}
    devices = []
    with ExitStack() as stack:
        running = [
            (scada(stack, port, server, other if kind == "untrusted" else ours), port)
            for kind, port in ports.items()
        ]
        for kind, port in ports.items():
            password = "wrong" if kind == "wrong_password" else PASSWORD
            (folder / f"{kind}.txt").write_text(f"{password}\n", encoding="utf-8")
            device = opcua(port, other if kind == "other_server" else server, ours)
            device |= {"name": kind, "password_file": f"{kind}.txt"}
            if kind == "sign_only":
                device["security"]["mode"] = "sign"
            devices.append(device)
        for process, port in running:
            listen(process, port)
        stack.enter_context(gateways.gateway(folder, devices_file(folder, *devices)))
        yield folder


def test_opcua_signed_and_encrypted_with_a_password(beside_servers: Path) -> None:
    until(lambda: values(beside_servers, "opcua:right/flow") == [12.5])
    until(lambda: device_state(beside_servers, "right").get("state") == "healthy")


@pytest.mark.parametrize(("kind", "words"), WRONG_SERVERS.items(), ids=list(WRONG_SERVERS))
def test_opcua_what_is_wrong_is_told_and_no_password(beside_servers: Path, kind: str, words: str) -> None:
    trouble(beside_servers, kind, words)

    assert values(beside_servers, f"opcua:{kind}/flow") == []
    assert PASSWORD not in (beside_servers / "gateway.json").read_text("utf-8")
