"""Addresses for one part of the programme: 公众."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
