"""The headline: the gates of the verdict as figures against their limits, as the page of the verdict tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xunshui.assess import Compliance
from xunshui.assess.certainty_words import compliance_text
from xunshui.documents.report.gates import OPERATOR_SIGNS, indicator_title, value_text
from xunshui.documents.report.signs import SIGNS, Tag, tag
from xunshui.documents.typeset import amount, shortened
from xunshui.indicators import BY_KEY, Value
from xunshui.quantities import plain, show
from xunshui.rules import Judgement, Outcome

SHOWN_MARKS = frozenset({"unverified", "disputed", "example"})
LONGEST_REASON = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One gate: its figure, how it stands to its limit, what must be known beside it, and the figure of late.

    `certain` is the figure of the reconciled balance with its uncertainty, where there is one.
    """

    title: str
    value: str
    outcome: Outcome
    limit: str
    tags: tuple[Tag, ...]
    reason: str
    recent: str
    certain: str


def headline(gate: Judgement, recent: Mapping[str, Value], certain: Compliance | None) -> Headline:
    """Return the headline of a gate; `recent` are the indicators of the span that the page shows."""
    limited = _limited(gate)
    return Headline(
        title=indicator_title(gate) or gate.title,
        value=value_text(gate),
        outcome=gate.outcome,
        limit=_limit(limited, gate),
        tags=tuple(tag(mark) for mark in gate.marks if mark.code in SHOWN_MARKS),
        reason=shortened(_reason(gate), LONGEST_REASON),
        recent=of_late(gate.indicator, recent),
        certain=_certain(gate, certain),
    )


def _certain(gate: Judgement, told: Compliance | None) -> str:
    definition = BY_KEY.get(gate.indicator)
    return "" if told is None or definition is None else compliance_text(told, definition.places)


def of_late(key: str, recent: Mapping[str, Value]) -> str:
    """Return an indicator of the shown span with its unit; empty where it cannot be told."""
    value = recent.get(key)
    if value is None or value.value is None:
        return ""
    return amount(show(value.value, BY_KEY[value.key].places), value.unit)


def _limited(gate: Judgement) -> Judgement | None:
    """Return the judgement that tells the limit: the gate's own, or the first part of the deciding year with one."""
    if gate.threshold is not None:
        return gate
    return next((leaf for leaf in _leaves(gate) if leaf.threshold is not None), None)


def _leaves(judgement: Judgement) -> Iterator[Judgement]:
    """Yield the judgements that have no parts, those of the last year first."""
    if not judgement.children:
        yield judgement
    for child in reversed(judgement.children):
        yield from _leaves(child)


def _limit(limited: Judgement | None, gate: Judgement) -> str:
    if limited is None or limited.threshold is None or limited.operator is None:
        return ""
    told = f"{OPERATOR_SIGNS[limited.operator]} {amount(plain(limited.threshold), limited.unit)}"
    if limited is gate:
        return told
    return f"{limited.title.partition('：')[0]} {told} {SIGNS[limited.outcome].text}"


def _reason(gate: Judgement) -> str:
    """Return why a gate cannot be told or does not apply: of its parts, those that say so."""
    if gate.outcome in (Outcome.MET, Outcome.NOT_MET):
        return ""
    last = gate.children[-1] if gate.children else gate
    told = dict.fromkeys(leaf.reason for leaf in _leaves(last) if leaf.outcome is gate.outcome)
    return "；".join(told) or gate.reason
