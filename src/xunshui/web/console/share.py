"""Showing a site to those who check an application: what its own people allow, and may take back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from xunshui.web.accounts.actor import Actor
from xunshui.web.console.models import LiveSite, SharedSite
from xunshui.web.console.store import CHAIN, site_of_row
from xunshui.web.programme.elsewhere import Elsewhere
from xunshui.web.programme.models import Application
from xunshui.web.trail.record import record

SHOW, TAKE_BACK = "向申报的审核单位出示站点", "收回出示的站点"


@transaction.atomic
def share(site: LiveSite, application: Application, *, actor: Actor, now: dt.datetime) -> None:
    """Let the departments that check this application see the verdict and the readings of the site."""
    _, made = SharedSite.objects.get_or_create(
        site=site, application=application, defaults={"shared_at": now, "shared_by": actor.label}
    )
    if made:
        _note(SHOW, site, application, actor=actor, now=now)


@transaction.atomic
def take_back(site: LiveSite, application: Application, *, actor: Actor, now: dt.datetime) -> None:
    """Let them see it no longer."""
    gone, _ = SharedSite.objects.filter(site=site, application=application).delete()
    if gone:
        _note(TAKE_BACK, site, application, actor=actor, now=now)


def pages_on(application: Application) -> list[Elsewhere]:
    """Return the verdict pages of the sites that are shown for an application."""
    rows = SharedSite.objects.filter(application=application).select_related("site")
    return [page for row in rows if (page := _page(row.site)) is not None]


def _page(row: LiveSite) -> Elsewhere | None:
    year = max((period.id for period in site_of_row(row).periods if period.full_year), default=None)
    if year is None:
        return None
    return Elsewhere(
        title=f"{row.name}：{year} 年由水表读数得出的结论，可点到每个读数的原始报文",
        url=reverse("console:verdict", args=[row.pk, year]),
    )


def _note(act: str, site: LiveSite, application: Application, *, actor: Actor, now: dt.datetime) -> None:
    detail = {"site": site.key, "application": application.number}
    record(CHAIN, at=now, actor=actor.label, act=act, subject=f"site {site.pk}", detail=detail)
