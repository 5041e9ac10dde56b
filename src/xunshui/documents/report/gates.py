"""The three gates: each a card with its value, its threshold, how far it is and what must be known beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xunshui.assess import Compliance
from xunshui.assess.certainty import Uncertain
from xunshui.documents.bars import State, ThresholdRow, threshold_bar_option
from xunshui.documents.draw import ChartOption
from xunshui.documents.report.beside import beside_tags, beside_text
from xunshui.documents.report.signs import SIGNS, Sign, Tag, tag
from xunshui.documents.typeset import amount, shortened, typeset
from xunshui.indicators import BY_KEY
from xunshui.quantities import plain, show_beside
from xunshui.register import Operator
from xunshui.rules import Judgement, Outcome
from xunshui.rules.gates.compared import OPERATOR_WORDS

OPERATOR_SIGNS = {Operator.GREATER: ">", Operator.AT_LEAST: "≥", Operator.LESS: "<", Operator.AT_MOST: "≤"}
_STATES: dict[Outcome, State] = {Outcome.MET: "met", Outcome.NOT_MET: "not_met"}
_LONGEST_REASON = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCard:
    """One gate as a card; `years` are its bars, oldest first, none where nothing can be drawn."""

    id: str
    title: str
    clause: str
    text: str
    sign: Sign
    indicator: str
    value: str
    required: str
    margin: str
    beside: str
    distance: str
    reason: str
    tags: tuple[Tag, ...]
    years: tuple[ThresholdRow, ...]

    def chart(self, width_px: int) -> ChartOption:
        """Return the bars of the years against their threshold."""
        return threshold_bar_option(self.years, width_px=width_px)

    @property
    def chart_title(self) -> str:
        """Return the chart in a sentence, for who cannot see it."""
        told = "；".join(f"{row.label} 年 {row.value_text}" for row in self.years)
        return f"{self.indicator}各年数值与限值 {self.years[0].threshold_text}：{told}" if self.years else ""


def gate_card(gate: Judgement, told: Uncertain, judged: Compliance | None) -> GateCard:
    """Return the card of a gate; `judged` stands beside its figure."""
    return GateCard(
        id=gate.id,
        title=gate.title,
        clause=gate.clause,
        text=typeset(gate.text),
        sign=SIGNS[gate.outcome],
        indicator=indicator_title(gate),
        value=value_text(gate),
        required=required_text(gate),
        margin=margin_text(gate),
        beside=beside_text(judged, places_of_judged(gate)),
        distance=typeset(gate.distance.text) if gate.distance else "",
        reason=shortened(gate.reason, _LONGEST_REASON),
        tags=(*beside_tags(told, judged, gate.period), *(tag(mark) for mark in gate.marks)),
        years=_years(gate),
    )


def indicator_title(judgement: Judgement) -> str:
    """Return the title of the indicator that was judged, empty where there was none."""
    key = judgement.indicator.split(".")[0]
    return BY_KEY[key].title if key in BY_KEY else ""


def places_of_judged(judgement: Judgement) -> int:
    """Return how many decimals the judged indicator is usually told with."""
    key = judgement.indicator.split(".")[0]
    return BY_KEY[key].places if key in BY_KEY else 2


def value_figure(judgement: Judgement) -> str:
    """Return the value with decimals enough to tell it from its threshold, a dash where there is none."""
    if judgement.value is None:
        return "—"
    beside = judgement.value if judgement.threshold is None else judgement.threshold
    return show_beside(judgement.value, beside, places_of_judged(judgement))


def value_text(judgement: Judgement) -> str:
    """Return the value with its unit."""
    return "—" if judgement.value is None else amount(value_figure(judgement), judgement.unit)


def required_text(judgement: Judgement) -> str:
    """Return what is required in words, such as 大于 97 %; empty where no threshold is known."""
    if judgement.threshold is None or judgement.operator is None:
        return ""
    limit = amount(plain(judgement.threshold), judgement.unit)
    return f"{OPERATOR_WORDS[judgement.operator]} {limit}"


def _limit_sign(judgement: Judgement) -> str:
    if judgement.threshold is None or judgement.operator is None:
        return ""
    return amount(f"{OPERATOR_SIGNS[judgement.operator]} {plain(judgement.threshold)}", judgement.unit)


def margin_text(judgement: Judgement) -> str:
    """Return the margin with its sign; percentages differ by percentage points."""
    if judgement.margin is None:
        return ""
    unit = "个百分点" if judgement.unit == "%" else judgement.unit
    size = show_beside(abs(judgement.margin), Fraction(0), places_of_judged(judgement))
    if not judgement.margin:
        return "恰为限值"
    return f"余量 {amount(size, unit)}" if judgement.margin > 0 else f"还差 {amount(size, unit)}"


def _years(gate: Judgement) -> tuple[ThresholdRow, ...]:
    """Return a bar for each year; none where the gate has no threshold or no year a value."""
    if gate.threshold is None or gate.operator is None or not gate.children:
        return ()
    if all(year.value is None for year in gate.children):
        return ()
    return tuple(_year(gate, year) for year in gate.children)


def _year(gate: Judgement, year: Judgement) -> ThresholdRow:
    against = year if year.threshold is not None else gate
    assert against.threshold is not None
    known = year.value is not None and year.unit == gate.unit
    return ThresholdRow(
        label=year.title.removesuffix(" 年"),
        value=float(year.value) if known and year.value is not None else None,
        value_text=value_text(year) if known else "缺数据",
        threshold=float(against.threshold),
        threshold_text=_limit_sign(against),
        state=_STATES.get(year.outcome, "cannot_tell"),
        starts_at=_start(against),
    )


def _start(judgement: Judgement) -> float:
    """Return where the scale begins: near the threshold for high percentages, where a scale from 0 shows nothing."""
    threshold = judgement.threshold or Fraction(0)
    return float(threshold // 10 * 10) if judgement.unit == "%" and threshold >= 80 else 0.0
