"""`xunshui review`: the computing of a review that can be done away from the platform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.paths import ExistingPath

MOST_CELLS = 4_000_000


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
    from xunshui.review.assignment import AssignmentImpossible, AssignmentInvalid, assign  # slow import

    with users_mistake():
        fits, forbidden = _read(file)
        try:
            found = assign(fits, per_case=per_case, load=load, forbidden=forbidden)
        except (AssignmentInvalid, AssignmentImpossible) as error:
            raise UsersMistake(f"{file.name}：{error}") from None
    content = {"pairs": [list(pair) for pair in found.pairs], "total": found.total}
    if as_text:
        click.echo(json.dumps({**content, "total_bound": found.total_bound}))
        return
    for expert, case in found.pairs:
        click.echo(f"  专家 {expert} → 案例 {case}（适合 {fits[expert][case]:g}）")
    click.echo(f"共 {len(found.pairs)} 人次，总适合程度 {found.total:g}，上界 {found.total_bound:g}")


def _read(file: Path) -> tuple[list[list[float]], list[tuple[int, int]]]:
    if file.is_dir():
        raise UsersMistake(f"“{file}”是文件夹；请给一个 JSON 文件")
    try:
        raw = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise UsersMistake(f'{file.name} 不是 JSON；应为 {{"fit": [[…]]}}') from None
    if not isinstance(raw, dict) or not _is_table(raw.get("fit")):
        raise UsersMistake(f"{file.name} 里应有 fit：一张数字表，每行一位专家")
    pairs = raw.get("forbidden", [])
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        raise UsersMistake(f"{file.name} 的 forbidden 应为 [[专家, 案例], …]，两个都是从 0 数起的整数")
    unknown = raw.keys() - {"fit", "forbidden"}
    if unknown:
        raise UsersMistake(f"{file.name} 里有不认识的键：{'、'.join(sorted(unknown))}；可用：fit、forbidden")
    return _floats(raw["fit"], file), [(pair[0], pair[1]) for pair in pairs]


def _is_table(raw: Any) -> bool:
    return (
        isinstance(raw, list)
        and bool(raw)
        and all(isinstance(row, list) for row in raw)
        and sum(map(len, raw)) <= MOST_CELLS
        and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for row in raw for value in row
        )
    )


def _floats(rows: list[list[int | float]], file: Path) -> list[list[float]]:
    try:
        return [[float(value) for value in row] for row in rows]
    except OverflowError:
        raise UsersMistake(f"{file.name} 的 fit 中有过大的数") from None


def _is_pair(raw: Any) -> bool:
    return (
        isinstance(raw, list)
        and len(raw) == 2
        and all(isinstance(value, int) and not isinstance(value, bool) for value in raw)
    )
