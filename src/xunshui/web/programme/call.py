"""What a round says to the public: its thresholds in words and its dates as instants, from the dated rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from xunshui.quantities import plain
from xunshui.register import Clause, Operator, Threshold, bodies, register
from xunshui.review import Deadline, RoundState
from xunshui.site.model import INDUSTRY_CLASS_TITLES
from xunshui.web.programme.models import Round

SUBJECTS = {str(key): f"{title}企业" for key, title in INDUSTRY_CLASS_TITLES.items()} | {
    "park": "工业园区",
    "data_centre": "数据中心",
    "any": "各类申报单位",
}
OPERATOR_WORDS = {
    Operator.GREATER: ("大于", ">"),
    Operator.AT_LEAST: ("不低于", "≥"),
    Operator.LESS: ("小于", "<"),
    Operator.AT_MOST: ("不高于", "≤"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One threshold as the page prints it."""

    subject: str
    words: str
    sign: str
    value: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateText:
    """A gate of the notice with its thresholds."""

    clause: Clause
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One deadline of the round: what closes, for whom, when, and what remains."""

    what: str
    whom: str
    text: str
    remaining: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the round, for the line of steps at the head of its pages."""

    title: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A round as its public pages show it."""

    gates: tuple[GateText, ...]
    closings: tuple[Closing, ...]
    stages: tuple[Stage, ...]
    notice_ends: Deadline | None
    notice_remaining: str


def call_of(round_: Round, now: dt.datetime) -> Call:
    """Return what the public is told of a round at `now`."""
    ends = None if round_.notice_to is None else Deadline(at=round_.notice_to)
    return Call(
        gates=tuple(
            GateText(clause=gate, limits=tuple(_limit(row) for row in gate.thresholds))
            for gate in register(round_.notice).notice.gates
        ),
        closings=tuple(_closings(round_, now)),
        stages=_stages(round_),
        notice_ends=ends,
        notice_remaining="" if ends is None else ends.remaining(now),
    )


def _limit(row: Threshold) -> Limit:
    words, sign = OPERATOR_WORDS[row.operator]
    return Limit(
        subject=SUBJECTS.get(row.subject, row.subject),
        words=words,
        sign=sign,
        value=plain(row.value),
        unit=row.unit,
        note=row.note,
    )


def _closings(round_: Round, now: dt.datetime) -> Iterator[Closing]:
    names = {body.code: body.name for body in bodies()}
    for row in round_.deadlines.order_by("level", "body", "at"):
        deadline = Deadline(at=row.at)
        yield Closing(
            what=f"{row.get_level_display()}截止",
            whom=names.get(row.body, row.body) or "各地",
            text=deadline.text,
            remaining=deadline.remaining(now),
            is_open=round_.state == RoundState.OPEN and deadline.is_open(now),
        )


_ORDER = (
    (RoundState.OPEN, "申报与推荐", "/calls/{year}/"),
    (RoundState.REVIEWING, "专家评审", ""),
    (RoundState.ON_NOTICE, "公示", "/calls/{year}/notice/"),
    (RoundState.PUBLISHED, "公布", "/catalogue/{year}/summary/"),
)


def _stages(round_: Round) -> tuple[Stage, ...]:
    reached = next((at for at, (state, _, _) in enumerate(_ORDER) if state == round_.state), -1)
    return tuple(
        Stage(
            title=title,
            state="now" if at == reached else "done" if at < reached else "",
            url=url.format(year=round_.year) if at <= reached else "",
        )
        for at, (_, title, url) in enumerate(_ORDER)
    )
