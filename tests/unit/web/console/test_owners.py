"""Settling whose a device is: only the ministry may, the readings follow, and everybody concerned is told why."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.unit.web.console.test_console import MN, RAW, owner, plain_site, readings, stored
from tests.unit.web.programme.ministry_build import client_of, code, member, ministry, organisation

from xunshui.web.accounts.models import Organisation, OrganisationKind
from xunshui.web.console.models import DeviceTransfer, LiveSite
from xunshui.web.console.store import CHAIN
from xunshui.web.trail.models import Entry
from xunshui.web.trail.record import verify_chain

__all__ = ["owner", "plain_site", "readings"]
pytestmark = [pytest.mark.django_db, pytest.mark.records]
DEVICE = f"hj212:{MN}"
REASON = "现场核对铭牌，设备在乙厂二期泵房"
PLACES = ("/sites/owners/", f"/sites/owners/settle/?device={DEVICE}")


def rival() -> Organisation:
    return organisation("乙厂", OrganisationKind.ENTERPRISE, credit_code=code("91130200MA0TEAM39"))


def given(officer: Client, **changed: Any) -> Any:
    """Send the form that gives the device to the rival, with something in it changed."""
    giver = LiveSite.objects.get(key="mill").organisation
    told = {"device": DEVICE, "giver": giver.pk, "taker": rival().pk, "reason": REASON, "typed": DEVICE}
    return officer.post("/sites/owners/settle/", told | changed)


def theirs(client: Client) -> Any:
    raw = RAW | {"id": "theirs", "name": "乙厂站", "points": RAW["points"][:2]}
    file = SimpleUploadedFile("site.json", json.dumps(raw).encode())
    return client.post("/sites/", {"file": file})


@pytest.mark.parametrize(
    ("kind", "status"),
    [(kind, 200 if kind is OrganisationKind.MINISTRY else 403) for kind in OrganisationKind],
)
def test_only_the_ministry_sees_and_settles(owner: Client, kind: OrganisationKind, status: int) -> None:
    stored(owner)
    facts = {"credit_code": code("91130200MA0TEAM55"), "region": "13"}
    client = client_of(member("someone", organisation(f"某{kind.label}", kind, **facts)))
    seen = [client.get(place).status_code for place in PLACES]
    settled = given(client).status_code

    assert seen == [status, status]
    assert settled == (302 if status == 200 else 403)
    assert DeviceTransfer.objects.count() == (status == 200)


def test_public_is_sent_to_the_door(owner: Client) -> None:
    stored(owner)
    answers = [Client().get(place) for place in PLACES] + [given(Client())]

    assert [(answer.status_code, "/accounts/login/" in answer["Location"]) for answer in answers] == [
        (302, True)
    ] * 3
    assert not DeviceTransfer.objects.exists()


def test_readings_follow_the_device(owner: Client, readings: int) -> None:
    pk = stored(owner)
    taker = client_of(member("taker", rival()))
    refused = theirs(taker)
    before = owner.get(f"/sites/{pk}/points/PA/").status_code
    given(ministry())
    after = owner.get(f"/sites/{pk}/points/PA/").status_code
    accepted = theirs(taker)
    again = owner.post(
        "/sites/", {"file": SimpleUploadedFile("site.json", json.dumps(RAW | {"id": "more"}).encode())}
    )
    page = taker.get(f"{accepted['Location']}points/PA/?span=62d").content.decode()

    assert (refused.status_code, accepted.status_code, again.status_code) == (409, 302, 409)
    assert (before, after) == (200, 404)
    assert "30 个，最近的在前" in page
    assert owner.get(f"/sites/{pk}/verdict/2023/evidence.zip").status_code == 200


def test_both_see_what_was_decided_and_the_trail_keeps_it(owner: Client, readings: int) -> None:
    pk = stored(owner)
    taker = client_of(member("taker", rival()))
    given(ministry())
    pages = [
        owner.get(f"/sites/{pk}/devices/").content.decode(),
        taker.get(f"{theirs(taker)['Location']}devices/").content.decode(),
    ]
    entry = Entry.objects.get(chain=CHAIN, act="划转设备")

    for page in pages:
        assert DEVICE in page
        assert REASON in page
        assert "乙厂" in page
    assert "站点文件还写着 1 台已划归别的单位的设备" in pages[0]
    assert "2 个点位的设备已划归别的单位，不再取数" in owner.get(f"/sites/{pk}/").content.decode()
    assert entry.subject == f"device {DEVICE}"
    assert entry.body["detail"]["after"] == "乙厂"
    assert entry.body["detail"]["reason"] == REASON
    assert verify_chain(CHAIN) is None


def test_third_organisation_is_told_nothing(owner: Client, readings: int) -> None:
    stored(owner)
    given(ministry())
    third = organisation("丙厂", OrganisationKind.ENTERPRISE, credit_code=code("91130200MA0TEAM12"))
    client = client_of(member("third", third))
    raw = RAW | {"id": "third", "points": [RAW["points"][2]]}
    pk = int(given_file(client, raw)["Location"].split("/")[2])

    assert REASON not in client.get(f"/sites/{pk}/devices/").content.decode()


def given_file(client: Client, raw: dict[str, Any]) -> Any:
    LiveSite.objects.all().delete()
    file = SimpleUploadedFile("site.json", json.dumps(raw).encode())
    return client.post("/sites/", {"file": file})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param(lambda: {"reason": "  "}, "请写明理由", id="no_reason"),
        pytest.param(lambda: {"reason": "长" * 501}, "理由有 501 字，最多 500 字", id="long_reason"),
        pytest.param(lambda: {"typed": "hj212"}, f"确认栏里应输入设备编号“{DEVICE}”", id="not_confirmed"),
        pytest.param(lambda: {"taker": ""}, "请选择划归哪个单位", id="nobody"),
        pytest.param(lambda: {"taker": "²"}, "请选择划归哪个单位", id="not_a_number"),
        pytest.param(
            lambda: {"taker": LiveSite.objects.get().organisation_id}, "请选择划归哪个单位", id="its_owner"
        ),
        pytest.param(
            lambda: {"taker": organisation("某协会", OrganisationKind.ASSOCIATION).pk},
            "请选择划归哪个单位",
            id="without_sites",
        ),
        pytest.param(lambda: {"giver": ""}, "归属刚刚变了", id="stale"),
    ],
)
def test_mistakes_are_told_and_nothing_is_settled(
    owner: Client, changed: Callable[[], dict[str, Any]], told: str
) -> None:
    stored(owner)
    answer = given(ministry(), **changed())

    assert answer.status_code == 409
    assert told in answer.content.decode()
    assert not DeviceTransfer.objects.exists()
    assert not Entry.objects.filter(act="划转设备").exists()


def test_device_that_nobody_knows_is_not_found(owner: Client) -> None:
    stored(owner)
    officer = ministry()

    assert officer.get("/sites/owners/settle/?device=hj212:NONE").status_code == 404
    assert given(officer, device="hj212:NONE").status_code == 404


def test_list_shows_owner_how_and_who_still_names_it(owner: Client, readings: int) -> None:
    stored(owner)
    officer = ministry()
    first = officer.get("/sites/owners/").content.decode()
    given(officer)
    then = officer.get(f"/sites/owners/?q={MN}").content.decode()
    other = officer.get("/sites/owners/?q=没有这个").content.decode()

    assert "2 台设备" in first
    assert "先登记" in first
    assert "1 台设备" in then
    assert "仍写着，已停用" in then
    assert "没有含“没有这个”的设备" in other


def test_device_that_was_given_back_reads_again(owner: Client, readings: int) -> None:
    pk = stored(owner)
    officer, giver = ministry(), LiveSite.objects.get().organisation
    given(officer)
    given(officer, giver=rival().pk, taker=giver.pk)

    assert owner.get(f"/sites/{pk}/points/PA/").status_code == 200
    assert "仍写着" not in officer.get("/sites/owners/").content.decode()
