"""Addresses for one part of the programme: 评审专家."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
