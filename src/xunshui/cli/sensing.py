"""`xunshui sensing`: gateway and flusher, watched over; one that ends is started again until all are told to stop."""

from __future__ import annotations

from pathlib import Path

import click

from xunshui.cli.gateway import Address
from xunshui.cli.paths import ExistingPath


@click.command("sensing")
@click.option(
    "--spool", type=click.Path(path_type=Path, file_okay=False), required=True, help="收到的数据落盘的文件夹"
)
@click.option("--hj212", type=Address(), default="127.0.0.1:9212", show_default=True, help="HJ 212 监听地址")
@click.option("--simulate", "site", type=ExistingPath(), help="另外按这个站点文件模拟现场设备")
@click.option("--until-eof", is_flag=True, help="标准输入关闭时也停止：随启动它的程序一起结束")
def command(spool: Path, hj212: tuple[str, int], site: Path | None, until_eof: bool) -> None:
    """看着采集网关与搬运各一个进程：谁停了就再启动谁，间隔由 1 秒加到 30 秒；TERM 信号使全部收尾后停止。"""
    import asyncio  # slow import

    from xunshui.cli.watched import Child, watch

    address = f"{hj212[0]}:{hj212[1]}"
    children = [
        Child("gateway", ("gateway", "--hj212", address, "--spool", str(spool))),
        Child("flusher", ("lake", "flush", "--spool", str(spool), "--every", "5", "--quiet")),
    ]
    if site is not None:
        told = ("--told", str(spool / "simulated"))
        children.append(Child("simulator", ("simulate", str(site), "--hj212", address, *told)))
    spool.mkdir(parents=True, exist_ok=True)
    asyncio.run(watch(children, until_eof=until_eof))
