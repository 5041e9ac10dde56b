"""By token: read, fill in, upload, verdict, hand in; and every refusal with what would be accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.unit.web.api.api_build import (
    PROBLEM,
    acts,
    applicant,
    caller,
    complete,
    draft,
    full_answers,
    places,
    told,
)
from tests.unit.web.programme.province_build import open_round

from xunshui.web.accounts.actor import Actor
from xunshui.web.api.scope import Scope
from xunshui.web.programme import clock
from xunshui.web.programme.fill import save_section
from xunshui.web.programme.models import Attachment, Submission
from xunshui.web.programme.submit import sign_commitment
from xunshui.web.project.demo.papers import one_line_pdf, paper

pytestmark = [pytest.mark.records, pytest.mark.django_db]
EXAMPLES = Path(__file__).parents[4] / "examples"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def actor() -> Actor:
    return applicant()


def test_list_tells_own_applications_only(actor: Actor) -> None:
    round_ = open_round()
    row = draft(actor, round_)
    draft(applicant(2), round_)

    assert [told_row["number"] for told_row in told(caller(actor).get("/applications"))] == [row.number]


def test_application_tells_sections_with_versions_and_what_is_missing(actor: Actor) -> None:
    row = draft(actor)
    save_section(row.number, "ledger", {"surface": {"2023": "30"}}, version=0, actor=actor, now=clock.now())

    answer = told(caller(actor).get(f"/applications/{row.number}"))

    versions = {section["id"]: section["version"] for section in answer["sections"]}
    assert (versions["ledger"], versions["applicant"]) == (1, 0)
    assert "files.P01" in [mistake["where"] for mistake in answer["missing"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("get", "", id="read"),
        pytest.param("get", "/verdict", id="verdict"),
        pytest.param("put", "/sections/ledger", id="fill"),
        pytest.param("put", "/site", id="site"),
        pytest.param("post", "/submit", id="submit"),
    ],
)
def test_foreign_application_is_not_found(actor: Actor, method: str, path: str) -> None:
    row = draft(applicant(2))
    ask = getattr(caller(actor), method)
    body = [{"version": 0, "answers": {}}] if method == "put" else []

    answer = ask(f"/applications/{row.number}{path}", *body)

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_section_is_saved_and_numbers_keep_their_digits(actor: Actor) -> None:
    row = draft(actor)
    body = b'{"version": 0, "answers": {"surface": {"2023": 97.60, "2022": "1 234"}, "ground": null}}'

    answer = told(caller(actor).put(f"/applications/{row.number}/sections/ledger", body))

    assert (answer["version"], answer["answers"]) == (1, {"surface": {"2023": "97.60", "2022": "1 234"}})
    assert row.answers["ledger"] == answer["answers"]
    assert acts(row.subject) == ["application.start", "token.fill"]


def test_saved_section_names_person_and_token(actor: Actor) -> None:
    row = draft(actor)

    caller(actor).put(f"/applications/{row.number}/sections/ledger", {"version": 0, "answers": {}})

    assert row.sections.get().saved_by.startswith("赵经办（示例钢铁 1）［令牌 ")


def test_section_saved_meanwhile_shows_both_sides(actor: Actor) -> None:
    row = draft(actor)
    theirs = {"surface": {"2023": "31"}}
    save_section(row.number, "ledger", theirs, version=0, actor=actor, now=clock.now())

    body = {"version": 0, "answers": {"surface": {"2023": "30"}}}
    answer = caller(actor).put(f"/applications/{row.number}/sections/ledger", body)

    assert answer.status_code == 409
    conflict = told(answer)
    assert (conflict["version"], conflict["theirs"]) == (1, theirs)
    assert conflict["clashes"] == [{"field": "surface", "mine": {"2023": "30"}, "theirs": {"2023": "31"}}]
    assert row.answers["ledger"] == theirs


def test_every_mistake_of_a_section_is_told_with_what_is_accepted(actor: Actor) -> None:
    row = draft(actor)
    wrong = {"surface": {"2023": "viel", "1999": "3"}, "ground": 4, "nothing": "x"}

    answer = caller(actor).put(
        f"/applications/{row.number}/sections/ledger", {"version": 0, "answers": wrong}
    )

    assert answer.status_code == 422
    assert sorted(places(answer)) == [
        "ledger.ground",
        "ledger.nothing",
        "ledger.surface",
        "ledger.surface.2023",
    ]
    assert all(mistake["accepted"] for mistake in told(answer)["mistakes"])
    assert not row.sections.exists()


def test_file_field_is_not_an_answer(actor: Actor) -> None:
    row = draft(actor)
    body = {"version": 0, "answers": {"process_diagram": {"any": "thing"}}}

    answer = caller(actor).put(f"/applications/{row.number}/sections/narrative", body)

    assert places(answer) == ["narrative.process_diagram"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="cut"),
        pytest.param(b'{"version": NaN, "answers": {}}', id="not_a_number"),
        pytest.param(b'{"version": 0, "version": 1, "answers": {}}', id="said_twice"),
        pytest.param(b'{"a":' * 5000 + b"1" + b"}" * 5000, id="nested"),
        pytest.param("{}".encode("utf-16"), id="not_utf8"),
    ],
)
def test_body_that_is_not_our_json_is_told(actor: Actor, body: bytes) -> None:
    row = draft(actor)

    answer = caller(actor).put(f"/applications/{row.number}/sections/ledger", body)

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_body_is_checked_as_a_whole(actor: Actor) -> None:
    row = draft(actor)

    answer = caller(actor).put(f"/applications/{row.number}/sections/ledger", {"version": "0", "x": 1})

    assert (answer.status_code, sorted(places(answer))) == (422, ["answers", "version", "x"])


def test_unknown_section_is_not_found_and_the_known_are_named(actor: Actor) -> None:
    row = draft(actor)

    answer = caller(actor).put(f"/applications/{row.number}/sections/nope", {"version": 0, "answers": {}})

    assert answer.status_code == 404
    assert "ledger" in told(answer)["detail"]


def test_site_file_fills_the_form(actor: Actor) -> None:
    row = draft(actor)

    content = (EXAMPLES / "steel_pass.json").read_bytes()
    answer = caller(actor).put(f"/applications/{row.number}/site", content)

    assert answer.status_code == 200
    assert "ledger" in row.answers
    assert acts(row.subject)[-1] == "token.fill"


def test_mistakes_of_a_site_file_are_all_told(actor: Actor) -> None:
    row = draft(actor)
    raw = json.loads((EXAMPLES / "steel_pass.json").read_bytes())
    raw["streams"][0]["to"] = "nowhere"
    raw["streams"][1]["volume_m3"] = {"2023": "viel"}

    answer = caller(actor).put(f"/applications/{row.number}/site", raw)

    assert answer.status_code == 422
    assert len(told(answer)["mistakes"]) >= 1
    assert not row.sections.exists()


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        pytest.param(b"not a workbook", XLSX, 422, id="broken_workbook"),
        pytest.param(b"a,b", "text/csv", 415, id="csv"),
        pytest.param(b" ", "application/json", 422, id="empty"),
    ],
)
def test_what_is_no_site_file_is_refused(actor: Actor, content: bytes, kind: str, status: int) -> None:
    row = draft(actor)

    answer = caller(actor).put(f"/applications/{row.number}/site", content, kind)

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)


def test_document_is_taken_in_and_leaves_a_line(actor: Actor) -> None:
    row = draft(actor)
    form = {"code": "P10", "issuer": "示例检测公司", "issued_on": "2024-03-01", "file": paper("P10", "x")}

    answer = caller(actor).post(f"/applications/{row.number}/attachments", form)

    assert answer.status_code == 201
    document = told(answer)
    assert (document["code"], document["state"], document["supports"]) == (
        "P10",
        "clean",
        ["indicators.reuse_rate"],
    )
    assert acts(row.subject)[-1] == "attachment.add"


def test_document_names_the_fields_it_bears_out(actor: Actor) -> None:
    row = draft(actor)
    form = {"code": "P12", "supports": ["ledger.reuse", "ledger.surface"], "file": paper("P12", "x")}

    document = told(caller(actor).post(f"/applications/{row.number}/attachments", form))

    assert document["supports"] == ["ledger.reuse", "ledger.surface"]


def test_file_that_only_calls_itself_pdf_is_refused(actor: Actor) -> None:
    row = draft(actor)
    fake = SimpleUploadedFile("report.pdf", b"MZ\x90\x00 a program", content_type="application/pdf")

    answer = caller(actor).post(f"/applications/{row.number}/attachments", {"code": "P10", "file": fake})

    assert (answer.status_code, places(answer)) == (422, ["file"])
    assert not Attachment.objects.exists()


def test_wrong_code_and_unknown_field_are_told_together(actor: Actor) -> None:
    row = draft(actor)
    form = {"code": "P77", "supports": ["ledger.nothing"], "file": paper("P10", "x")}

    answer = caller(actor).post(f"/applications/{row.number}/attachments", form)

    assert (answer.status_code, places(answer)) == (422, ["code", "supports"])


def test_too_large_a_file_is_refused(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xunshui.web.api.operations.attachments.LARGEST", 10)
    row = draft(actor)

    answer = caller(actor).post(
        f"/applications/{row.number}/attachments", {"code": "P10", "file": paper("P10", "x")}
    )

    assert answer.status_code == 413


def test_body_beyond_all_limits_is_refused_before_it_is_read(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xunshui.web.api.authenticate.LARGEST_BODY", 100)
    row = draft(actor)

    answer = caller(actor).put(f"/applications/{row.number}/site", one_line_pdf("x"))

    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def test_verdict_is_that_of_the_page(actor: Actor) -> None:
    row = complete(actor)

    verdict = told(caller(actor).get(f"/applications/{row.number}/verdict"))

    assert verdict["gates"][0]["id"].startswith("R-IND-")
    assert verdict["mistakes"] == []


def test_verdict_on_an_empty_draft_says_what_it_waits_for(actor: Actor) -> None:
    row = draft(actor)

    verdict = told(caller(actor).get(f"/applications/{row.number}/verdict"))

    assert verdict["eligible"] == "cannot_tell"


def test_submit_tells_everything_that_is_missing(actor: Actor) -> None:
    row = draft(actor)

    answer = caller(actor).post(f"/applications/{row.number}/submit")

    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert {"declaration", "applicant.name", "files.P01"} <= set(places(answer))


def test_token_does_not_sign(actor: Actor) -> None:
    row = complete(actor)

    answer = caller(actor).post(f"/applications/{row.number}/submit")

    assert answer.status_code == 409
    (unsigned,) = [row for row in told(answer)["mistakes"] if row["where"] == "declaration"]
    assert "令牌不能代签" in unsigned["accepted"]


def test_signed_application_is_handed_in_once(actor: Actor) -> None:
    row = complete(actor)
    sign_commitment(row.number, actor=actor, now=clock.now())
    program = caller(actor)

    first = program.post(f"/applications/{row.number}/submit")
    second = program.post(f"/applications/{row.number}/submit")

    assert (first.status_code, told(first)) == (200, told(second))
    assert told(first)["digest"] == Submission.objects.get().digest
    assert acts(row.subject)[-1] == "application.submit"


def test_submitted_application_is_closed(actor: Actor) -> None:
    row = complete(actor)
    sign_commitment(row.number, actor=actor, now=clock.now())
    program = caller(actor)
    program.post(f"/applications/{row.number}/submit")

    answer = program.put(
        f"/applications/{row.number}/sections/ledger",
        {"version": 1, "answers": full_answers(actor)["ledger"] | {"surface": {"2023": "1"}}},
    )

    assert answer.status_code == 409
    assert "先撤回" in told(answer)["detail"]


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        pytest.param(Scope.FILL, "get", "", id="read"),
        pytest.param(Scope.READ, "put", "/sections/ledger", id="fill"),
        pytest.param(Scope.READ, "post", "/attachments", id="attach"),
        pytest.param(Scope.FILL, "post", "/submit", id="submit"),
    ],
)
def test_token_without_the_scope_is_told_which_it_has(
    actor: Actor, scope: Scope, method: str, path: str
) -> None:
    row = draft(actor)
    body = [{"version": 0, "answers": {}}] if method == "put" else []

    answer = getattr(caller(actor, scope), method)(f"/applications/{row.number}{path}", *body)

    assert (answer.status_code, told(answer)["accepted"]) == (403, str(scope.label))
