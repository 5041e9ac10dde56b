"""`xunshui gateway`: take what loggers and meters send, keep it on disk, and only then acknowledge it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from xunshui.cli.log import log_option
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.telemetry.log import tell

if TYPE_CHECKING:
    from xunshui.telemetry.connectors.supervise import Connector, DeviceState
    from xunshui.telemetry.heard import Tongue
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


DEFAULT = ("127.0.0.1", 9212)
TITLES = {"hj212": "HJ 212", "sl651": "SL 651", "szy206": "SZY206"}
Options = Callable[..., None]


class Listening(NamedTuple):
    """Where which protocol is listened for, and how it is confirmed."""

    hj212: tuple[str, int] | None
    sl651: tuple[str, int] | None
    szy206: tuple[str, int] | None
    sl651_confirm: str
    szy206_confirm: str

    @property
    def addresses(self) -> dict[str, tuple[str, int]]:
        """Return the address of each protocol; HJ 212 alone where none is named."""
        named = {"hj212": self.hj212, "sl651": self.sl651, "szy206": self.szy206}
        return {name: address for name, address in named.items() if address is not None} or {"hj212": DEFAULT}


def listening_options(command: Options) -> Options:
    """Give a command the options that say where which protocol is listened for, and how it is confirmed."""
    options = (
        click.option(
            "--hj212", type=Address(), help="HJ 212 监听地址；三个监听地址都不写时为 127.0.0.1:9212"
        ),
        click.option("--sl651", type=Address(), help="SL 651（水文）监听地址，如 0.0.0.0:9651"),
        click.option("--szy206", type=Address(), help="SZY206（水资源）监听地址，如 0.0.0.0:9206"),
        click.option(
            "--sl651-confirm",
            type=click.Choice(["stay", "leave", "off"]),
            default="stay",
            show_default=True,
            help="落盘后怎样确认 SL 651 的自报：stay 测站保持在线（ESC），leave 测站退出通信（EOT），off 不确认（M1）",
        ),
        click.option(
            "--szy206-confirm",
            type=click.Choice(["off", "0", "1", "2", "3"]),
            default="off",
            show_default=True,
            help="落盘后怎样确认 SZY206 的自报：off 不确认；数字是确认里带的工作模式（0 兼容、1 自报、2 查询应答、3 调试），"
            "终端会照着改，与厂家约定后再写",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("gateway")
@listening_options
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
@log_option("gateway")
def command(
    hj212: tuple[str, int] | None,
    sl651: tuple[str, int] | None,
    szy206: tuple[str, int] | None,
    sl651_confirm: str,
    szy206_confirm: str,
    spool: Path,
    devices: Path | None,
    profiles: Path | None,
    http: tuple[str, int] | None,
) -> None:
    """运行采集网关：收到的报文先落盘，再应答。TERM 信号使它收完已到的数据后停止。"""
    import asyncio  # slow import

    from xunshui.telemetry.gateway.run import run_gateway  # slow import

    listening = Listening(hj212, sl651, szy206, sl651_confirm, szy206_confirm)
    addresses = listening.addresses
    with users_mistake():
        connectors = _connectors(devices) if devices is not None else ()
        agreed = _profiles(profiles) if profiles is not None else None
        try:
            asyncio.run(
                run_gateway(
                    spool,
                    addresses.get("hj212"),
                    stations=_stations(listening),
                    connectors=connectors,
                    http=http,
                    profiles=agreed,
                    ready=_ready,
                )
            )
        except OSError as error:
            if error.filename is None:
                raise UsersMistake(
                    f"不能监听 {_addresses(*addresses.values(), http)}：{error.strerror or error}；换一个端口，或停掉占用它的程序"
                ) from None
            raise


def _stations(listening: Listening) -> list[tuple[Tongue, tuple[str, int]]]:
    from xunshui.telemetry.sl651 import centre as sl651_centre  # slow import
    from xunshui.telemetry.szy206 import centre as szy206_centre

    found: list[tuple[Tongue, tuple[str, int]]] = []
    if listening.sl651 is not None:
        confirm = sl651_centre.Confirm(listening.sl651_confirm)
        found.append((sl651_centre.tongue(confirm), listening.sl651))
    if listening.szy206 is not None:
        mode = None if listening.szy206_confirm == "off" else int(listening.szy206_confirm)
        found.append((szy206_centre.tongue(mode), listening.szy206))
    return found


def _connectors(devices: Path) -> Sequence[tuple[Connector, DeviceState]]:
    from xunshui.telemetry.connectors.devices import read_devices  # slow import, and only for a devices file
    from xunshui.telemetry.connectors.run import connectors_of

    return connectors_of(read_devices(devices))


def _profiles(file: Path) -> Profiles:
    from xunshui.telemetry.hj212.read import read_profiles  # slow import, and only for a profiles file

    return read_profiles(file)


def _addresses(*told: tuple[str, int] | None) -> str:
    return " 或 ".join(f"{each[0]}:{each[1]}" for each in told if each is not None)


def _ready(protocol: str, address: tuple[str, int]) -> None:
    where = f"{address[0]}:{address[1]}"
    tell("gateway_listening", f"{TITLES[protocol]} 监听 {where}", protocol=protocol, address=where)
