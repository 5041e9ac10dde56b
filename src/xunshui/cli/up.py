"""`xunshui up`: one command from an empty folder to a served site; with `--demo`, one with a whole invented programme."""

from __future__ import annotations

import os
import socket
import sys

import click

from xunshui.cli.django_ready import home, records_answer, start_django
from xunshui.cli.gateway import Address
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.sensing_beside import Sensing, free_address
from xunshui.cli.words import system_words

MOST_WORKERS = 4


@click.command("up")
@click.option("--demo", is_flag=True, help="演示：造好虚构的四轮征集，点一下就能以任何角色进入")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
@click.option(
    "--hj212", type=Address(), help="采集网关的 HJ 212 监听地址；不写则不启动采集（演示自取空闲端口）"
)
@click.option("--no-sensing", is_flag=True, help="演示不模拟现场、不启动采集")
@click.option("--workers", type=click.IntRange(min=1), help="进程数；默认与处理器数相同，最多 4")
def command(
    demo: bool, host: str, port: int, hj212: tuple[str, int] | None, no_sensing: bool, workers: int | None
) -> None:
    """建库、备好页面并开始服务；数据在 XUNSHUI_HOME（默认 ./var）。按 Ctrl-C 停止。"""
    listener = _listen(host, port)
    if demo:
        os.environ["XUNSHUI_DEMO"] = "1"
    with users_mistake():
        _prepare(demo=demo)
    sensing = None if no_sensing else _start_sensing(hj212, demo=demo)
    from xunshui.web.project.serve import serve  # slow import

    try:
        serve(
            listener,
            workers=workers or min(os.cpu_count() or 1, MOST_WORKERS),
            ready=lambda: _say_ready(host, port, demo=demo),
        )
    finally:
        if sensing is not None:
            sensing.end()


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
    from xunshui.web.project import prepare  # slow import

    with records_answer():
        for step in prepare.bring_up_to_date():
            click.echo(step)
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
    click.echo("正在生成演示数据（全部虚构，约半分钟，只做一次）")
    cases = make_demo(lambda told: click.echo(f"  {told}"))
    click.echo(f"  共 {cases} 个申报")


def _start_sensing(hj212: tuple[str, int] | None, *, demo: bool) -> Sensing | None:
    """Start gateway and flusher where an address is told, and in a demo, where loggers are simulated too."""
    if hj212 is None and not demo:
        return None
    from django.conf import settings  # set up by now

    address = f"{hj212[0]}:{hj212[1]}" if hj212 is not None else free_address()
    if not demo:
        return Sensing(settings.SENSING, address)
    from xunshui.site import write_site  # slow import
    from xunshui.web.project.demo.plant import plant

    site = home() / "demo-plant.json"
    write_site(plant(), site)
    return Sensing(settings.SENSING, address, site)


def _say_ready(host: str, port: int, *, demo: bool) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    address = f"http://{shown}:{port}"
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
    click.echo("还没有工业和信息化部的账号。另开一个终端建立第一个：")
    click.echo("  xunshui account new ministry --user 账号 --person 姓名")
