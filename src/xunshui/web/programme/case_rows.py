"""The case of a submitted version, row by row: what was claimed, what the rules computed, on which evidence.

Everything comes from the version as it was sealed; nothing is computed anew, so a page shows what was handed in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xunshui.assess.declared import agrees
from xunshui.indicators import BY_KEY
from xunshui.quantities import plain, show, show_beside
from xunshui.register import register
from xunshui.site.claims import STATEMENT_TITLES, Statement
from xunshui.web.programme.models import Attachment, Submission

_STATEMENTS = {
    "R-APP-1": (Statement.LEGAL_ENTITY, Statement.PARK_MANAGEMENT),
    "R-BASE-2": (Statement.NO_OVER_PLAN,),
    "R-BASE-3": (Statement.NO_ACCIDENT,),
    "R-BASE-4": (Statement.NOT_LISTED,),
}
_PERMITS = "R-BASE-1"
_FIGURES = ("indicators.", "ledger.", "production.")
_SIGNS = {"<=": "≤", ">=": "≥"}
_YES_NO = {True: "是", False: "否", None: "未声明"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing the applicant says, and whether the computed side bears it out."""

    text: str
    source: str = ""
    agrees: bool = True
    can_be_told: bool = True
    difference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of a judgement as one line of the trace: a year, a product, a quota."""

    depth: int
    title: str
    outcome: str
    figure: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """An indicator's formula with its terms, each with the streams it sums."""

    key: str
    title: str
    figure: str
    formula: str
    terms: tuple[dict[str, Any], ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of the case page."""

    key: str
    title: str
    clause: str
    source: str
    grade: str
    outcome: str
    computed: str
    reason: str
    distance: str
    claims: tuple[Claim, ...]
    steps: tuple[Step, ...]
    formulas: tuple[Formula, ...]
    marks: tuple[str, ...]
    wanted: tuple[str, ...]
    files: tuple[Attachment, ...]
    remark: str = ""

    @property
    def differs(self) -> bool:
        """Return whether a claim stands against what was computed, or cannot be told from it."""
        return any(not claim.agrees for claim in self.claims)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the kinds of proof that the clause asks for and that are not there."""
        there = {row.code for row in self.files}
        return tuple(code for code in self.wanted if code not in there)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows under one heading."""

    title: str
    note: str
    rows: tuple[CaseRow, ...]
    decides: bool = True

    @property
    def is_folded(self) -> bool:
        """Return whether the rows may stand folded: nothing rests on them and nobody has marked one."""
        return not self.decides and not any(row.differs or row.remark for row in self.rows)


def groups_of(
    version: Submission, files: Iterable[Attachment], remarks: Mapping[str, str]
) -> tuple[RowGroup, ...]:
    """Return the rows of a sealed version: gates, conditions, then every other indicator of its year."""
    case = _Case.of(version, files, remarks)
    if case is None:
        return ()
    gates = tuple(case.judged(row, figures=True) for row in case.assessment["gates"])
    conditions = tuple(case.judged(row, figures=False) for row in case.assessment["conditions"])
    shown = {formula.key for row in gates for formula in row.formulas}
    others = tuple(case.indicator(key) for key in case.assessment["indicators"] if key not in shown)
    return (
        RowGroup(title="指标", note="三项中至少一项达到，通知二（二）3", rows=gates),
        RowGroup(title="申报主体与基本条件", note="须全部符合，通知二（一）、二（二）1–2", rows=conditions),
        RowGroup(title="其他指标", note="不设门槛，供核对", rows=others, decides=False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    assessment: dict[str, Any]
    site: dict[str, Any]
    proof: dict[str, tuple[str, ...]]
    files: tuple[Attachment, ...]
    remarks: Mapping[str, str]

    @classmethod
    def of(cls, version: Submission, files: Iterable[Attachment], remarks: Mapping[str, str]) -> _Case | None:
        if not version.assessment:
            return None
        clauses = register(version.application.round.notice).notice.conditions
        return cls(
            assessment=version.assessment,
            site=site_of_version(version),
            proof={clause.id: tuple(clause.proof) for clause in clauses},
            files=tuple(files),
            remarks=remarks,
        )

    def judged(self, row: dict[str, Any], *, figures: bool) -> CaseRow:
        """Return the row of a gate or condition."""
        keys = list(dict.fromkeys(_indicator_keys(row)))
        wanted = self.proof.get(row["id"], ())
        claims = tuple(self._declared(keys)) if figures else tuple(self._stated(row))
        return CaseRow(
            key=row["id"],
            title=row["title"],
            clause=row["clause"],
            source=row["source"],
            grade=row["grade"],
            outcome=row["outcome"],
            computed=_figure_of(row),
            reason=row["reason"],
            distance=(row["distance"] or {}).get("text", ""),
            claims=claims,
            steps=tuple(_steps(row)),
            formulas=tuple(self._formulas(keys)),
            marks=tuple(mark["text"] for mark in row["marks"]),
            wanted=wanted,
            files=self._backing(wanted, figures=figures),
            remark=self.remarks.get(row["id"], ""),
        )

    def indicator(self, key: str) -> CaseRow:
        """Return the row of an indicator that no gate looks at."""
        value = self.assessment["indicators"][key]
        claims = tuple(self._declared([key]))
        return CaseRow(
            key=key,
            title=_title(key, value["title"]),
            clause="",
            source="",
            grade=value["grade"],
            outcome="",
            computed=_amount(value["exact"], value["unit"], _places(key)),
            reason=value["reason"],
            distance="",
            claims=claims,
            steps=(),
            formulas=tuple(self._formulas([key])),
            marks=(),
            wanted=(),
            files=self._backing((), figures=True) if claims else (),
            remark=self.remarks.get(key, ""),
        )

    def _formulas(self, keys: Iterable[str]) -> Iterator[Formula]:
        for key in keys:
            value = self.assessment["indicators"].get(key)
            if value is not None:
                yield Formula(
                    key=key,
                    title=_title(key, value["title"]),
                    figure=_amount(value["exact"], value["unit"], _places(key)),
                    formula=value["formula"],
                    terms=tuple(term | {"streams": self._named(term["streams"])} for term in value["terms"]),
                    reason=value["reason"],
                )

    def _named(self, streams: Iterable[str]) -> list[str]:
        """Return streams by their id on the drawing; those of a filed ledger have none but their kind."""
        ledger = {
            row["id"]: row.get("name") for row in self.site.get("streams", []) if row["id"] == row["kind"]
        }
        return [ledger.get(stream) or stream for stream in streams]

    def _declared(self, keys: Iterable[str]) -> Iterator[Claim]:
        for key in keys:
            for row in self.site.get("declared", []):
                if _names(row, key):
                    yield self._compared(row, key)

    def _compared(self, row: dict[str, Any], key: str) -> Claim:
        period, declared = row["period"], Decimal(str(row["value"]))
        here = self.assessment["period"] == period
        values = self.assessment["indicators"] if here else self.assessment["other_periods"].get(period, {})
        found = values.get(key)
        unit = found["unit"] if found else ""
        text = f"{period} 年 {plain(declared)} {unit}".rstrip()
        if found is None or found["exact"] is None:
            why = found["reason"] if found else "台账没有这一年"
            return Claim(
                text=text,
                source=row.get("source", ""),
                agrees=False,
                can_be_told=False,
                difference=f"无法核对：{why}",
            )
        computed = Fraction(found["exact"])
        if agrees(declared, computed):
            return Claim(text=text, source=row.get("source", ""))
        apart = show(Fraction(declared) - computed, _places(key))
        told = f"台账算得 {show(computed, _places(key))} {unit}，相差 {apart}"
        return Claim(text=text, source=row.get("source", ""), agrees=False, difference=told)

    def _stated(self, row: dict[str, Any]) -> Iterator[Claim]:
        met = row["outcome"] in ("met", "not_applicable")
        found = {
            "agrees": met,
            "can_be_told": row["outcome"] != "cannot_tell",
            "difference": "" if met else row["reason"],
        }
        if row["id"] == _PERMITS:
            numbers = [permit["number"] for permit in self.site.get("permits", [])]
            text = f"取水许可 {'、'.join(numbers)}" if numbers else "没有填写取水手续"
            yield Claim(text=text, **found)
        statements = _STATEMENTS.get(row["id"], ())
        for stated in self.site.get("declarations", []):
            if stated["statement"] in statements:
                title = STATEMENT_TITLES[Statement(stated["statement"])]
                text = f"{title}：{_YES_NO[stated.get('holds')]}"
                yield Claim(text=text, **found)

    def _backing(self, wanted: tuple[str, ...], *, figures: bool) -> tuple[Attachment, ...]:
        return tuple(
            row
            for row in self.files
            if row.code in wanted or (figures and any(f.startswith(_FIGURES) for f in row.supports))
        )


def loose_remarks(groups: Iterable[RowGroup], remarks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the remarks on things that no row stands for, as a section of the ledger."""
    shown = {row.key for group in groups for row in group.rows}
    return [(key, text) for key, text in remarks.items() if key not in shown]


def site_of_version(version: Submission) -> dict[str, Any]:
    """Return the site of a sealed version as plain data; an empty one where the answers made none."""
    site = version.site
    found: dict[str, Any] = json.loads(site) if isinstance(site, str) else (site or {})
    return found


def _indicator_keys(row: dict[str, Any]) -> Iterator[str]:
    if row["indicator"]:
        yield row["indicator"]
    for child in row["children"]:
        yield from _indicator_keys(child)


def _steps(row: dict[str, Any], depth: int = 0) -> Iterator[Step]:
    for child in row["children"]:
        yield Step(
            depth=depth,
            title=child["title"],
            outcome=child["outcome"],
            figure=_figure_of(child),
            reason=child["reason"],
        )
        yield from _steps(child, depth + 1)


def _figure_of(row: dict[str, Any]) -> str:
    """Return `97.60 %，要求 > 97 %`: the value with as many decimals as tell it from the threshold."""
    exact, unit, threshold = row["exact"], row["unit"], row["threshold"]
    if exact is None:
        return ""
    if threshold is None:
        return _amount(exact, unit, _places(row["indicator"]))
    limit = Fraction(str(threshold))
    return f"{show_beside(Fraction(exact), limit)} {unit}，要求 {sign_of(row['operator'] or '<=')} {plain(limit)} {unit}"


def sign_of(operator: str) -> str:
    """Return a comparison as it is printed."""
    return _SIGNS.get(operator, operator)


def _amount(exact: str | None, unit: str, places: int) -> str:
    return "—" if exact is None else f"{show(Fraction(exact), places)} {unit}".rstrip()


def _places(key: str) -> int:
    definition = BY_KEY.get(key.partition(".")[0])
    return definition.places if definition else 2


def _title(key: str, title: str) -> str:
    subject = key.partition(".")[2]
    return f"{title}（{subject}）" if subject else title


def _names(row: dict[str, Any], key: str) -> bool:
    subject = row.get("subject")
    return f"{row['indicator']}.{subject}" == key if subject else key.partition(".")[0] == row["indicator"]
