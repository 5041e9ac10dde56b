"""`xunshui sensing`: gateway and flusher, watched over; one that ends is started again until all are told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xunshui.cli.gateway import DEFAULT, listening_options
from xunshui.cli.log import log_option
from xunshui.cli.paths import ExistingPath
from xunshui.cli.sensing_beside import check_files, gateway_options, words_of

if TYPE_CHECKING:
    from xunshui.cli.watched import Child


@click.command("sensing")
@click.option(
    "--spool", type=click.Path(path_type=Path, file_okay=False), required=True, help="收到的数据落盘的文件夹"
)
@listening_options
@gateway_options
@click.option("--simulate", "site", type=ExistingPath(), help="另外按这个站点文件模拟现场设备")
@click.option("--until-eof", is_flag=True, help="标准输入关闭时也停止：随启动它的程序一起结束")
@log_option("sensing")
def command(spool: Path, site: Path | None, until_eof: bool, **asked: Any) -> None:
    """看着采集网关与搬运各一个进程：谁停了就再启动谁，间隔由 1 秒加到 30 秒；TERM 信号使全部收尾后停止。"""
    import asyncio  # slow import

    from xunshui.cli.watched import of_ours, watch

    if asked["devices"] is not None and site is not None:
        raise click.BadParameter("模拟的现场自带设备文件，不能再给 --devices", param_hint="--devices")
    check_files(devices=asked["devices"], profiles=asked["profiles"])
    from xunshui.telemetry.spool import SpoolWriter

    SpoolWriter(spool).close()  # the flusher finds it there, whoever of them is first
    simulated: list[Child] = []
    if site is not None:
        from xunshui.cli.simulated import simulated_field  # slow import

        asked["hj212"] = asked["hj212"] or DEFAULT
        asked["devices"], simulated = simulated_field(site, spool, asked["hj212"])
    words = words_of({"spool": spool, **asked})
    children = [
        of_ours("gateway", "gateway", *words),
        of_ours("flusher", "lake", "flush", "--spool", str(spool), "--every", "5", "--quiet"),
        *simulated,
    ]
    asyncio.run(watch(children, until_eof=until_eof))
