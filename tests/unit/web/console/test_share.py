"""A site shown for an application: who checks it follows a figure down to the frame, and only while it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.unit.web.console.test_console import MN, good_frame, plain_site, readings, stored
from tests.unit.web.programme.ministry_build import client_of, member, organisation
from tests.unit.web.programme.province_build import handed_in, open_round

from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter
from xunshui.web.accounts.models import OrganisationKind
from xunshui.web.console.models import SharedSite
from xunshui.web.console.store import CHAIN
from xunshui.web.programme.models import Application
from xunshui.web.trail.models import Entry
from xunshui.web.trail.record import verify_chain

__all__ = ["plain_site", "readings"]
pytestmark = [pytest.mark.django_db, pytest.mark.records]


def province(region: str) -> Client:
    office = organisation(f"推荐单位 {region}", OrganisationKind.PROVINCE, region=region)
    return client_of(member(f"office-{region}", office))


@pytest.fixture
def application() -> Application:
    case: Application = handed_in(open_round())
    return case


@pytest.fixture
def owner(application: Application) -> Client:
    return client_of(member("owner", application.applicant))


def told(client: Client, pk: int, at_us: int) -> dict[str, int]:
    places = (
        "",
        "devices/",
        "balance/",
        "points/",
        "verdict/2023/",
        "points/PA/",
        f"points/PA/{at_us}/",
        "verdict/2023/evidence.zip",
    )
    return {place: client.get(f"/sites/{pk}/{place}").status_code for place in places}


def test_checking_departments_see_what_is_shown_and_nothing_else(
    owner: Client, application: Application, readings: int
) -> None:
    pk, at_us = stored(owner), readings - HOUR_US
    office, other = province(application.body), province("99")
    before = told(office, pk, at_us)
    owner.post(f"/sites/{pk}/share/", {"application": application.number})
    shown = told(office, pk, at_us)
    foreign = told(other, pk, at_us)
    owner.post(f"/sites/{pk}/share/", {"application": application.number, "take_back": "1"})

    assert set(before.values()) == {404}
    assert [place for place, status in shown.items() if status == 200] == [
        "verdict/2023/", "points/PA/", f"points/PA/{at_us}/", "verdict/2023/evidence.zip",
    ]  # fmt: skip
    assert set(foreign.values()) == {404}
    assert told(office, pk, at_us) == before


def test_case_page_leads_to_the_frame(
    owner: Client, application: Application, readings: int, tmp_path: Path
) -> None:
    pk, at_us = stored(owner), readings - HOUR_US
    writer = SpoolWriter(tmp_path)
    sent = Arrival("hj212", MN, readings, good_frame(at_us), [Sample("2061/w00000-Cou", at_us, 13.5)])
    writer.commit([sent], readings)
    writer.close()
    owner.post(f"/sites/{pk}/share/", {"application": application.number})
    office = province(application.body)
    pages: list[Any] = [
        (f"/province/{application.number}/", f"/sites/{pk}/verdict/2023/"),
        (f"/sites/{pk}/verdict/2023/", f"/sites/{pk}/points/PA/"),
        (f"/sites/{pk}/points/PA/?span=24h", f"/sites/{pk}/points/PA/{at_us}/"),
        (f"/sites/{pk}/points/PA/{at_us}/", "w00000-Cou=13.5"),
    ]
    for page, leads_to in pages:
        assert leads_to in office.get(page).content.decode(), page


def test_acts_are_in_the_trail_and_doing_twice_is_once(owner: Client, application: Application) -> None:
    pk = stored(owner)
    for words in ({}, {}, {"take_back": "1"}, {"take_back": "1"}):
        owner.post(f"/sites/{pk}/share/", {"application": application.number, **words})

    acts = list(Entry.objects.filter(chain=CHAIN).order_by("seq").values_list("act", flat=True))
    assert acts == ["存入站点文件", "向申报的审核单位出示站点", "收回出示的站点"]
    assert (SharedSite.objects.count(), verify_chain(CHAIN)) == (0, None)


def test_another_plants_application_is_not_found(owner: Client, application: Application) -> None:
    pk = stored(owner)
    Application.objects.update(applicant=organisation("别家", OrganisationKind.PROVINCE))

    assert owner.post(f"/sites/{pk}/share/", {"application": application.number}).status_code == 404
