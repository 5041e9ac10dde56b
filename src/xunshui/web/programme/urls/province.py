"""Addresses for one part of the programme: 推荐单位与行业协会."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.programme.views import association, province, province_acts, province_table

urlpatterns: list[URLPattern] = [
    path("province/", province.queue, name="province"),
    path("province/table/", province_table.table, name="province_table"),
    path("province/table/order/", province_table.order, name="province_order"),
    path("province/table/write/", province_table.write, name="province_write"),
    path("province/table/seal/", province_table.seal, name="province_seal"),
    path("province/table/seal/file/", province_table.seal_file, name="province_seal_file"),
    path("province/table/submit/", province_table.submit, name="province_submit"),
    path("province/table/deadline/", province_table.filing_deadline, name="province_deadline"),
    path("province/table/document<str:suffix>", province_table.document, name="province_document"),
    path("province/<str:number>/", province.case, name="province_case"),
    path("province/<str:number>/check/", province_acts.check, name="province_check"),
    path("association/", association.cases, name="association"),
    path("association/<str:number>/", association.case, name="association_case"),
]
