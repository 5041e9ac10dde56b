"""Addresses of the programme, one file for each part in it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from xunshui.web.programme.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("xunshui.web.programme.urls.applicant")),
    path("", include("xunshui.web.programme.urls.province")),
    path("", include("xunshui.web.programme.urls.ministry")),
    path("", include("xunshui.web.programme.urls.expert")),
    path("", include("xunshui.web.programme.urls.public")),
]
