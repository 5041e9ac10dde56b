"""What everyone may read: the catalogue, what was taken off, the open rounds, the description."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.unit.web.api.api_build import PROBLEM, Caller, applicant, browser, places, told
from tests.unit.web.programme.ministry_build import THEN
from tests.unit.web.programme.province_build import handed_in, open_round

from xunshui.web.programme.models import Application, Round

pytestmark = [pytest.mark.records, pytest.mark.django_db]
LATER = THEN + dt.timedelta(days=90)


@pytest.fixture
def published() -> Application:
    return handed_in(open_round(), state="published", recommended_at=THEN, published_at=LATER)


def _delisted() -> Application:
    return handed_in(
        Round.objects.get(year=2024) if Round.objects.exists() else open_round(),
        "2024-0002",
        state="delisted",
        recommended_at=THEN,
        published_at=THEN,
        delisted_at=LATER,
        decision_reason="复核发现水表停用",
    )


def test_list_tells_published_cases_with_their_figure(published: Application) -> None:
    _delisted()

    answer = told(Caller().get("/catalogue/cases"))

    assert (answer["total"], answer["pages"]) == (1, 1)
    (case,) = answer["cases"]
    assert (case["number"], case["indicator"], case["operator"], case["threshold"]) == (
        published.number,
        "reuse_rate",
        ">",
        "97",
    )


@pytest.mark.parametrize(
    ("query", "total"),
    [
        pytest.param({"direction": "D1", "year": 2024, "province": "13"}, 1, id="all_hold"),
        pytest.param({"direction": "D2"}, 0, id="another_direction"),
        pytest.param({"q": "浓盐水 唐山"}, 1, id="all_words"),
        pytest.param({"q": "浓盐水 造纸"}, 0, id="one_word_missing"),
        pytest.param({"industry": "steel"}, 1, id="industry"),
    ],
)
def test_list_is_narrowed_by_what_is_asked(
    published: Application, query: dict[str, object], total: int
) -> None:
    assert told(Caller().get("/catalogue/cases", **query))["total"] == total


def test_page_beyond_the_last_is_empty(published: Application) -> None:
    answer = told(Caller().get("/catalogue/cases", page=9, page_size=1))

    assert (answer["total"], answer["pages"], answer["cases"]) == (1, 1, [])


def test_wrong_filters_are_all_told_at_once() -> None:
    answer = Caller().get("/catalogue/cases", direction="D9", year="1990", page_size="x")

    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert sorted(places(answer)) == ["direction", "page_size", "year"]


def test_case_tells_its_gates_and_where_its_evidence_is(published: Application) -> None:
    case = told(Caller().get(f"/catalogue/cases/{published.number}"))

    reuse = next(gate for gate in case["gates"] if gate["figure"])
    assert (reuse["outcome"], reuse["figure"]["threshold"]) == ("met", "97")
    assert case["evidence_url"] == f"http://testserver/catalogue/{published.number}/evidence.zip"
    assert case["narrative"][0]["paragraphs"] == ["浓盐水难以回用"]


def test_case_that_was_taken_off_is_gone_and_says_why() -> None:
    row = _delisted()

    answer = Caller().get(f"/catalogue/cases/{row.number}")

    assert answer.status_code == 410
    gone = told(answer)
    assert (gone["number"], gone["reason"], gone["delisted_on"]) == (
        row.number,
        "复核发现水表停用",
        "2024-11-30",
    )


def test_case_that_is_not_published_is_not_found() -> None:
    row = handed_in(open_round())

    assert Caller().get(f"/catalogue/cases/{row.number}").status_code == 404


def test_calls_tell_open_rounds_with_their_deadlines() -> None:
    round_ = open_round()
    Round.objects.create(year=2023, title="x", state="reviewing", rule_version="x", form_version="x")

    (call,) = told(Caller().get("/calls"))

    assert (call["year"], [row["level"] for row in call["deadlines"]]) == (
        round_.year,
        ["filing", "recommending"],
    )
    assert call["deadlines"][0]["is_open"] is True


def test_description_is_open_to_all_and_names_problems() -> None:
    schema = told(Caller().get("/openapi.json"))

    assert schema["openapi"].startswith("3.1")
    answers = schema["paths"]["/api/v1/catalogue/cases"]["get"]["responses"]
    assert list(answers["422"]["content"]) == [PROBLEM]


def test_page_lists_every_operation_without_foreign_scripts() -> None:
    page = Client().get("/api/v1/docs/").content.decode()

    schema = told(Caller().get("/openapi.json"))
    assert all(f"{path}</code>" in page for path in schema["paths"])
    assert "cdn" not in page
    assert "<script>" not in page


def test_unknown_address_is_a_problem() -> None:
    answer = Caller().get("/nothing")

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_wrong_method_is_a_problem_that_names_the_right_ones() -> None:
    answer = Caller().post("/catalogue/cases")

    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert (answer["Allow"], told(answer)["accepted"]) == ("GET", "GET")


def test_session_opens_nothing(published: Application) -> None:
    answer = browser(applicant(2)).get("/api/v1/applications")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
