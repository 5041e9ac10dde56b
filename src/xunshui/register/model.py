"""Rows of the register: what an authority set, where it was read and how far it can be trusted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar, dataclass_transform

from pydantic import ConfigDict

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def entry(cls: type[T]) -> type[T]:
    """Make a frozen dataclass of the register that refuses keys it does not know."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    setattr(made, "__pydantic_config__", ConfigDict(extra="forbid"))
    return made


class Grade(StrEnum):
    """How a fact is known: A notice itself, B ministry page or standard text, C copy, D derived, M recalled."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    M = "M"


GRADE_TITLES = {
    Grade.A: "通知原文",
    Grade.B: "部委页面或标准正文",
    Grade.C: "二手副本，未核实",
    Grade.D: "本项目推定",
    Grade.M: "凭记忆，不用于判定",
}


class Operator(StrEnum):
    """How a value is compared with a threshold."""

    GREATER = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="

    @property
    def upward(self) -> bool:
        """Return whether more is better."""
        return self in (Operator.GREATER, Operator.AT_LEAST)


@entry
class Source:
    """A document that rows were read in."""

    title: str
    seen: str


@entry
class Threshold:
    """A number that an indicator of one class of applicants is compared with."""

    subject: str
    indicator: str
    operator: Operator
    value: Decimal
    unit: str
    note: str = ""
    note_grade: Grade | None = None


@entry
class Clause:
    """One clause of a notice: a condition with its proof, or a gate with its thresholds."""

    id: str
    clause: str
    title: str
    text: str
    source: str
    grade: Grade
    proof: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    def threshold(self, subject: str) -> Threshold | None:
        """Return the threshold for a class of applicants, or the one for any class, or None."""
        return next((row for row in self.thresholds if row.subject in (subject, "any")), None)


@entry
class Notice:
    """A call for cases: its dates, its conditions and its gates."""

    id: str
    title: str
    document: str
    issued_on: dt.date
    published_on: dt.date
    filing_year: int
    evidence_years: int
    deadline: dt.datetime
    valid_from: dt.date
    valid_to: dt.date | None = None
    conditions: tuple[Clause, ...]
    gates: tuple[Clause, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Return the full calendar years that count as evidence, oldest first."""
        return tuple(range(self.filing_year - self.evidence_years, self.filing_year))

    def clause(self, clause_id: str) -> Clause:
        """Return the condition or gate of that id."""
        return next(row for row in (*self.conditions, *self.gates) if row.id == clause_id)


@entry
class Option:
    """One way to read an open point."""

    id: str
    text: str


@entry
class Reading:
    """An open point of the notice; its first option is the default."""

    id: str
    clause: str
    question: str
    options: tuple[Option, ...]
    source: str
    grade: Grade


@entry
class Setting:
    """A number of practice that no gate compares."""

    id: str
    title: str
    value: Decimal
    unit: str
    text: str
    source: str
    grade: Grade


@entry
class QuotaRow:
    """A water quota as printed, and a person's mapping of its level to the gate."""

    key: str
    standard: str
    authority: str
    province: str = ""
    product: str
    route: str = ""
    per: str
    value_m3: Decimal
    level_as_printed: str
    level_for_gate: str | None = None
    disputed: str = ""
    reclaimed_factor: Decimal | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str
    grade: Grade


@entry
class Parameter:
    """A water quality parameter and its HJ 525 code."""

    id: str
    title: str
    code: str
    unit: str
    source: str
    grade: Grade


@entry
class DischargeLimit:
    """A national discharge limit for one parameter and one destination of the wastewater."""

    standard: str
    applies_to: str
    parameter: str
    destination: str
    value: Decimal
    note: str = ""
    valid_from: dt.date | None = None
    source: str
    grade: Grade


@entry
class GridFactor:
    """An average emission factor of the power grid [kg CO2/kWh]."""

    level: str
    region: str
    year: int
    kind: str
    value: Decimal
    source: str
    grade: Grade
