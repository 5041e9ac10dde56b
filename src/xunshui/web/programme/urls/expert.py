"""Addresses for one part of the programme: 评审专家."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.programme.views import expert

urlpatterns: list[URLPattern] = [
    path("expert/", expert.reviews, name="expert"),
    path("expert/<int:scoring_id>/", expert.review, name="expert_review"),
    path("expert/<int:scoring_id>/print/", expert.print_out, name="expert_print"),
    path("expert/<int:scoring_id>/recuse/", expert.recuse_self, name="expert_recuse"),
]
