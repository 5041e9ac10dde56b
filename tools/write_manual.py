"""Write docs/reference/ from the data itself, so that the manual cannot say anything else than the program does.

python -m tools.write_manual            writes every page
python -m tools.write_manual --check    names the pages that are out of date, exit code 1
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import click
import yaml

from xunshui.cli.main import COMMANDS, cli
from xunshui.indicators import INDICATORS, Indicator
from xunshui.quantities import UNITS
from xunshui.register import GRADE_TITLES, Clause, QuotaRow, Reading, register
from xunshui.review import MACHINES, ROLE_TITLES
from xunshui.rules import OUTCOME_TITLES, Outcome
from xunshui.site.claims import QuotaLevel
from xunshui.site.columns import Attribute, attributes, tables
from xunshui.site.kinds import KINDS, Group, Route
from xunshui.site.labels import LABELS
from xunshui.site.model import INDUSTRY_CLASS_TITLES, IndustryClass, Site

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "reference"
CASES = ROOT / "tests" / "spec" / "cases"
WRITTEN = "<!-- 由 tools/write_manual.py 生成，请勿手改；改数据后运行 python -m tools.write_manual -->"
SUBJECTS = {"park": "工业园区", "data_centre": "数据中心", "any": "全部申报主体"}
SEEN = {"text": "原文", "copy": "二手副本", "derived": "推定", "recalled": "记忆"}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` only tell which are out of date."""
    written = dict(pages())
    outdated = [name for name, text in written.items() if _read(PAGES / name) != text]
    if "--check" in arguments:
        for name in outdated:
            click.echo(f"docs/reference/{name} 已过时；运行 python -m tools.write_manual", err=True)
        return 1 if outdated else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    click.echo(f"docs/reference：{len(written)} 页，更新 {len(outdated)} 页")
    return 0


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def pages() -> Iterator[tuple[str, str]]:
    """Yield every page with its text."""
    for name, lines in _PAGES.items():
        text = "\n".join((WRITTEN, *lines()))
        yield f"{name}.md", re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _grade(grade: str) -> str:
    titles = {str(code): title for code, title in GRADE_TITLES.items()}
    return f"{grade}（{titles[grade]}）"


def _source(key: str) -> str:
    return f"{key} {register().sources[key].title}"


def _indicators() -> Iterator[str]:
    yield "# 指标"
    yield ""
    yield "每个值都带公式、各项水量和它们的水流；算不出时说明缺什么。等级说明公式出处的可信程度，M（凭记忆）的指标不参与判定。"
    head = ("指标", "键", "符号", "公式", "单位", "显示小数位", "标准", "出处", "等级")
    yield from _table(head, (_indicator(row) for row in INDICATORS))


def _indicator(row: Indicator) -> tuple[object, ...]:
    unit, key = row.unit or "—", f"`{row.key}`"
    source, grade = _source(row.source), _grade(row.grade)
    return row.title, key, row.symbol, row.formula, unit, row.places, row.standard, source, grade


def _rules() -> Iterator[str]:
    rows = register()
    notice = rows.notice
    years = "、".join(map(str, notice.years))
    yield f"# 规则：{notice.document}"
    yield ""
    yield f"{notice.title}。成文 {notice.issued_on}，发布 {notice.published_on}，截止 {notice.deadline:%Y-%m-%d %H:%M}（北京时间）；证据年度 {years}。"
    yield ""
    yield "条件须全部达到，三项指标至少达到一项。"
    yield ""
    yield "## 条件"
    for clause in notice.conditions:
        yield from _clause(clause)
    yield "## 指标关口"
    for gate in notice.gates:
        yield from _clause(gate)
        yield from _table(("对象", "指标", "限值", "注"), _thresholds(gate))
    yield from _industries()
    yield from _quotas(rows.quotas)
    yield from _practice()


def _clause(clause: Clause) -> Iterator[str]:
    yield ""
    yield f"### {clause.id} {clause.title}（{clause.clause}）"
    yield ""
    yield f"> {clause.text}"
    yield ""
    proof = f"；证明材料 {'、'.join(clause.proof)}" if clause.proof else ""
    yield f"出处 {clause.source}，等级 {_grade(clause.grade)}{proof}。"
    yield ""


def _thresholds(gate: Clause) -> Iterator[tuple[object, ...]]:
    titles = SUBJECTS | {str(code): f"{title}企业" for code, title in INDUSTRY_CLASS_TITLES.items()}
    for row in gate.thresholds:
        note = f"{row.note}（等级 {row.note_grade}）" if row.note_grade else row.note
        limit = f"`{row.operator}` {row.value} {row.unit}"
        yield f"{titles[row.subject]} `{row.subject}`", f"`{row.indicator}`", limit, note


