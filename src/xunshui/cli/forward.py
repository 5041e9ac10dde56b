"""`xunshui forward`: pass on to a regulator's platform what loggers sent, until each frame is acknowledged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from xunshui.cli.gateway import Address
from xunshui.cli.log import log_option
from xunshui.cli.mistakes import UsersMistake, users_mistake


@click.command("forward")
@click.option("--spool", type=click.Path(path_type=Path, file_okay=False), required=True, help="网关的文件夹")
@click.option("--to", type=Address(), help="监管平台的地址")
@click.option("--name", help="转发的名字，进度记在它名下；默认由地址得出")
@click.option("--devices", help="只转发这些设备：MN，逗号分隔；默认全部")
@click.option(
    "--map",
    "numbers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="监管平台登记的 MN 与数采仪不同时：CSV，表头 device,mn",
)
@click.option("--window", type=click.IntRange(1, 1_000), default=32, show_default=True, help="最多多少帧在途")
@click.option(
    "--timeout", type=click.FloatRange(0.1, 99), default=10, show_default=True, help="多少秒没有应答就重发"
)
@click.option("--resends", type=click.IntRange(0, 99), default=3, show_default=True, help="最多重发几次")
@click.option("--rf", is_flag=True, help="补传的帧带 RF=1（2025 版的平台）")
@click.option("--forget", is_flag=True, help="不再转发：删去这个名字的进度，缓存不再为它保留数据")
@log_option("forward")
def command(
    spool: Path,
    to: tuple[str, int] | None,
    name: str | None,
    devices: str | None,
    numbers: Path | None,
    window: int,
    timeout: float,
    resends: int,
    rf: bool,
    forget: bool,
) -> None:
    """把网关收下的 HJ 212 数据报文按顺序转发给监管平台，逐帧等到 9014。TERM 信号使它停止。"""
    import asyncio  # slow import

    from xunshui.telemetry.forward.outbox import AlreadyForwarding, forget_forwarder  # slow import
    from xunshui.telemetry.forward.run import run_forwarder  # slow import
    from xunshui.telemetry.forward.settings import NAME, MapInvalid, Settings, read_numbers  # slow import

    if to is None and not (forget and name):
        raise UsersMistake("缺 --to；写明监管平台的地址，如 --to 10.0.0.5:9002（--forget 时写 --name 也可）")
    name = name or "{}-{}".format(*(to or ())).replace(":", "_")
    if not NAME.fullmatch(name):
        raise UsersMistake(f"--name “{name}”不能用；只含字母、数字、汉字、_ . -，最长 64 字")
    chosen = frozenset(filter(None, map(str.strip, devices.split(",")))) if devices is not None else None
    with users_mistake():
        try:
            if forget or to is None:
                forget_forwarder(spool, name)
                return
            settings = Settings(
                window=window,
                time_out=timedelta(seconds=timeout),
                resends=resends,
                devices=chosen,
                numbers=read_numbers(numbers) if numbers else {},
                backfill_is_marked=rf,
            )
            asyncio.run(run_forwarder(spool, name, to, settings))
        except (AlreadyForwarding, MapInvalid) as error:
            raise UsersMistake(str(error)) from None
        except KeyError:
            raise UsersMistake(
                f"{spool} 里没有名为 {name} 的转发；名字见文件夹里的 forward-名字.json"
            ) from None
