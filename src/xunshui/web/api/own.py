"""Which applications a token reaches: those of its organisation, or the one that it was made for."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from xunshui.web.api.bearer import Bearer, bearer_in
from xunshui.web.programme.models import Application
from xunshui.web.programme.permissions import visible_to


def own_applications(bearer: Bearer) -> QuerySet[Application]:
    """Return the applications that the token may touch, newest first."""
    rows = visible_to(bearer.actor).filter(applicant=bearer.token.organisation)
    if bearer.token.application_id is not None:
        rows = rows.filter(pk=bearer.token.application_id)
    return rows.select_related("round", "applicant").order_by("-number")


def own_application(request: HttpRequest, number: str) -> Application:
    """Return the application of that number; 404 for any other, whether it exists or not."""
    application = own_applications(bearer_in(request)).filter(number=number).first()
    if application is None:
        raise Http404(f"没有编号为 {number} 的申报，或者这个令牌不能办理它")
    return application
