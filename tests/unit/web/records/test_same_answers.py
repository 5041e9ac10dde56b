"""Where SQLite and PostgreSQL differ by themselves: each of these has one answer on both."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from pytest_django import Settings
from tests.unit.web.api.api_build import applicant, browser, caller, draft
from tests.unit.web.programme.ministry_build import THEN, a_round, an_expert, ministry, organisation
from tests.unit.web.programme.province_build import handed_in, open_round, province

from xunshui.web.accounts.models import Organisation, OrganisationKind
from xunshui.web.programme import clock
from xunshui.web.programme.attach import attach
from xunshui.web.programme.models import Application, Objection, Recommendation, Round, Scoring
from xunshui.web.project.demo.papers import one_line_pdf
from xunshui.web.trail.models import Entry
from xunshui.web.trail.record import record, verify_chain

pytestmark = [pytest.mark.records, pytest.mark.django_db]
NUL = "\0"


@pytest.fixture(autouse=True)
def _plain_site(settings: Settings, tmp_path: Path) -> None:
    settings.SECOND_FACTOR = False
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def test_database_is_the_one_that_was_named() -> None:
    assert connection.vendor == ("postgresql" if os.environ.get("XUNSHUI_DATABASE") else "sqlite")


def test_experts_stand_in_the_order_of_their_characters() -> None:
    for serial, name in enumerate(["阿专家", "赵专家", "Li", "li", "丁专家"]):
        an_expert(f"e{serial}", name)
    client = ministry()

    text = client.get("/ministry/experts/").content.decode()

    places = [text.index(f"{name}</") for name in ("Li", "li", "丁专家", "赵专家", "阿专家")]
    assert places == sorted(places)


def test_trail_is_filtered_whatever_the_case_of_letters() -> None:
    a_round()
    record("round-2024", act="round.open", actor="Zhang（部）", subject="round/2024", at=THEN, detail={})

    response = ministry().get("/ministry/trail/", {"chain": "round-2024", "subject": "ZHANG"})

    assert [line.entry.actor for line in response.context["lines"]] == ["Zhang（部）"]


def test_json_keeps_the_order_it_was_written_in() -> None:
    remarks = {"reuse_rate": "1", "b": "2", "a": "3"}
    row = handed_in(open_round(), remarks=remarks)

    row.refresh_from_db()

    assert list(row.remarks.items()) == list(remarks.items())


def test_trail_holds_whatever_a_detail_is_made_of() -> None:
    detail = {"b": 1e21, "a": 1.50, "aa": [0.1, -0.0, 2**53 - 1], "Z": {"é": "", "e": None}, "数": "\u2028😀"}

    for _ in range(2):
        record("round-2024", act="x", actor="部", subject="round/2024", at=clock.now(), detail=detail)

    assert verify_chain("round-2024") is None


@pytest.mark.parametrize(
    "path",
    ["/ministry/trail/?subject=%00", "/ministry/%00/", "/catalogue/?q=%00"],
)
def test_nul_in_an_address_is_refused_or_not_found(path: str) -> None:
    a_round()

    assert ministry().get(path).status_code in (400, 404, 422)


def test_nul_in_a_parameter_of_the_interface_is_a_mistake() -> None:
    answer = Client().get("/api/v1/catalogue/cases?q=%00&province=13")

    assert answer.status_code == 422
    assert [(row["where"], row["accepted"]) for row in answer.json()["mistakes"]] == [("q", "删去空字符")]


def test_nul_in_a_form_is_refused() -> None:
    assert Client().post("/accounts/login/", {"login": f"a{NUL}", "password": "b"}).status_code == 400
    assert Client().post("/objection/", {"receipt": NUL}).status_code == 400


def test_nul_from_a_program_is_a_mistake() -> None:
    actor = applicant()
    row = draft(actor)
    body = {"version": 0, "answers": {"name": f"钢{NUL}铁"}}

    assert caller(actor).put(f"/applications/{row.number}/sections/applicant", body).status_code == 422


def test_account_name_beyond_all_limits_only_fails_to_log_in() -> None:
    response = Client().post("/accounts/login/", {"login": "长" * 1000, "password": "x" * 1000})

    assert response.status_code == 200


def test_long_file_name_keeps_its_end() -> None:
    actor = applicant()
    file = SimpleUploadedFile("名" * 240 + ".pdf", one_line_pdf("TEST"))

    row = attach(draft(actor).number, code="P01", title="营业执照", file=file, actor=actor, now=clock.now())

    row.refresh_from_db()
    assert (len(row.file_name), row.file_name[-5:]) == (200, "名.pdf")


def test_contact_of_a_table_is_kept_as_far_as_there_is_room() -> None:
    open_round()
    client = province()

    client.post("/province/table/write/", {"opinion": "同意", "contact": "钱" * 90, "phone": "0" * 90})

    row = Recommendation.objects.get()
    assert (len(row.contact), len(row.phone)) == (60, 30)


def test_case_name_beyond_its_length_is_cut_and_found_again() -> None:
    open_round()
    client = browser(applicant())
    form = {"round": "2024", "case_name": "回用" * 90, "direction": "D1"}

    for _ in range(2):
        client.post("/apply/new/", form)

    assert [len(row.case_name) for row in Application.objects.all()] == [120]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"state": "lost"}, id="unknown_state"),
        pytest.param({"submitted_at": None}, id="handed_in_without_its_moment"),
        pytest.param({"state": "recommended"}, id="recommended_without_its_moment"),
        pytest.param({"state": "published", "recommended_at": THEN}, id="published_without_its_moment"),
        pytest.param({"rank": -1}, id="rank_below_zero"),
    ],
)
def test_application_against_its_state_is_refused_by_the_database(facts: dict[str, Any]) -> None:
    row = handed_in(open_round())

    refused(Application.objects.filter(pk=row.pk), facts)


def test_other_rows_against_their_state_are_refused_by_the_database() -> None:
    row = handed_in(open_round())
    scoring = Scoring.objects.create(application=row, expert=an_expert("e", "钱"), assigned_at=THEN)
    Recommendation.objects.create(round=row.round, body="13")
    facts = {"application": row, "receipt": "YY2024-A", "name": "周", "contact": "1", "facts": "不实"}
    Objection.objects.create(filed_at=THEN, **facts)

    refused(Round.objects.all(), {"state": "published"})
    refused(Scoring.objects.filter(pk=scoring.pk), {"state": "scored"})
    refused(Recommendation.objects.all(), {"state": "submitted"})
    refused(Objection.objects.all(), {"state": "upheld"})
    refused(Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE), {"credit_code": None})


def test_place_in_a_chain_is_taken_once() -> None:
    line = record("round-2024", act="x", actor="部", subject="round/2024", at=THEN, detail={})

    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(**{field: getattr(line, field) for field in _COPIED})

    assert verify_chain("round-2024") is None


def test_organisations_with_one_code_are_refused() -> None:
    one_code = "911302000000000000"
    organisation("一厂", OrganisationKind.ENTERPRISE, credit_code=one_code)

    with pytest.raises(IntegrityError), transaction.atomic():
        organisation("二厂", OrganisationKind.ENTERPRISE, credit_code=one_code)


_COPIED = ("chain", "seq", "at", "actor", "act", "subject", "body", "previous", "hash")


def refused(rows: models.QuerySet[Any], facts: dict[str, Any]) -> None:
    """Assert that the database itself does not take these facts, and that the transaction goes on."""
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**facts)
    assert rows.exists()
