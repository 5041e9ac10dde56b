"""The demo's door: enter as an invented person without a password. The address exists in demo mode only."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from xunshui.web.accounts.models import Person
from xunshui.web.accounts.views import BACKEND

SHOWN = {
    "ministry": "工业和信息化部：轮次、专家、遴选、公示",
    "province": "省级主管部门：审核、排序、推荐表",
    "applicant": "申报企业：填写、提交、补正",
    "park": "申报园区",
    "partner": "联合申报的服务商",
    "association": "行业协会",
    "expert": "评审专家",
}


class LoginPage(LoginView):  # type: ignore[misc]  # allauth ships no types
    """The login page; in a demo it also lists the demo's people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the people that can be entered as."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        people = Person.objects.filter(username__in=SHOWN) if settings.DEMO else Person.objects.none()
        named = {person.username: person for person in people}
        context["demo_people"] = [
            {"username": name, "name": named[name].name, "what": what}
            for name, what in SHOWN.items()
            if name in named
        ]
        return context


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Log the visitor in as one of the demo's people."""
    person = get_object_or_404(Person, username=request.POST.get("username", ""), username__in=SHOWN)
    login(request, person, backend=BACKEND)
    return redirect("/")
