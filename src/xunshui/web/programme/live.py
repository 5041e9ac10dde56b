"""The verdict on what is filled in so far: answers → site → assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xunshui.assess import Assessment, Problem, assess
from xunshui.indicators import Value
from xunshui.rules import Judgement
from xunshui.site import Site, SiteFileInvalid
from xunshui.site.filing import FiledDocument, site_from_answers
from xunshui.web.programme.form import form_for, years_of
from xunshui.web.programme.models import Application, Attachment


def site_of(
    application: Application, answers: dict[str, Any] | None = None, years: tuple[int, ...] = ()
) -> Site:
    """Return the site that an application's answers tell of; raises `SiteFileInvalid` where they cannot.

    `years` are the full calendar years to be found in the answers; by default those of the round.
    """
    return site_from_answers(
        form_for(application.round.notice),
        application.answers if answers is None else answers,
        site_id=application.number,
        kind=application.kind,
        years=years or years_of(application.round),
        documents=[_filed(row) for row in application.proofs],
    )


def _filed(row: Attachment) -> FiledDocument:
    return FiledDocument(
        id=f"F{row.pk}", code=row.code, title=row.title, issuer=row.issuer, issued_on=row.issued_on
    )


def assessed(application: Application) -> Assessment | None:
    """Return the assessment of the answers so far, or None while they do not make a site."""
    try:
        return assess(site_of(application), notice=application.round.notice)
    except SiteFileInvalid:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVerdict:
    """What the panel beside the form shows: the whole, each gate and condition, and what stands in the way."""

    eligible: str
    gates: tuple[Judgement, ...] = ()
    conditions: tuple[Judgement, ...] = ()
    values: tuple[Value, ...] = ()
    problems: tuple[Problem, ...] = ()
    mistakes: tuple[str, ...] = ()


def verdict_on(application: Application) -> LiveVerdict:
    """Return the verdict on an application as it is filled in now."""
    try:
        found = assess(site_of(application), notice=application.round.notice)
    except SiteFileInvalid as error:
        return LiveVerdict(eligible="cannot_tell", mistakes=tuple(str(error).splitlines()[:5]))
    return LiveVerdict(
        eligible=found.verdict.eligible.value,
        gates=found.verdict.gates,
        conditions=found.verdict.conditions,
        values=tuple(found.indicators.values()),
        problems=tuple(problem for problem in found.problems if problem.severity == "warning"),
    )
