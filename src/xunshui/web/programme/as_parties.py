"""Experts and cases as the parties that conflicts of interest are computed between."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xunshui.register import bodies
from xunshui.review.conflicts import Case, ExpertParty, FormerEmployer, Party
from xunshui.web.accounts.models import Organisation, OrganisationKind
from xunshui.web.programme.models import Application, Expert


def expert_as_party(expert: Expert) -> ExpertParty:
    """Return an expert with everything that conflicts are computed from."""
    return ExpertParty(
        name=expert.person.name,
        employer=expert.employer,
        credit_code=expert.employer_code,
        group_code=expert.group_code,
        former=tuple(_former(row) for row in expert.past_employers),
        province=expert.province,
        declared=tuple(expert.declared),
    )


def case_of(application: Application) -> Case:
    """Return a case with its applicant, all joint applicants and the body that recommends it."""
    partners = [row.organisation for row in application.partners.all()]
    return Case(
        number=application.number,
        parties=tuple(_party(row) for row in (application.applicant, *partners)),
        body=application.body,
        body_name=next((body.name for body in bodies() if body.code == application.body), ""),
    )


def _party(organisation: Organisation) -> Party:
    return Party(
        name=organisation.name,
        credit_code=organisation.credit_code or "",
        group_code=organisation.group_code,
        is_provider=organisation.kind == OrganisationKind.PROVIDER,
    )


def _former(row: dict[str, Any]) -> FormerEmployer:
    """Return a past employer; one whose day of leaving nobody told still counts."""
    until = row.get("until")
    return FormerEmployer(
        name=row.get("name", ""),
        credit_code=row.get("code", ""),
        until=dt.date.fromisoformat(until) if until else None,
    )
