"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("register/", views.register, name="register"),
    path("me/", views.me, name="me"),
    path("me/act/<int:membership_id>/", views.act_for, name="act_for"),
]
