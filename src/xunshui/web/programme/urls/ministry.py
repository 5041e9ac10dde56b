"""Addresses for one part of the programme: 工业和信息化部."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
