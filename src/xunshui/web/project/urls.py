"""Addresses of the site."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from xunshui.web.project import demo_door, help_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", demo_door.LoginPage.as_view(), name="account_login"),
    path("accounts/", include("allauth.urls")),
    path("help/", help_page.help_page, name="help"),
    path("catalogue/", include("xunshui.web.catalogue.urls")),
    path("sites/", include("xunshui.web.console.urls")),
    path("", include("xunshui.web.api.urls")),
    path("", include("xunshui.web.accounts.urls")),
    path("", include("xunshui.web.programme.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/enter/", demo_door.enter, name="demo_enter"))
