"""Addresses for one part of the programme: 公众."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.programme.views import public, public_objection

urlpatterns: list[URLPattern] = [
    path("calls/", public.calls, name="calls"),
    path("calls/<int:year>/", public.call, name="call"),
    path("calls/<int:year>/notice/", public.notice, name="notice"),
    path("calls/<int:year>/notice/<str:number>/object/", public_objection.object_to, name="object_to"),
    path("objection/", public_objection.look_up, name="objection"),
    path("objection/receipt/", public_objection.receipt, name="objection_receipt"),
]