def _industries() -> Iterator[str]:
    yield "## 行业对照"
    yield ""
    yield "GB/T 4754 大类到通知所列行业；“宽”只在选用释义 `industry_map=wide` 时起作用。未列入的由申报人归类。"
    rows = (
        (code, INDUSTRY_CLASS_TITLES[IndustryClass(name)], {"narrow": "窄（缺省）", "wide": "宽"}[reading])
        for reading, codes in register().industries.items()
        for code, name in codes.items()
    )
    yield from _table(("大类", "归为", "对照"), rows)


def _quotas(quotas: Iterable[QuotaRow]) -> Iterator[str]:
    levels = {str(code): title for code, title in LABELS[QuotaLevel].items()}
    yield "## 取（用）水定额"
    yield ""
    yield "“印制级别”照抄，“判定级别”由人对照；只有判定级别为先进值的行参与判定。"
    rows = (
        (
            f"`{row.key}`",
            row.province or "国家",
            row.standard,
            f"{row.product} {row.route}".strip(),
            f"{row.value_m3} m³/{row.per}",
            levels[row.level_as_printed],
            levels[row.level_for_gate] if row.level_for_gate else "不作先进值",
            row.reclaimed_factor or "—",
            row.disputed or "—",
            f"{row.source}，{row.grade}",
        )
        for row in quotas
    )
    head = (
        "定额键",
        "层级",
        "标准",
        "产品与路线",
        "值",
        "印制级别",
        "判定级别",
        "再生水系数",
        "争议",
        "出处与等级",
    )
    yield from _table(head, rows)


def _practice() -> Iterator[str]:
    rows = register()
    yield "## 惯例数值"
    yield from _table(
        ("键", "名称", "值", "说明", "出处", "等级"),
        (
            (f"`{row.id}`", row.title, f"{row.value} {row.unit}", row.text, row.source, _grade(row.grade))
            for row in rows.settings
        ),
    )
    yield "## 出处"
    yield from _table(
        ("号", "文件", "怎样读到"), ((key, row.title, SEEN[row.seen]) for key, row in rows.sources.items())
    )
    yield "## 等级"
    yield from _table(("等级", "含义"), GRADE_TITLES.items())


def _readings() -> Iterator[str]:
    yield "# 释义选项"
    yield ""
    yield "通知没有说死的地方，每处是一个有名字的选项；第一项是缺省。改用别的读法：`xunshui assess 文件 --option 名=值`，结论上会标明。"
    for row in register().readings:
        yield from _reading(row)


def _reading(row: Reading) -> Iterator[str]:
    yield ""
    yield f"## `{row.id}` {row.question}（{row.clause}）"
    yield ""
    for option in row.options:
        default = "（缺省）" if option is row.options[0] else ""
        yield f"* `{row.id}={option.id}`{default}：{option.text}"
    yield ""
    yield f"出处 {_source(row.source)}，等级 {_grade(row.grade)}。"


def _site() -> Iterator[str]:
    yield "# 站点文件"
    yield ""
    yield "JSON 用“键”，工作簿用“名称”。时期以外没有单位的数字照填；缺测留空，没有水填 0。`xunshui schema site` 给出同一结构的 JSON Schema。"
    yield from _element("站点", Site, (row for row in attributes(Site) if row.name not in tables(Site)))
    named = {row.name: row for row in attributes(Site)}
    for table, element in tables(Site).items():
        if table != "members":
            yield from _element(f"{named[table].title} `{table}`", element, attributes(element))
    yield "## 成员 `members`"
    yield ""
    yield "只用于园区：每个成员是一个完整的站点，属性同上；园区的单元里要有与成员同编号的一级单元。"
    yield ""
    yield from _kinds()
    yield "## 计量单位"
    yield ""
    yield f"产量与定额可用：{'、'.join(f'`{symbol}`' for symbol in UNITS)}。"


