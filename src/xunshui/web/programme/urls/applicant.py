"""Addresses for one part of the programme: 申报单位."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
