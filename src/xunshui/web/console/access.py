"""Who sees a site: the members of its organisation. For everyone else it is not there."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from xunshui.review import Role
from xunshui.web.accounts.actor import PUBLIC, Actor
from xunshui.web.console.models import LiveSite
from xunshui.web.programme.permissions import NotYours, visible_to

CHECKING = (Role.PROVINCE, Role.MINISTRY)


def actor_in(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor: Actor = getattr(request, "actor", PUBLIC)
    return actor


def sites_of(actor: Actor) -> QuerySet[LiveSite]:
    """Return the sites of the actor's organisation."""
    return LiveSite.objects.filter(organisation=actor.organisation).exclude(organisation=None)


def site_in(request: HttpRequest, pk: int) -> LiveSite:
    """Return one of the actor's sites; raises `Http404`."""
    row = sites_of(actor_in(request)).filter(pk=pk).select_related("organisation").first()
    if row is None:
        raise Http404
    return row


def site_shown(request: HttpRequest, pk: int) -> LiveSite:
    """Return a site of the actor's, or one that is shown to the departments that check an application.

    Raises `Http404`.
    """
    actor = actor_in(request)
    if actor.role not in CHECKING:
        return site_in(request, pk)
    shown = LiveSite.objects.filter(pk=pk, shares__application__in=visible_to(actor))
    row = shown.select_related("organisation").first()
    if row is None:
        raise Http404
    return row


def is_own(request: HttpRequest, row: LiveSite) -> bool:
    """Return whether a site is the actor's own."""
    organisation = actor_in(request).organisation
    return organisation is not None and organisation.pk == row.organisation_id


def check_may_store(actor: Actor) -> None:
    """Raise `NotYours` unless the actor acts for an applicant: plants, parks and data centres have sites."""
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        raise NotYours("只有企业、园区和数据中心的人员可以存入站点文件")
