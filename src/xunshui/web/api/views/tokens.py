"""The tokens of a person: the list, a new one shown once, revoking."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xunshui.web.api.forms import TokenForm
from xunshui.web.api.token import make_token, may_make, revoke_token, tokens_of
from xunshui.web.programme import clock
from xunshui.web.programme.permissions import NotYours
from xunshui.web.programme.views.asking import actor_in


@login_required
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the tokens of the actor, with when each was last used."""
    actor, now = actor_in(request), clock.now()
    rows = [(row, row.is_live(now)) for row in tokens_of(actor)]
    return render(request, "api/tokens.html", {"rows": rows, "may_make": may_make(actor)})


@login_required
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; whoever asks must have proved who they are within the last minutes."""
    if request.method == "POST" and not did_recently_reauthenticate(request):
        # The page itself asks for the password; a suspended post would come back without its actor.
        return redirect(request.path)
    answer: HttpResponse = _new_token(request)
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Take a token out of use."""
    token = revoke_token(token_id, actor=actor_in(request), now=clock.now())
    messages.success(request, f"令牌 {token.key}（{token.name}）已吊销，立即失效。", extra_tags="good")
    return redirect("/me/tokens/")


def _new(request: HttpRequest) -> HttpResponse:
    actor = actor_in(request)
    if not may_make(actor):
        raise NotYours("只有申报单位的成员可以生成接口令牌；请切换到申报单位")
    form = TokenForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        made = make_token(**form.told, actor=actor, now=clock.now())
        return render(request, "api/token_made.html", {"made": made})
    return render(request, "api/token_new.html", {"form": form}, status=422 if form.errors else 200)


_new_token = reauthentication_required(_new)
