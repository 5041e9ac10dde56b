"""`xunshui simulate`: devices that tell the water of a site over real protocols, to try the platform without a plant."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xunshui.cli.gateway import Address
from xunshui.cli.log import log_option
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.paths import ExistingPath
from xunshui.site import read_site
from xunshui.telemetry.log import tell

if TYPE_CHECKING:
    from xunshui.simulator.faults import Fault


@click.command("simulate")
@click.argument("site", type=ExistingPath())
@click.option(
    "--hj212", type=Address(), default="127.0.0.1:9212", show_default=True, help="网关的 HJ 212 地址"
)
@click.option("--modbus", type=Address(), help="在此地址模拟 Modbus 水表（每个点位一个从站）")
@click.option("--opcua", type=Address(), help="在此地址模拟 OPC UA 服务器")
@click.option("--mqtt", type=Address(), help="向此地址的 MQTT 代理发布水质")
@click.option("--since", default="2023-01-01", show_default=True, help="从哪天起补传日数据")
@click.option(
    "--told", type=click.Path(path_type=Path, dir_okay=False), help="记住讲到何时的文件，下次接着讲"
)
@click.option("--bias", multiple=True, metavar="水表=%[@时刻]", help="此表偏高这么多，如 FM-118=6%；可写多次")
@click.option("--leak", multiple=True, metavar="单元=m³/h[@时刻]", help="此单元漏这么多，如 CT1=41；可写多次")
@click.option("--from", "begin", default="", metavar="时刻", help="故障从何时起：02:10 或 2026-11-29T02:10")
@click.option("--past-only", is_flag=True, help="补完历史就停，不继续实时上传")
@log_option("simulator")
def command(
    site: Path,
    hj212: tuple[str, int],
    modbus: tuple[str, int] | None,
    opcua: tuple[str, int] | None,
    mqtt: tuple[str, int] | None,
    since: str,
    told: Path | None,
    bias: tuple[str, ...],
    leak: tuple[str, ...],
    begin: str,
    past_only: bool,
) -> None:
    """按 SITE 的点位模拟现场设备。数采仪（HJ 212）补传历史（日数据、最近两个月的小时数据），再实时上传。水量取自文件，误差为虚构。"""
    import asyncio  # slow import

    from xunshui.simulator import Field, simulate  # slow import
    from xunshui.simulator.run import Course
    from xunshui.telemetry.localtime import instant_of_text

    with users_mistake():
        try:
            since_us = instant_of_text(since)
        except ValueError:
            raise UsersMistake(f"“{since}”不是日期；应写作 2023-01-01") from None
        try:
            course = Course(since_us=since_us, told=told, faults=_faults(bias, leak, begin))
            field = Field(modbus=modbus, opcua=opcua, mqtt=mqtt)
            asyncio.run(
                simulate(
                    read_site(site), hj212, course, field=field, live=not past_only, caught_up=_caught_up
                )
            )
        except KeyboardInterrupt:
            return
        except ValueError as error:
            raise UsersMistake(str(error)) from None


def _faults(bias: tuple[str, ...], leak: tuple[str, ...], begin: str) -> tuple[Fault, ...]:
    from xunshui.simulator.faults import read_bias, read_leak  # slow import

    now_us = time.time_ns() // 1000
    return (
        *(read_bias(text, now_us=now_us, default=begin) for text in bias),
        *(read_leak(text, now_us=now_us, default=begin) for text in leak),
    )


def _caught_up(frames: int) -> None:
    tell("history_told", f"历史已补传：{frames} 帧都得到应答", frames=frames)
