"""Registration and one's own account."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from xunshui.web.accounts.actor import ACTING
from xunshui.web.accounts.forms import RegistrationForm
from xunshui.web.accounts.models import Membership
from xunshui.web.accounts.register_organisation import register_organisation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def register(request: HttpRequest) -> HttpResponse:
    """Register an organisation with its first account, and enter."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        membership = register_organisation(
            name=told["name"],
            kind=told["kind"],
            credit_code=told["credit_code"],
            region=told["region"],
            username=told["username"],
            person_name=told["person_name"],
            password=told["password"],
        )
        login(request, membership.person, backend=BACKEND)
        return redirect("/")
    return render(request, "accounts/register.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account: for whom one may act, and how it is protected."""
    memberships = Membership.objects.filter(person=request.user.pk).select_related("organisation")
    return render(request, "accounts/me.html", {"memberships": memberships})


@login_required
@require_POST
def act_for(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Choose for which organisation one acts from now on."""
    membership = get_object_or_404(Membership, pk=membership_id, person=request.user.pk)
    request.session[ACTING] = membership.pk
    return redirect("/")
