"""`xunshui review`: the computing of a review that can be done away from the platform."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.paths import ExistingPath
from xunshui.site.mistakes import shown

MOST_CELLS = 4_000_000
MOST_TOLD = 8


@click.group("review")
def command() -> None:
    """评审用的计算。"""


@command.command("assign")
@click.argument("file", type=ExistingPath())
@click.option("--per-case", type=click.IntRange(1), required=True, help="每个案例的专家数")
@click.option("--load", type=click.IntRange(1), required=True, help="每位专家最多的案例数")
@click.option("--json", "as_text", is_flag=True, help="输出 JSON：pairs、total、total_bound")
def assign_command(file: Path, per_case: int, load: int, as_text: bool) -> None:
    """按 FILE 中的适合程度分配专家。

    FILE 是 {"fit": [[…]]}：每行一位专家，每列一个案例；可加 "forbidden": [[专家, 案例], …]，从 0 数起。
    退出码：0 已给出分配，2 文件或参数有误、或没有可行的分配。
    """
    from xunshui.review.assignment import AssignmentImpossible, assign, mistakes_in  # slow import

    with users_mistake():
        raw = _read(file)
        fits, forbidden, told = _fits(raw["fit"]), _pairs(raw["forbidden"]), _mistakes(raw)
        told += mistakes_in(fits, per_case=per_case, load=load, forbidden=forbidden)
        if told:
            lines = "\n".join(f"  {line}" for line in told)
            raise UsersMistake(f"{file.name} 有 {len(told)} 处需要改正：\n{lines}")
        try:
            found = assign(fits, per_case=per_case, load=load, forbidden=forbidden)
        except AssignmentImpossible as error:
            raise UsersMistake(f"{file.name}：{error}") from None
    content = {"pairs": [list(pair) for pair in found.pairs], "total": found.total}
    if as_text:
        click.echo(json.dumps({**content, "total_bound": found.total_bound}))
        return
    for expert, case in found.pairs:
        click.echo(f"  专家 {expert} → 案例 {case}（适合 {fits[expert][case]:g}）")
    click.echo(f"共 {len(found.pairs)} 人次，总适合程度 {found.total:g}，上界 {found.total_bound:g}")


def _read(file: Path) -> dict[str, Any]:
    """Return what the file holds, with a table and a list of pairs that may still be wrong inside."""
    if file.is_dir():
        raise UsersMistake(f"“{file}”是文件夹；请给一个 JSON 文件")
    try:
        raw = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise UsersMistake(f'{file.name} 不是 JSON；应为 {{"fit": [[…]]}}') from None
    if not isinstance(raw, dict) or not _is_table(raw.get("fit")):
        raise UsersMistake(f"{file.name} 里应有 fit：一张数字表，每行一位专家")
    if sum(map(len, raw["fit"])) > MOST_CELLS:
        raise UsersMistake(f"{file.name} 的 fit 超过 {MOST_CELLS} 格；请分批分配")
    return {"forbidden": [], **raw}


def _is_table(raw: Any) -> bool:
    return isinstance(raw, list) and bool(raw) and all(isinstance(row, list) for row in raw)


def _mistakes(raw: dict[str, Any]) -> list[str]:
    """Return what is not of the right type in the file."""
    return [*_unknown_keys(raw), *islice(_not_numbers(raw["fit"]), MOST_TOLD), *_not_pairs(raw["forbidden"])]


def _unknown_keys(raw: dict[str, Any]) -> Iterator[str]:
    unknown = sorted(raw.keys() - {"fit", "forbidden"})
    if unknown:
        yield f"不认识的键：{'、'.join(map(shown, unknown))}；可用：fit、forbidden"


def _not_numbers(rows: list[list[Any]]) -> Iterator[str]:
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            if not _is_number(value):
                yield f"fit 的 [{row}, {column}] 是 {_typed(value)}；应为数"


def _not_pairs(raw: Any) -> Iterator[str]:
    if not isinstance(raw, list):
        yield f"forbidden 是 {_typed(raw)}；应为 [[专家, 案例], …]"
        return
    wrong = (
        f"forbidden 第 {number} 项是 {_typed(pair)}；应为 [专家, 案例]，两个都是从 0 数起的整数"
        for number, pair in enumerate(raw, start=1)
        if not _is_pair(pair)
    )
    yield from islice(wrong, MOST_TOLD)


def _typed(value: Any) -> str:
    return shown(json.dumps(value, ensure_ascii=False))


def _fits(rows: list[list[Any]]) -> list[list[float]]:
    """Return the table with a zero where no number stands, so that what else is wrong can be told at once."""
    return [[_float(value) if _is_number(value) else 0.0 for value in row] for row in rows]


def _float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _pairs(raw: Any) -> list[tuple[int, int]]:
    return [(pair[0], pair[1]) for pair in raw if _is_pair(pair)] if isinstance(raw, list) else []


def _is_number(raw: Any) -> bool:
    return isinstance(raw, (int, float)) and not isinstance(raw, bool)


def _is_pair(raw: Any) -> bool:
    return (
        isinstance(raw, list)
        and len(raw) == 2
        and all(isinstance(value, int) and not isinstance(value, bool) for value in raw)
    )
