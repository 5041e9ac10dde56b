"""The evidence package of a metered year: readings, volumes, verdict, to be verified by anyone offline."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from xunshui.evidence import CannotPack, metered_site, pack
from xunshui.review import StepRefused
from xunshui.telemetry.errors import PeriodMissing, SpoolMissing
from xunshui.web.console import sensing
from xunshui.web.console.access import site_shown
from xunshui.web.console.store import site_of_row


@login_required
@require_safe
def evidence(request: HttpRequest, pk: int, period: str) -> HttpResponse:
    """Give the package; refused where the readings are more than a package holds."""
    row = site_shown(request, pk)
    try:
        account = metered_site(site_of_row(row), period, sensing.folder())
    except (PeriodMissing, SpoolMissing) as error:
        raise Http404 from error
    made_at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    try:
        package = pack([account.site], created_at=made_at, accounts={account.site.id: account})
    except CannotPack as error:
        raise StepRefused("下载证据包", (str(error),)) from None
    name = f"{row.key}-{period}.zip"
    response = HttpResponse(package.data, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
