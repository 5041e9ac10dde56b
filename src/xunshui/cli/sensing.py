"""`xunshui sensing`: gateway and flusher, watched over; one that ends is started again until all are told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xunshui.cli.gateway import Address
from xunshui.cli.paths import ExistingPath

if TYPE_CHECKING:
    from xunshui.cli.watched import Child


@click.command("sensing")
@click.option(
    "--spool", type=click.Path(path_type=Path, file_okay=False), required=True, help="收到的数据落盘的文件夹"
)
@click.option("--hj212", type=Address(), default="127.0.0.1:9212", show_default=True, help="HJ 212 监听地址")
@click.option("--http", type=Address(), help="网关的 /health 与 /metrics 在此地址，如 127.0.0.1:9213")
@click.option("--profiles", type=ExistingPath(), help="数采仪的档案（YAML）：方言、密钥、对时、间隔")
@click.option("--devices", type=ExistingPath(), help="网关去读、去听的设备（YAML）")
@click.option("--simulate", "site", type=ExistingPath(), help="另外按这个站点文件模拟现场设备")
@click.option("--until-eof", is_flag=True, help="标准输入关闭时也停止：随启动它的程序一起结束")
def command(
    spool: Path,
    hj212: tuple[str, int],
    http: tuple[str, int] | None,
    profiles: Path | None,
    devices: Path | None,
    site: Path | None,
    until_eof: bool,
) -> None:
    """看着采集网关与搬运各一个进程：谁停了就再启动谁，间隔由 1 秒加到 30 秒；TERM 信号使全部收尾后停止。"""
    import asyncio  # slow import

    from xunshui.cli.watched import of_ours, watch

    if devices is not None and site is not None:
        raise click.BadParameter("模拟的现场自带设备文件，不能再给 --devices", param_hint="--devices")
    from xunshui.telemetry.spool import SpoolWriter

    SpoolWriter(spool).close()  # the flusher finds it there, whoever of them is first
    simulated: list[Child] = []
    if site is not None:
        from xunshui.cli.simulated import simulated_field  # slow import

        devices, simulated = simulated_field(site, spool, hj212)
    more = [
        word
        for name, value in (
            ("--devices", devices),
            ("--profiles", profiles),
            ("--http", http and f"{http[0]}:{http[1]}"),
        )
        if value is not None
        for word in (name, str(value))
    ]
    gateway = ("gateway", "--hj212", f"{hj212[0]}:{hj212[1]}", "--spool", str(spool), *more)
    children = [
        of_ours("gateway", *gateway),
        of_ours("flusher", "lake", "flush", "--spool", str(spool), "--every", "5", "--quiet"),
        *simulated,
    ]
    asyncio.run(watch(children, until_eof=until_eof))
