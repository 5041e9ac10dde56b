"""`xunshui up`: one command from an empty folder to a served site; with `--demo`, one with a whole invented programme."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from xunshui.cli.django_ready import home, records_answer, start_django
from xunshui.cli.gateway import listening_options
from xunshui.cli.log import is_json, log_option, start_log
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.sensing_beside import (
    check_files,
    free_address,
    gateway_options,
    sensing_child,
    sensing_folder,
    starts_sensing,
    words_of,
)
from xunshui.cli.words import system_words
from xunshui.telemetry.log import tell

if TYPE_CHECKING:
    from xunshui.cli.watched import Child

MOST_WORKERS = 4


@click.command("up")
@click.option("--demo", is_flag=True, help="演示：造好虚构的四轮征集，点一下就能以任何角色进入")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
@listening_options
@gateway_options
@click.option("--no-sensing", is_flag=True, help="演示不模拟现场、不启动采集")
@click.option("--workers", type=click.IntRange(min=1), help="进程数；默认与处理器数相同，最多 4")
@log_option("up")
def command(demo: bool, host: str, port: int, no_sensing: bool, workers: int | None, **asked: Any) -> None:
    """建库、备好页面并开始服务；写了任何一个采集选项也启动采集。数据在 XUNSHUI_HOME（默认 ./var）。按 Ctrl-C 停止。

    页面与采集各是一个进程，谁停了就再启动谁；停止时先停页面，再让采集收完已到的数据。
    """
    import asyncio  # slow import

    from xunshui.cli.pages import pages_child
    from xunshui.cli.watched import watch

    _check(demo, no_sensing, asked)
    listener = _listen(host, port)
    if demo:
        os.environ["XUNSHUI_DEMO"] = "1"
    with users_mistake():
        _prepare(demo=demo)
    sensing = [] if no_sensing else _sensing(asked, demo=demo)
    pages = pages_child(listener, workers or min(os.cpu_count() or 1, MOST_WORKERS))

    async def say_ready() -> None:
        await _answers(host, port)
        _say_ready(host, port, demo=demo)

    asyncio.run(watch([*sensing, pages], until_eof=False, meanwhile=say_ready))


def _check(demo: bool, no_sensing: bool, asked: dict[str, Any]) -> None:
    """Refuse options that contradict one another, and files with mistakes, before anything is made."""
    told = "、".join(starts_sensing(asked))
    if no_sensing and told:
        raise UsersMistake(f"--no-sensing 不启动采集，不能与 {told} 一起写；去掉其中之一")
    if demo and asked["devices"] is not None:
        raise UsersMistake("演示模拟的现场自带设备文件，--demo 不能与 --devices 一起写；去掉其中之一")
    check_files(devices=asked["devices"], profiles=asked["profiles"])


def _listen(host: str, port: int) -> socket.socket:
    """Return the bound socket: taken before anything is made, so that a second server changes nothing."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Linux lets two sockets bind that do not listen yet; the one that listens owns the port.
        listener.listen()
    except OSError as error:
        listener.close()
        why = "已被占用" if error.errno in (98, 48) else system_words(error)
        raise UsersMistake(
            f"{host}:{port} 不能监听：{why}；换一个端口，如 xunshui up --port {port + 1}"
        ) from None
    return listener


def _prepare(*, demo: bool) -> None:
    if demo:
        _set_clock()
    start_django()
    start_log("up")
    from xunshui.web.project import prepare  # slow import

    with records_answer():
        for step in prepare.bring_up_to_date():
            _say("records_step", step)
        if demo:
            _make_demo()
        elif not prepare.has_ministry():
            _say_first_account()


def _set_clock() -> None:
    """Set the demo's clock the first time, before the settings read it; refuse a folder with real records."""
    import datetime as dt  # cheap, and only here

    from xunshui.web.project.demo.calendar import MOMENT
    from xunshui.web.project.demo_clock import set_demo_clock

    if os.environ.get("XUNSHUI_DATABASE"):
        raise UsersMistake(
            "演示不设密码，不打开 XUNSHUI_DATABASE 所指的数据库；先 unset XUNSHUI_DATABASE，"
            "演示数据放在 XUNSHUI_HOME 的 SQLite 里"
        )
    clock = home() / "demo-clock"
    if clock.exists():
        return
    if (home() / "records.sqlite3").exists():
        raise UsersMistake(
            f"{home()} 里已有正式数据，不能以演示方式打开（演示不设密码）；"
            "换一个文件夹：XUNSHUI_HOME=var-demo xunshui up --demo"
        )
    home().mkdir(parents=True, exist_ok=True)
    set_demo_clock(clock, shown=MOMENT, now=dt.datetime.now(dt.UTC))


def _make_demo() -> None:
    from xunshui.web.project.demo.make import is_made, make_demo  # slow import

    if is_made():
        return
    _say("demo_making", "正在生成演示数据（全部虚构，约半分钟，只做一次）")
    cases = make_demo(lambda told: _say("demo_step", f"  {told}"))
    _say("demo_made", f"  共 {cases} 个申报", cases=cases)


def _sensing(asked: dict[str, Any], *, demo: bool) -> list[Child]:
    """Return gateway and flusher where an option of theirs is told, and in a demo, where loggers are simulated too."""
    if not demo:
        told = starts_sensing(asked)
        return [sensing_child(sensing_folder(), *words_of(asked))] if told else []
    from xunshui.cli.simulated import FAULTS, TOLD  # slow import
    from xunshui.site import write_site  # slow import
    from xunshui.web.project.demo.plant import faults, plant

    site = home() / "demo-plant.json"
    write_site(plant(), site)
    if not (sensing_folder() / TOLD).exists():
        site.with_suffix(FAULTS).write_text(faults(time.time_ns() // 1000), "utf-8")
    asked = {**asked, "hj212": asked["hj212"] or free_address(), "simulate": site}
    return [sensing_child(sensing_folder(), *words_of(asked))]


async def _answers(host: str, port: int) -> None:
    """Return once a page is answered."""
    import asyncio  # slow import

    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while True:
        try:
            reader, writer = await asyncio.open_connection(asked, port)
            writer.write(f"GET /health HTTP/1.1\r\nHost: {asked}\r\nConnection: close\r\n\r\n".encode())
            answered = await reader.readline()
            writer.close()
        except OSError:
            answered = b""
        if answered:
            return
        await asyncio.sleep(0.2)


def _say_ready(host: str, port: int, *, demo: bool) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    address = f"http://{shown}:{port}"
    if is_json():
        tell("web_ready", f"循水已启动：{address}/", address=address, demo=demo)
        return
    click.echo(f"\n循水已启动：{address}/    案例库：{address}/catalogue/")
    if demo:
        _say_people(address)
    click.echo("按 Ctrl-C 停止。")
    sys.stdout.flush()


def _say_people(address: str) -> None:
    from xunshui.web.project.demo_door import SHOWN  # slow import

    click.echo(f"演示人员（没有密码，在 {address}/accounts/login/ 点一下进入）：")
    for username, what in SHOWN.items():
        click.echo(f"  {username:<12}{what}")
    click.echo(f"演示数据在 {home()}；删除它就从头开始。")


def _say_first_account() -> None:
    how = "xunshui account new ministry --user 账号 --person 姓名"
    _say("no_account", f"还没有工业和信息化部的账号。另开一个终端建立第一个：\n  {how}")


def _say(event: str, words: str, **facts: int) -> None:
    """Say a step on the terminal, or tell it in the log where that is for machines."""
    if is_json():
        tell(event, words.strip(), level=logging.INFO, **facts)
    else:
        click.echo(words)
