"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.console.views import (
    balance,
    devices,
    evidence,
    home,
    owners,
    points,
    share,
    sites,
    verdict,
)

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", sites.sites, name="sites"),
    path("owners/", owners.owners, name="owners"),
    path("owners/settle/", owners.settle_one, name="settle"),
    path("<int:pk>/", home.home, name="home"),
    path("<int:pk>/now/", home.now, name="now"),
    path("<int:pk>/flows.xlsx", home.flows, name="flows"),
    path("<int:pk>/file.json", sites.file, name="file"),
    path("<int:pk>/balance/", balance.balance, name="balance"),
    path("<int:pk>/points/", points.points, name="points"),
    path("<int:pk>/points/<str:point_id>/", points.point, name="point"),
    path("<int:pk>/points/<str:point_id>/<int:at_us>/", points.reading, name="reading"),
    path("<int:pk>/share/", share.shares, name="share"),
    path("<int:pk>/devices/", devices.devices, name="devices"),
    path("<int:pk>/verdict/<str:period>/", verdict.verdict, name="verdict"),
    path("<int:pk>/verdict/<str:period>/evidence.zip", evidence.evidence, name="evidence"),
]
