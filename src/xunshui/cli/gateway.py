"""`xunshui gateway`: take what loggers and meters send, keep it on disk, and only then acknowledge it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake

if TYPE_CHECKING:
    from xunshui.telemetry.connectors.supervise import Connector, DeviceState
    from xunshui.telemetry.hj212.profile import Profiles


class Address(click.ParamType[tuple[str, int]]):
    """HOST:PORT."""

    name = "地址"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Return host and port."""
        host, colon, port = str(value).rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65_535:
            self.fail(f"“{value}”应写作 主机:端口，如 0.0.0.0:9212", param, ctx)
        return host.strip("[]"), int(port)


@click.command("gateway")
@click.option("--hj212", type=Address(), default="127.0.0.1:9212", show_default=True, help="HJ 212 监听地址")
@click.option(
    "--spool", type=click.Path(path_type=Path, file_okay=False), required=True, help="收到的数据落盘的文件夹"
)
@click.option(
    "--devices",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="设备文件（YAML）：要读的 Modbus TCP、OPC UA、MQTT 设备",
)
@click.option(
    "--profiles",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="数采仪配置（YAML）：按 MN 写方言、口令、SM4 密钥、校时与间隔",
)
@click.option(
    "--http", type=Address(), help="在此地址提供 /health 与 /metrics（Prometheus），如 127.0.0.1:9213"
)
def command(
    hj212: tuple[str, int],
    spool: Path,
    devices: Path | None,
    profiles: Path | None,
    http: tuple[str, int] | None,
) -> None:
    """运行采集网关：收到的报文先落盘，再应答。TERM 信号使它收完已到的数据后停止。"""
    import asyncio  # slow import

    from xunshui.telemetry.gateway.run import run_gateway  # slow import

    with users_mistake():
        connectors = _connectors(devices) if devices is not None else ()
        agreed = _profiles(profiles) if profiles is not None else None
        try:
            asyncio.run(
                run_gateway(spool, hj212, connectors=connectors, http=http, profiles=agreed, ready=_ready)
            )
        except OSError as error:
            if error.filename is None:
                raise UsersMistake(
                    f"不能监听 {_addresses(hj212, http)}：{error.strerror or error}；换一个端口，或停掉占用它的程序"
                ) from None
            raise


def _connectors(devices: Path) -> Sequence[tuple[Connector, DeviceState]]:
    from xunshui.telemetry.connectors.devices import read_devices  # slow import, and only for a devices file
    from xunshui.telemetry.connectors.run import connectors_of

    return connectors_of(read_devices(devices))


def _profiles(file: Path) -> Profiles:
    from xunshui.telemetry.hj212.read import read_profiles  # slow import, and only for a profiles file

    return read_profiles(file)


def _addresses(*told: tuple[str, int] | None) -> str:
    return " 或 ".join(f"{each[0]}:{each[1]}" for each in told if each is not None)


def _ready(address: tuple[str, int]) -> None:
    click.echo(f"HJ 212 监听 {address[0]}:{address[1]}", err=True)
