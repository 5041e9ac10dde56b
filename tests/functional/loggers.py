"""Loggers of HJ 212 for tests: the Node field side, what it heard, and what the gateway says of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from tests.functional import gateways

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.ask import ask as asking
from xunshui.telemetry.gateway.status import read_status
from xunshui.telemetry.localtime import instant_of_text

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js 未安装")


def profiles_file(folder: Path, **told: Any) -> Path:
    """Write a profiles file; JSON is YAML."""
    file = folder / "profiles.yaml"
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


@contextmanager
def field(port: int, device: str, **options: object) -> Iterator[Popen[str]]:
    """Run the Node field side for the length of the block."""
    told = [f"{name}={value}" for name, value in options.items()]
    process = Popen(
        ["node", str(gateways.PEERS / "hj212_field.mjs"), str(port), device, *told], stdout=PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def heard_by(process: Popen[str]) -> list[str]:
    """Return all frames that a field side was sent; ends it."""
    process.kill()
    assert process.stdout is not None
    return process.stdout.read().splitlines()


def commands(segments: list[str]) -> list[str]:
    """Return the command of each data segment."""
    return [found[1] for segment in segments if (found := re.search(r"CN=(\d+)", segment))]


def session(spool: Path, device: str) -> dict[str, Any]:
    """Return what the gateway says of a logger."""
    told = read_status(spool) or {"sessions": []}
    return next((each for each in told["sessions"] if each["device"] == device), {})


def came_of(spool: Path, device: str) -> dict[str, str]:
    """Return how far each request to a logger has come, by its command."""
    return {each["command"]: each["state"] for each in session(spool, device).get("requests", [])}


def ask(spool: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """Run `xunshui hj212 ask` and return its exit code and what it wrote."""
    return run("ask", "--spool", str(spool), *words, typed=typed)


def run(*words: str, typed: str = "") -> tuple[int, str]:
    """Run `xunshui hj212 …` and return its exit code and what it wrote."""
    command = [str(gateways.XUNSHUI), "hj212", *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, input=typed)
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def asked(
    spool: Path, device: str, command: str, period: tuple[str, str] | None = None, **given: str
) -> tuple[int, str]:
    """Ask as the command does, without a process of its own."""
    request: dict[str, object] = {"device": device, "command": command, "with": given}
    if period is not None:
        request |= {"from": instant_of_text(period[0]), "to": instant_of_text(period[1])}
    try:
        return 0, asking(spool, request)
    except NotAnswered as error:
        return 2, str(error)
