"""The verdict on what is filled in so far: answers → site → assessment."""

from __future__ import annotations

from typing import Any

from xunshui.assess import Assessment, assess
from xunshui.site import Site, SiteFileInvalid
from xunshui.site.filing import site_from_answers
from xunshui.web.programme.form import form_for, years_of
from xunshui.web.programme.models import Application


def site_of(application: Application, answers: dict[str, Any] | None = None) -> Site:
    """Return the site that an application's answers tell of; raises `SiteFileInvalid` where they cannot."""
    return site_from_answers(
        form_for(application.round.notice),
        application.answers if answers is None else answers,
        site_id=application.number,
        kind=application.kind,
        years=years_of(application.round),
    )


def assessed(application: Application) -> Assessment | None:
    """Return the assessment of the answers so far, or None while they do not make a site."""
    try:
        return assess(site_of(application), notice=application.round.notice)
    except SiteFileInvalid:
        return None
