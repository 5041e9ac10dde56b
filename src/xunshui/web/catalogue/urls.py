"""Addresses of the room. A case's address is its number and never changes."""

from __future__ import annotations

from django.urls import URLPattern, path

from xunshui.web.catalogue.views import after, browse, case, data

app_name = "catalogue"
urlpatterns: list[URLPattern] = [
    path("", browse.browse, name="browse"),
    path("feed.xml", data.feed, name="feed"),
    path("cases.csv", data.csv_file, name="csv"),
    path("cases.json", data.json_file, name="json"),
    path("<int:year>/summary/", browse.summary, name="summary"),
    path("<str:number>/", case.case, name="case"),
    path("<str:number>/water-<str:period>.svg", case.water, name="water"),
    path("<str:number>/evidence.zip", case.evidence, name="evidence"),
    path("<str:number>/verify/", case.verify, name="verify"),
    path("<str:number>/ask/", after.ask_one, name="ask"),
    path("<str:number>/asked/", after.asked, name="asked"),
    path("<str:number>/questions/", after.questions, name="questions"),
    path("<str:number>/questions/<int:question_id>/", after.answer_one, name="answer"),
    path("<str:number>/followup/", after.followup, name="followup"),
    path("<str:number>/support/", after.support, name="support"),
    path("<str:number>/support/<int:support_id>/", after.support_result, name="support_result"),
]
