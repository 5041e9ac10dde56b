"""Addresses for one part of the programme: 工业和信息化部."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.programme.views import (
    ministry,
    ministry_assignment,
    ministry_cases,
    ministry_experts,
    ministry_objections,
    ministry_selection,
    ministry_trail,
)

urlpatterns: list[URLPattern] = [
    path("ministry/", ministry.rounds, name="ministry"),
    path("ministry/experts/", ministry_experts.experts, name="ministry_experts"),
    path("ministry/experts/<int:expert_id>/", ministry_experts.expert, name="ministry_expert"),
    path("ministry/objections/", ministry_objections.objections, name="ministry_objections"),
    path("ministry/objections/<str:receipt>/", ministry_objections.objection, name="ministry_objection"),
    path(
        "ministry/objections/<str:receipt>/file/", ministry_objections.objection_file, name="objection_file"
    ),
    path("ministry/objections/<str:receipt>/handle/", ministry_objections.handle, name="objection_handle"),
    path("ministry/trail/", ministry_trail.trail, name="ministry_trail"),
    path("ministry/trail/export/", ministry_trail.export, name="ministry_trail_export"),
    path("ministry/case/<str:number>/", ministry_cases.case, name="ministry_case"),
    path("ministry/case/<str:number>/screen/", ministry_cases.screen_one, name="ministry_screen"),
    path("ministry/case/<str:number>/stage/", ministry_selection.stage_one, name="ministry_stage"),
    path("ministry/case/<str:number>/delist/", ministry_cases.delist_one, name="ministry_delist"),
    path(
        "ministry/scoring/<int:scoring_id>/recuse/", ministry_assignment.recuse_late, name="ministry_recuse"
    ),
    path("ministry/<int:year>/", ministry.round_page, name="ministry_round"),
    path("ministry/<int:year>/move/", ministry.move, name="ministry_move"),
    path("ministry/<int:year>/deadline/", ministry.deadline, name="ministry_deadline"),
    path("ministry/<int:year>/extension/", ministry.extension, name="ministry_extension"),
    path("ministry/<int:year>/settings/", ministry.settings, name="ministry_settings"),
    path("ministry/<int:year>/screening/", ministry_cases.screening, name="ministry_screening"),
    path("ministry/<int:year>/assignment/", ministry_assignment.assignment, name="ministry_assignment"),
    path("ministry/<int:year>/assignment/apply/", ministry_assignment.assign_all, name="ministry_assign_all"),
    path(
        "ministry/<int:year>/assignment/one/", ministry_assignment.assign_single, name="ministry_assign_one"
    ),
    path("ministry/<int:year>/selection/", ministry_selection.selection, name="ministry_selection"),
    path("ministry/<int:year>/minutes/", ministry_selection.minutes, name="ministry_minutes"),
    path("ministry/<int:year>/announce/", ministry_selection.announce_list, name="ministry_announce"),
    path("ministry/<int:year>/publish/", ministry_selection.publish_list, name="ministry_publish"),
]
