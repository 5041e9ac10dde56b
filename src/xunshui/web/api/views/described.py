"""The page of the interface: what may be called, with calls that can be copied."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xunshui.web.api.described import operations_in
from xunshui.web.api.interface import interface
from xunshui.web.api.operations.catalogue import host_of


@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """Show every operation of the interface."""
    operations = operations_in(interface.get_openapi_schema(), host_of(request))
    return render(request, "api/described.html", {"operations": operations})
