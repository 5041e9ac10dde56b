"""Experts and applications as `review.conflicts` looks at them."""

from __future__ import annotations

import datetime as dt
from functools import cache

from xunshui.register import bodies
from xunshui.review.conflicts import Case, ExpertParty, FormerEmployer, Party
from xunshui.web.accounts.models import Organisation, OrganisationKind
from xunshui.web.programme.models import Application, Expert


def expert_as_party(expert: Expert) -> ExpertParty:
    """Return an expert with employers, province and what was declared."""
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
    """Return an application with all parties and its recommending body."""
    partners = [row.organisation for row in application.partners.all()]
    return Case(
        number=application.number,
        parties=(_party(application.applicant), *map(_party, partners)),
        body=application.body,
        body_name=_body_names().get(application.body, application.body),
    )


def _former(row: dict[str, str]) -> FormerEmployer:
    until = row.get("until") or None
    return FormerEmployer(
        name=row.get("name", ""),
        credit_code=row.get("credit_code", ""),
        until=dt.date.fromisoformat(until) if until else None,
    )


def _party(organisation: Organisation) -> Party:
    return Party(
        name=organisation.name,
        credit_code=organisation.credit_code or "",
        group_code=organisation.group_code,
        is_provider=organisation.kind == OrganisationKind.PROVIDER,
    )


@cache
def _body_names() -> dict[str, str]:
    return {body.code: body.name for body in bodies()}
