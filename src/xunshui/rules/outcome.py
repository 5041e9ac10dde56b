"""Four outcomes and how they combine: what cannot be told never turns into a yes or a no on its own."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """What can be said of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_TELL = "cannot_tell"


OUTCOME_TITLES = {
    Outcome.MET: "达到",
    Outcome.NOT_MET: "未达到",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.CANNOT_TELL: "无法判定",
}


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Return whether all hold: one failure decides, then one doubt; what does not apply is left aside.

    >>> all_of([Outcome.MET, Outcome.CANNOT_TELL]), all_of([Outcome.NOT_MET, Outcome.CANNOT_TELL])
    (<Outcome.CANNOT_TELL: 'cannot_tell'>, <Outcome.NOT_MET: 'not_met'>)
    """
    return _first_found(outcomes, (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET))


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Return whether one holds: one success decides, then one doubt; what does not apply is left aside.

    >>> any_of([Outcome.NOT_MET, Outcome.MET]), any_of([Outcome.NOT_MET, Outcome.CANNOT_TELL])
    (<Outcome.MET: 'met'>, <Outcome.CANNOT_TELL: 'cannot_tell'>)
    """
    return _first_found(outcomes, (Outcome.MET, Outcome.CANNOT_TELL, Outcome.NOT_MET))


def _first_found(outcomes: Iterable[Outcome], order: tuple[Outcome, ...]) -> Outcome:
    found = set(outcomes)
    return next((outcome for outcome in order if outcome in found), Outcome.NOT_APPLICABLE)
