"""The page of help and accessibility."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def help_page(request: HttpRequest) -> HttpResponse:
    """Show how the site is used, by keyboard too, and whom to ask."""
    return render(request, "help.html")
