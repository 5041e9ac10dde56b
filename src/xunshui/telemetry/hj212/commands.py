"""The commands that a person may have sent to a logger: rows of `commands.yaml`, checked and written strictly.

>>> sampling = Command(code="3012", what="即时采样", dialects=("2017",), takes=("PolId",), parameters={
...     "PolId": Parameter(what="监测因子编码", pattern="[a-z0-9]{6}", accepted="如 w01018")})
>>> request_of([sampling], "3012", "2017", {"PolId": "w01018"}).content
'PolId=w01018'
>>> request_of([sampling], "3012", "2025", {"PolId": "w01018"})
Traceback (most recent call last):
...
ValueError: 3012（即时采样）只有 2017 版才有，这台数采仪按 2025 版对话；换一条命令，或在配置中写 dialect
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunshui.telemetry.hj212.requests import Request
from xunshui.telemetry.localtime import digits_of_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What may stand behind a name in CP. A `secret` is never shown."""

    what: str
    pattern: str
    accepted: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One row: a command as these dialects have it."""

    code: str
    what: str
    dialects: tuple[str, ...]
    source: str = ""
    takes: tuple[str, ...] = ()
    """Names of parameters in the order of writing; a question mark behind one says that it may be left out."""
    period: str = ""
    parted: str = ";"
    brings: str = ""
    lasts_s: float | None = None
    parameters: Mapping[str, Parameter]
    """Of all commands, by name."""


def commands_of(raw: Mapping[str, Any]) -> list[Command]:
    """Return the commands that a table describes."""
    parameters = {name: Parameter(**told) for name, told in raw["parameters"].items()}
    return [_row(told, parameters) for told in raw["commands"]]


def _row(told: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> Command:
    written: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return Command(**written, parameters=parameters)


def request_of(
    commands: Sequence[Command],
    code: str,
    dialect: str,
    given: Mapping[str, str],
    period_us: tuple[int, int] | None = None,
) -> Request:
    """Return the request for a command with the parameters given; raises ValueError with every mistake."""
    command = _found(commands, code, dialect)
    mistakes = [*_mistakes_of_names(command, given), *_mistakes_of_period(command, period_us)]
    if mistakes:
        raise ValueError(f"{code}（{command.what}）：{'；'.join(mistakes)}")
    parts = [f"{name}={given[name]}" for name in _names(command, given) if name in given]
    period = None
    if period_us is not None:
        period = digits_of_instant(period_us[0]), digits_of_instant(period_us[1])
        parted = "," if dialect == "2005" else command.parted
        parts.append(f"BeginTime={period[0]}{parted}EndTime={period[1]}")
    return Request(
        command=code,
        what=command.what,
        content=";".join(parts),
        period=period,
        brings=command.brings,
        lasts_s=command.lasts_s,
    )


def _found(commands: Sequence[Command], code: str, dialect: str) -> Command:
    rows = [command for command in commands if command.code == code]
    if not rows:
        codes = "、".join(sorted({command.code for command in commands}))
        raise ValueError(f"不认识的命令“{code[:20]}”；可填：clock、key、{codes}")
    for command in rows:
        if dialect in command.dialects:
            return command
    known = "、".join(each for command in rows for each in command.dialects)
    raise ValueError(
        f"{code}（{rows[0].what}）只有 {known} 版才有，这台数采仪按 {dialect} 版对话；换一条命令，或在配置中写 dialect"
    )


def _names(command: Command, given: Mapping[str, str]) -> dict[str, tuple[Parameter, bool]]:
    """Return all parameters by name, each with whether it must be given; braces hold another's value."""
    found = {}
    for name in command.takes:
        bare = name.removesuffix("?")
        spelled = bare.replace("{InfoId}", given.get("InfoId") or "InfoId的值")
        found[spelled] = command.parameters[bare], bare == name
    return found


def _mistakes_of_names(command: Command, given: Mapping[str, str]) -> Iterator[str]:
    known = _names(command, given)
    for name in given:
        if name not in known:
            yield f"不认识的参数“{name[:40]}”，可填：{'、'.join(known) or '（没有参数）'}"
    for name, (parameter, needed) in known.items():
        if name not in given:
            if needed:
                yield f"缺 {name}（{parameter.what}），可填{parameter.accepted}"
        elif not re.fullmatch(parameter.pattern, given[name]):
            shown = f"现有 {len(given[name])} 个字符" if parameter.secret else f"“{given[name][:40]}”"
            yield f"{name}（{parameter.what}）的写法不对（{shown}），可填{parameter.accepted}"


def _mistakes_of_period(command: Command, period_us: tuple[int, int] | None) -> Iterator[str]:
    if command.period == "required" and period_us is None:
        yield "要写明时段，如 --from 2024-01-01T08:00 --to 2024-01-01T09:00"
    if not command.period and period_us is not None:
        yield "没有时段，不写 --from、--to"
