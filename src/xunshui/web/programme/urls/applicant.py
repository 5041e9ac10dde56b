"""Addresses for one part of the programme: 申报单位."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.programme.views import applicant, applicant_acts, applicant_files, applicant_section, joint

urlpatterns: list[URLPattern] = [
    path("apply/", applicant.mine, name="apply"),
    path("apply/new/", applicant_acts.start_one, name="apply_new"),
    path("apply/<str:number>/", applicant.overview, name="apply_one"),
    path("apply/<str:number>/s/<str:section>/", applicant_section.section_page, name="apply_section"),
    path("apply/<str:number>/verdict/", applicant.verdict, name="apply_verdict"),
    path("apply/<str:number>/check/", applicant.check_answers_page, name="apply_check"),
    path("apply/<str:number>/commit/", applicant_acts.commit, name="apply_commit"),
    path("apply/<str:number>/submit/", applicant_acts.hand_in, name="apply_submit"),
    path("apply/<str:number>/withdraw/", applicant_acts.take_back, name="apply_withdraw"),
    path("apply/<str:number>/workbook/", applicant_acts.fill_from_workbook, name="apply_workbook"),
    path("apply/<str:number>/files/", applicant_files.files_page, name="apply_files"),
    path("apply/<str:number>/partners/", joint.partners_page, name="apply_partners"),
    path("apply/<str:number>/document<str:suffix>", applicant_files.document, name="apply_document"),
    path("apply/<str:number>/kit.zip", applicant_files.kit, name="apply_kit"),
    path("files/<int:attachment_id>/", applicant_files.open_file, name="file"),
    path("files/<int:attachment_id>/remove/", applicant_files.remove_file, name="file_remove"),
    path("joint/", joint.joint, name="joint"),
    path("joint/<str:number>/", joint.joint_one, name="joint_one"),
]
