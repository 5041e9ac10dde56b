"""What verifying a package found, told on the terminal."""

from __future__ import annotations

import json
from typing import Any

import click

from xunshui.evidence import (
    MISSING,
    Level,
    Replay,
    ReplayState,
    Report,
    SignatureState,
    Versions,
    explanation,
)

MOST_DIFFERENCES = 20
LEVELS = {
    Level.REPLAYED: "完整，重算结果相同",
    Level.DIFFERS: "完整，但重算结果不同",
    Level.BROKEN: "已损坏或被改过",
}


def print_report(report: Report) -> None:
    """Print how far the package holds, then why."""
    click.echo(LEVELS[report.level])
    for fault in report.faults:
        click.echo(f"  {_plain(fault.path)}：{_plain(fault.problem)}")
    click.echo(f"清单摘要  {report.fingerprint}")
    if report.created_at and report.versions:
        click.echo(f"制作时间  {report.created_at.isoformat()}（由制作者填写）")
        _print_versions(report.versions)
    click.echo(f"签名      {_signature_words(report)}")
    for replay in report.replays:
        _print_replay(replay)
    if explanation(report):
        click.echo(explanation(report))


def _print_versions(versions: Versions) -> None:
    rules = f"；本机 {versions.own_rules or '没有这份规则'}" if versions.rules_differ else "，与本机相同"
    program = f"；本机 {versions.own_program}" if versions.program_differs else "，与本机相同"
    click.echo(f"规则版本  {_plain(versions.packed_rules)}{rules}")
    click.echo(f"程序版本  {_plain(versions.packed_program)}{program}")


def _signature_words(report: Report) -> str:
    signature = report.signature
    match signature.state:
        case SignatureState.ABSENT:
            return "没有签名：清单本身无人担保，请用别处得到的清单摘要核对"
        case SignatureState.INVALID:
            return f"无效：{_plain(signature.problem)}"
    if signature.trusted_by is not None:
        return f"有效，{signature.key_id}，可信：与你给出的 {signature.trusted_by} 是同一把钥匙"
    why = "不在你给出的公钥之中" if report.trust_asked else "没有给出信任的公钥（--trust），属于谁须另行确认"
    return f"有效，{signature.key_id}，未确认可信：{why}"


def _print_replay(replay: Replay) -> None:
    name = f"站点 {_plain(replay.id)} {_plain(replay.name)}"
    if replay.state is ReplayState.REPLAYED:
        click.echo(f"{name}：重算相同")
        return
    if replay.state is ReplayState.IMPOSSIBLE:
        click.echo(f"{name}：不能重算：{_plain(replay.reason)}")
        return
    click.echo(f"{name}：{len(replay.differences)} 处不同")
    for line in replay.changed:
        click.echo(f"  {_plain(line)}")
    for found in replay.differences[:MOST_DIFFERENCES]:
        click.echo(f"  {_plain(found.path)}：包内 {_value(found.packed)}，重算 {_value(found.recomputed)}")
    if len(replay.differences) > MOST_DIFFERENCES:
        click.echo(f"  …… 其余 {len(replay.differences) - MOST_DIFFERENCES} 处见 --json")


def _value(value: Any) -> str:
    if value is MISSING:
        return str(MISSING.value)
    text = _plain(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 80 else f"{text[:77]}…"


def _plain(text: str) -> str:
    # A package is someone else's: its text must not move the cursor or hide a line.
    safe = text.encode("utf-8", "backslashreplace").decode()
    return "".join(character if character.isprintable() else " " for character in safe)
