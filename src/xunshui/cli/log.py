"""`--log text|json`: how a long-running process tells what happens, on stderr.

text is a plain sentence a line; json an object a line, with the instant (ISO 8601, +08:00), the process, a stable
event, its level, the sentence, and the facts as fields. The choice goes into the environment, so that whoever is
started from here speaks the same way.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

import click

from xunshui.cli.log_bound import Bounded

VARIABLE = "XUNSHUI_LOG"
BEIJING = dt.timezone(dt.timedelta(hours=8))
C = TypeVar("C", bound=Callable[..., Any])


def log_option(process: str) -> Callable[[C], C]:
    """Give a command the option `--log`, which sets up the log of this process before the command runs."""

    def chosen(_context: click.Context, _param: click.Parameter, form: str) -> None:
        os.environ[VARIABLE] = form
        start_log(process)

    return click.option(
        "--log",
        type=click.Choice(["text", "json"]),
        default="text",
        envvar=VARIABLE,
        show_default=True,
        expose_value=False,
        callback=chosen,
        help="运行记录（标准错误）的形式；也可用环境变量 XUNSHUI_LOG",
    )


def is_json() -> bool:
    """Return whether this process tells in JSON."""
    return os.environ.get(VARIABLE) == "json"


def start_log(process: str) -> None:
    """Send what this process tells, and what its libraries warn of, to stderr in the form that was chosen.

    What only machines read is told in JSON alone.
    """
    handler = Bounded(is_json())
    handler.setFormatter(JsonLines(process) if is_json() else TextLines())
    root, ours = logging.getLogger(), logging.getLogger("xunshui")
    for old in [each for each in root.handlers if type(each) in (Bounded, logging.StreamHandler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    ours.setLevel(logging.DEBUG if is_json() else logging.INFO)
    sys.excepthook = _crashed if is_json() else sys.__excepthook__


class TextLines(logging.Formatter):
    """The sentence, and how many of its like were left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines."""
        left_out = getattr(record, "left_out", 0)
        return super().format(record) + (f"（此前同类 {left_out} 条没有写出）" if left_out else "")


class JsonLines(logging.Formatter):
    """One object a line."""

    def __init__(self, process: str) -> None:
        """Take the name of the process."""
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, BEIJING).isoformat(timespec="milliseconds"),
            "process": self._process,
            "pid": os.getpid(),
            "event": getattr(record, "event", "library"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "facts", {"logger": record.name}),
        }
        if left_out := getattr(record, "left_out", 0):
            told["left_out"] = left_out
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("xunshui").critical(
        "意外中止：%s", kind.__name__, exc_info=(kind, error, trace), extra={"event": "crashed", "facts": {}}
    )