def _element(title: str, element: type, rows: Iterable[Attribute]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    head = ("键", "名称", "填什么", "单位", "必填", "说明")
    yield from _table(head, (_attribute(row) for row in rows))


def _attribute(row: Attribute) -> tuple[object, ...]:
    kind = "每个时期一个数" if row.by_period else _type(row.type)
    return f"`{row.key}`", row.title, kind, row.unit or "—", "是" if row.required else "", row.note or ""


def _type(hint: Any) -> str:
    inner = [part for part in get_args(hint) if part not in (type(None), ...)]
    if get_origin(hint) is Literal:
        return "、".join(f"`{code}`" for code in get_args(hint))
    if get_origin(hint) is Annotated:
        return _type(inner[0])
    if get_origin(hint) is tuple:
        return f"{_type(inner[0])}，可多个"
    if inner:
        return _type(inner[0])
    if issubclass(hint, StrEnum):
        return "、".join(f"`{code}` {label}" for code, label in LABELS[hint].items())
    return {str: "文字", bool: "是、否", Decimal: "数", dt.date: "日期"}[hint]


_GROUPS = {
    Group.CONVENTIONAL: "取水，常规水",
    Group.NON_CONVENTIONAL: "取水，非常规水",
    Group.CIRCULATING: "循环水，计入重复利用",
    Group.REUSED: "串联与回用，计入重复利用",
    Group.INTERNAL: "厂内输送，不计取水也不计重复利用",
    Group.CONSUMED: "耗水",
    Group.DISCHARGED: "排水",
    Group.LEAKED: "漏失",
    Group.SUPPLIED: "外供",
}
_ROUTES = {Route.INTO_SITE: "外部 → 单元", Route.WITHIN: "单元 → 单元", Route.OUT_OF_SITE: "单元 → 外部"}


def _kinds() -> Iterator[str]:
    yield "## 水的类别算什么"
    yield from _table(
        ("码", "名称", "算作", "走向", "说明"),
        (
            (f"`{kind}`", facts.title, _GROUPS[facts.group], _ROUTES[facts.route], facts.note)
            for kind, facts in KINDS.items()
        ),
    )


def _cases() -> Iterator[str]:
    yield "# 判定样例"
    yield ""
    yield "这些样例就是测试（`tests/spec/cases/*.yaml`）：给出什么，应得什么。水量单位 m³，一个数代表证据年度的每一年；没有写类型的是企业。"
    for file in sorted(CASES.glob("*.yaml")):
        page = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield ""
        yield f"## {page['title']}"
        yield ""
        yield page["about"]
        if "given" in page:
            yield from _given("本节各例都给出", page["given"])
        for case in page["cases"]:
            yield from _case(case)


def _case(case: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"### {case['title']}"
    yield ""
    yield f"条款 {case['clause']}。{case['why']}"
    if case["given"]:
        yield from _given("给出", case["given"])
    yield ""
    yield "应得："
    yield ""
    for key, expected in case["expect"].items():
        yield f"* {_NAMES.get(key, key)}：{_expected(expected)}"


def _given(word: str, given: Mapping[str, Any]) -> Iterator[str]:
    text = yaml.dump(
        given, Dumper=_Plain, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )
    yield ""
    yield f"{word}："
    yield ""
    yield f"```yaml\n{text.strip()}\n```"


class _Plain(yaml.SafeDumper):
    """Writes every value out where it stands: a reader should not have to follow anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Return that nothing is written as an alias."""
        return True


_NAMES = {"any_gate": "三项指标", "eligible": "申报条件"}
_FACTS = {
    "outcome": "",
    "value": "数值 ",
    "threshold": "限值 ",
    "margin": "余量 ",
    "distance_m3": "差距（m³）",
    "marks": "标记 ",
    "says": "理由中写明 ",
    "evidence": "依据 ",
    "indicator": "所用指标 ",
    "operator": "比较 ",
    "period": "时期 ",
    "source": "出处 ",
    "unit": "单位 ",
}


def _expected(expected: Any) -> str:
    if not isinstance(expected, Mapping):
        return OUTCOME_TITLES[Outcome(expected)]
    return "；".join(f"{_FACTS[name]}{_fact(name, value)}" for name, value in expected.items())


def _fact(name: str, value: Any) -> str:
    if name == "outcome":
        return OUTCOME_TITLES[Outcome(value)]
    if isinstance(value, list):
        return "、".join(f"`{item}`" for item in value)
    return "无" if value is None else str(value)


def _cli() -> Iterator[str]:
    root = click.Context(cli, info_name="xunshui", terminal_width=100, **cli.context_settings)
    yield "# 命令行"
    yield from _help(root)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        yield from _help(click.Context(command, info_name=name, parent=root))


def _help(context: click.Context) -> Iterator[str]:
    yield ""
    yield f"## {context.command_path}"
    yield ""
    yield f"```\n{context.get_help()}\n```"


def _states() -> Iterator[str]:
    yield "# 状态与步骤"
    yield ""
    yield "征集里每样会走动的东西一张表：从哪个状态、经哪一步、由谁、到哪个状态。网页照这张表办事，测试照这张表逐格走一遍。"
    yield "一步办不了时，页面和接口一次说出全部缘由。"
    for machine in MACHINES:
        yield ""
        yield f"## {machine.title}"
        yield ""
        yield f"```mermaid\n{machine.diagram()}\n```"
        yield from _table(
            ("步骤", "从", "到", "由谁", "同时"),
            (
                (
                    f"`{step.event}` {step.title}",
                    "、".join(machine.states[state] for state in step.before),
                    machine.states[step.after],
                    "、".join(ROLE_TITLES[role] for role in step.who),
                    "；".join(step.effects),
                )
                for step in machine.steps
            ),
        )


_PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "indicators": _indicators,
    "rules": _rules,
    "readings": _readings,
    "site": _site,
    "cases": _cases,
    "cli": _cli,
    "states": _states,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
