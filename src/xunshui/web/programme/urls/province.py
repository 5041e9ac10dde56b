"""Addresses for one part of the programme: 推荐单位与行业协会."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
