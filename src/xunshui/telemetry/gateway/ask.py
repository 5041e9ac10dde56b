"""Asking a running gateway: one line of JSON through a socket in its folder, and one line back.

Only the gateway's own user may open the socket. The asker waits until the logger answered or was given up.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from xunshui.telemetry.errors import NotAnswered, ProfilesFileInvalid
from xunshui.telemetry.gateway.hj212_host import Host
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.requests import Exchange, State

FILE = "gateway.sock"
CLOCK, KEY, RELOAD = "clock", "key", "reload"
LONGEST_LINE = 8_192
LINE_S = 5.0
ANSWER_S = 2 * 3_600.0


async def serve_asks(
    folder: Path, sessions: Mapping[str, Session], host: Host
) -> asyncio.AbstractServer | None:
    """Answer who asks through the folder's socket; None where its file system knows no sockets."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(LINE_S):
                line = await reader.readline()
            try:
                told = await _answer(line, sessions, host)
            except NotAnswered as error:
                told = {"ok": False, "words": str(error)}
            writer.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        except (TimeoutError, OSError, ValueError):
            pass
        finally:
            writer.close()

    listening = socket.socket(socket.AF_UNIX)
    try:
        (folder / FILE).unlink(missing_ok=True)
        with _short(folder) as path:
            before = os.umask(0o177)
            try:
                listening.bind(path)
            finally:
                os.umask(before)
    except OSError:
        listening.close()
        return None
    return await asyncio.start_unix_server(answer, sock=listening, limit=LONGEST_LINE)


def stop_asks(folder: Path, server: asyncio.AbstractServer | None) -> None:
    """Take the socket away."""
    if server is not None:
        server.close()
        (folder / FILE).unlink(missing_ok=True)


def ask(folder: Path, request: Mapping[str, Any]) -> str:
    """Ask the gateway of a folder and return what the logger said, in words.

    Raises NotAnswered where no gateway runs, or the logger is not there, refuses, or does not answer.
    """
    asking = socket.socket(socket.AF_UNIX)
    with asking:
        try:
            with _short(folder) as path:
                asking.connect(path)
        except OSError:
            raise NotAnswered(
                f"{folder} 里没有正在运行的网关；先启动 xunshui gateway --spool {folder}，或检查权限"
            ) from None
        asking.settimeout(ANSWER_S)
        asking.sendall(json.dumps(request).encode() + b"\n")
        try:
            with asking.makefile("rb") as lines:
                told = json.loads(lines.readline())
        except (OSError, ValueError):
            raise NotAnswered("网关没有答完就停了；看它是否还在运行，再问一次") from None
    if not told["ok"]:
        raise NotAnswered(told["words"])
    return str(told["words"])


class _Asked(NamedTuple):
    """What is asked: a word, or a command of the table with its parameters and period."""

    command: str
    device: str
    given: dict[str, str]
    period_us: tuple[int, int] | None
    file: str


async def _answer(line: bytes, sessions: Mapping[str, Session], host: Host) -> dict[str, Any]:
    asked = _read(line)
    if asked.command == RELOAD:
        return {"ok": True, "words": _reload(asked.file, sessions, host)}
    session = sessions.get(asked.device)
    if session is None or not session.connected:
        known = "、".join(each.device for each in sessions.values() if each.connected) or "（无）"
        raise NotAnswered(f"数采仪 {asked.device} 没有连接；现在连着的：{known[:400]}")
    if session.is_nameless:
        raise NotAnswered(f"{asked.device} 还没有 MN；在配置里给它的 MN 写上 hardware，由网关下发 1002")
    exchange = await _exchanged(asked, session, host)
    return {"ok": exchange.state is State.DONE, "words": _words(asked.device, exchange)}


async def _exchanged(asked: _Asked, session: Session, host: Host) -> Exchange:
    if asked.command == CLOCK:
        return await host.asked_clock(session)
    if asked.command == KEY:
        return await host.asked_key(session)
    return await host.asked(session, asked.command, asked.given, asked.period_us)


def _reload(file: str, sessions: Mapping[str, Session], host: Host) -> str:
    """Take other profiles; where there is a mistake in them, the ones there were go on."""
    from xunshui.telemetry.hj212.read import read_profiles  # slow import, and only for a profiles file

    try:
        profiles = read_profiles(file)
    except ProfilesFileInvalid as error:
        raise NotAnswered(f"{error}\n网关仍按原来的配置运行") from None
    host.agree(profiles, list(sessions.values()))
    return f"已按 {file} 运行；有变化的设置下发给连着的数采仪，没连着的等它连上"


def _read(line: bytes) -> _Asked:
    """Return what is asked. Raises ValueError for what `ask` never writes."""
    told = json.loads(line)
    if not isinstance(told, dict) or not isinstance(told.get("command"), str):
        raise ValueError("not a request")
    given = {str(name): str(value) for name, value in dict(told.get("with") or {}).items()}
    period = (int(told["from"]), int(told["to"])) if {"from", "to"} <= told.keys() else None
    return _Asked(told["command"], str(told.get("device")), given, period, str(told.get("profiles", "")))


def _words(device: str, exchange: Exchange) -> str:
    request = exchange.request
    brought = f"，收到 {exchange.frames} 帧" if request.brings else ""
    because = f"（{exchange.words}）" if exchange.words else ""
    first = f"{device} {request.what}（{request.command}）：{exchange.state}{brought}{because}"
    return "\n  ".join([first, *exchange.said])


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """Give a path of the socket that is short whatever the folder's is: sockets take some hundred bytes."""
    path = str(folder / FILE)
    if len(os.fsencode(path)) < 100 or not Path("/proc/self/fd").exists():
        yield path
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{FILE}"
    finally:
        os.close(opened)
