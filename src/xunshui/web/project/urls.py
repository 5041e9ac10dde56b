"""Addresses of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("catalogue/", include("xunshui.web.catalogue.urls")),
    path("", include("xunshui.web.accounts.urls")),
    path("", include("xunshui.web.programme.urls")),
]
