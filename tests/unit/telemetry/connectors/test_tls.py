"""TLS and passwords in the devices file: files lie beside it, and what cannot be used is told at the start."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from tests.functional.certificates import LOCAL, Authority, Pair

from xunshui.telemetry.connectors.devices import read_devices
from xunshui.telemetry.connectors.modbus import ModbusDevice
from xunshui.telemetry.connectors.mqtt import MqttDevice
from xunshui.telemetry.connectors.opcua import OpcuaDevice
from xunshui.telemetry.errors import DevicesFileInvalid

REGISTER = {"code": "flow", "table": "holding", "address": 0, "type": "float32"}
PLC = {"name": "plc", "protocol": "modbus", "host": "h", "registers": [REGISTER]}
TOPIC = {"topic": "plant/+/flow", "format": "json", "values": {"flow": "flow"}}
BROKER = {"name": "b", "protocol": "mqtt", "host": "h", "topics": [TOPIC]}
SCADA = {"name": "s", "protocol": "opcua", "url": "opc.tcp://h:4840", "nodes": [{"code": "a", "node": "i=1"}]}
URI = x509.UniformResourceIdentifier("urn:xunshui:test")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with certificates: ca, ours, other, nameless; and locked.key, a key with a passphrase."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority(folder)
    ours = authority.sign("ours", *LOCAL, URI)
    authority.sign("other", *LOCAL, URI)
    authority.sign("nameless", *LOCAL)
    _lock(ours, folder / "locked.key")
    (folder / "password.txt").write_text("secret\n", encoding="utf-8")
    (folder / "no.pem").write_text("no certificate\n", encoding="utf-8")
    return folder


def _lock(pair: Pair, file: Path) -> None:
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"passphrase"),
        )
    )


def devices_file(folder: Path, *devices: Mapping[str, Any]) -> Path:
    file = folder / "devices.yaml"
    file.write_text(yaml.safe_dump({"devices": list(devices)}), encoding="utf-8")
    return file


def told(folder: Path, device: Mapping[str, Any]) -> list[str]:
    with pytest.raises(DevicesFileInvalid) as caught:
        read_devices(devices_file(folder, device))
    return [str(mistake).replace(f"{folder}/", "") for mistake in caught.value.mistakes]


def test_files_lie_beside_the_devices_file_and_ports_follow_tls(made: Path) -> None:
    tls = {"ca": "ca.pem", "certificate": "ours.pem", "key": "ours.key"}
    security = {"certificate": "ours.pem", "key": "ours.key", "server_certificate": "other.pem"}
    plc, broker, scada = read_devices(
        devices_file(
            made,
            PLC | {"tls": tls},
            BROKER | {"tls": {"ca": "ca.pem"}, "username": "u", "password_file": "password.txt"},
            SCADA | {"security": security},
        )
    )

    assert isinstance(plc, ModbusDevice)
    assert isinstance(broker, MqttDevice)
    assert isinstance(scada, OpcuaDevice)
    assert plc.tls is not None
    assert scada.security is not None
    assert (plc.tls.key, scada.security.mode) == (str(made / "ours.key"), "sign_encrypt")
    assert [plc.listens_at, broker.listens_at] == [802, 8883]


@pytest.mark.parametrize(
    ("device", "mistakes"),
    [
        pytest.param(
            BROKER | {"tls": {"ca": "gone.pem"}},
            [
                "devices[0].tls.ca：读不了 gone.pem（No such file or directory）；可填：CA 证书的 PEM 文件（-----BEGIN …）"
            ],
            id="ca_is_gone",
        ),
        pytest.param(
            PLC | {"tls": {"ca": "no.pem"}},
            ["devices[0].tls.ca：no.pem 里没有证书；可填：CA 证书的 PEM 文件（-----BEGIN …）"],
            id="ca_is_none",
        ),
        pytest.param(
            BROKER | {"tls": {"certificate": "ours.pem"}},
            ["devices[0].tls.key：证书与私钥要一起写；可填：PEM 文件（-----BEGIN …）"],
            id="certificate_without_key",
        ),
        pytest.param(
            BROKER | {"tls": {"certificate": "ours.pem", "key": "other.key"}},
            ["devices[0].tls.key：other.key 不是 ours.pem 的私钥；可填：同一张证书的私钥"],
            id="key_of_another",
        ),
        pytest.param(
            PLC | {"tls": {"certificate": "ours.pem", "key": "locked.key"}},
            ["devices[0].tls.key：locked.key 设了口令；可填：不加口令的私钥，只让网关的用户可读"],
            id="locked_key",
        ),
        pytest.param(
            PLC | {"tls": {"ca": "ca.pem"}, "framing": "rtu"},
            ["devices[0].framing：加密的连接没有 rtu 的写法；可填：tcp"],
            id="rtu_over_tls",
        ),
        pytest.param(
            PLC | {"tls": {"cafile": "ca.pem"}},
            ["devices[0].tls.cafile：不认识的属性“cafile”；可填：ca、certificate、key、check_name"],
            id="unknown_attribute",
        ),
        pytest.param(
            SCADA
            | {
                "security": {"certificate": "nameless.pem", "key": "ours.key", "server_certificate": "no.pem"}
            },
            [
                "devices[0].security.certificate：nameless.pem 的 subjectAltName 里没有应用 URI；可填：带 URI 的证书，如 URI:urn:xunshui:gateway",
                "devices[0].security.server_certificate：no.pem 里没有证书；可填：X.509 证书（PEM 或 DER）",
                "devices[0].security.key：ours.key 不是 nameless.pem 的私钥；可填：同一张证书的私钥",
            ],
            id="opcua_all_at_once",
        ),
        pytest.param(
            SCADA
            | {
                "security": {
                    "certificate": "ours.pem",
                    "key": "locked.key",
                    "server_certificate": "other.pem",
                }
            },
            ["devices[0].security.key：locked.key 设了口令；可填：不加口令的 RSA 私钥（PEM 或 DER）"],
            id="opcua_locked_key",
        ),
        pytest.param(
            BROKER | {"username": "u", "password_env": "XUNSHUI_NOT_SET"},
            [
                "devices[0].password_env：环境里没有变量“XUNSHUI_NOT_SET”；可填：启动网关时设好的变量名（systemd 用 EnvironmentFile）"
            ],
            id="variable_not_set",
        ),
        pytest.param(
            SCADA | {"password_file": "password.txt", "password_env": "PATH"},
            [
                "devices[0].password_env：口令已写了 password_file；可填：两者只写一个",
                "devices[0].username：有口令，没有用户名；可填：用户名",
            ],
            id="two_passwords_and_no_name",
        ),
    ],
)
def test_what_cannot_be_used_is_told(made: Path, device: dict[str, Any], mistakes: list[str]) -> None:
    assert told(made, device) == mistakes


def test_certificate_in_der_is_read(made: Path, tmp_path: Path) -> None:
    for name in ("ours.pem", "ours.key"):
        shutil.copy(made / name, tmp_path / name)
    server = x509.load_pem_x509_certificate((made / "other.pem").read_bytes())
    (tmp_path / "server.der").write_bytes(server.public_bytes(serialization.Encoding.DER))
    security = {"certificate": "ours.pem", "key": "ours.key", "server_certificate": "server.der"}

    [device] = read_devices(devices_file(tmp_path, SCADA | {"security": security}))

    assert isinstance(device, OpcuaDevice)
