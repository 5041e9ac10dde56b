"""The ministry's and the experts' pages, walked through the client: screening to publication, and refusals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from tests.unit.web.programme.ministry_build import (
    APPLICANT_CODE,
    UNIVERSITY_CODE,
    a_case,
    a_round,
    an_expert,
    applicant,
    client_of,
    member,
    ministry,
    organisation,
)

from xunshui.web.accounts.models import OrganisationKind
from xunshui.web.programme import clock
from xunshui.web.programme.models import Application, Expert, Objection, Round, Scoring
from xunshui.web.programme.object import file_objection
from xunshui.web.trail.models import Entry
from xunshui.web.trail.record import verify_chain

pytestmark = [pytest.mark.records, pytest.mark.django_db]
CASE = "2024-0001"
FULL = {
    "score.effect": "80.5",
    "reason.effect": "水表可核",
    "score.spread": "91",
    "reason.spread": "同行可用",
}
RELEASE = {"days": "7", "contact": "节能司 010-00000000", "typed": "2024 年名单"}


@pytest.fixture(autouse=True)
def plain_site(settings: Settings, tmp_path: Path) -> None:
    """No second factor, no collected static files, an empty place for files."""
    settings.SECOND_FACTOR = False
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def _state(number: str = CASE) -> str:
    return Application.objects.get(number=number).state


def _errors(client: Client, url: str, data: dict[str, str]) -> str:
    """Post and return the page that says why it was refused."""
    response = client.post(url, data)
    assert response.status_code == 409, response.status_code
    return response.content.decode()


def _assigned(expert: Expert, number: str = CASE) -> Scoring:
    case = Application.objects.get(number=number)
    case.state = "in_review"
    case.save()
    return Scoring.objects.create(application=case, expert=expert, assigned_at=clock.now())


def test_the_whole_path_from_screening_to_publication() -> None:
    round_ = a_round()
    a_case(round_)
    a_case(round_, "2024-0002", case_name="第二案")
    expert = an_expert("zhou", "周专家", directions=["D1"])
    office, desk = ministry(), client_of(expert.person)

    for number in (CASE, "2024-0002"):
        office.post(f"/ministry/case/{number}/screen/", {"act": "pass"})
    office.post("/ministry/2024/assignment/apply/")
    scorings = list(Scoring.objects.order_by("application__number"))
    for scoring in scorings:
        desk.post(f"/expert/{scoring.pk}/", FULL | {"act": "hand_in"})
    office.post(f"/ministry/case/{CASE}/stage/", {"act": "select"})
    office.post("/ministry/case/2024-0002/stage/", {"act": "pass_over", "reason": "规模小"})
    office.post("/ministry/2024/minutes/", {"minutes": "到会五人，一致同意"})
    office.post("/ministry/2024/announce/", RELEASE)

    assert [row.expert for row in scorings] == [expert, expert]
    assert (_state(), _state("2024-0002")) == ("on_notice", "not_selected")

    objection = file_objection(
        CASE, name="李某", employer="某厂", contact="1390000", facts="数据有出入", now=clock.now()
    )
    handle = f"/ministry/objections/{objection.receipt}/handle/"
    office.post(handle, {"event": "admit"})
    assert "还有 1 件异议没有办结" in office.get("/ministry/2024/selection/").content.decode()
    office.post(handle, {"event": "dismiss", "answer": "经核查属实"})
    Round.objects.filter(pk=round_.pk).update(
        notice_from=clock.now() - dt.timedelta(days=8), notice_to=clock.now() - dt.timedelta(days=1)
    )
    office.post("/ministry/2024/publish/", {"typed": "2024 年名单"})

    assert (_state(), _state("2024-0002")) == ("published", "not_selected")
    assert Round.objects.get().state == "published"
    assert verify_chain("round-2024") is None


def test_total_is_the_weighted_mean_rounded_half_up() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)

    client_of(expert.person).post(f"/expert/{scoring.pk}/", FULL | {"act": "hand_in"})

    scoring.refresh_from_db()
    # (3 · 80.5 + 4 · 91) / 7 = 605.5 / 7 = 86.5 exactly
    assert scoring.total == Decimal("86.500")


def test_total_that_does_not_end_is_rounded_at_the_third_place() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)

    client_of(expert.person).post(
        f"/expert/{scoring.pk}/", FULL | {"score.effect": "0.1", "score.spread": "0", "act": "hand_in"}
    )

    scoring.refresh_from_db()
    # 3 · 0.1 / 7 = 0.042857…
    assert scoring.total == Decimal("0.043")


def test_blind_pages_of_an_expert_name_nobody() -> None:
    a_case(a_round(blind=True))
    member("zhao", applicant(), "赵法人")
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)
    desk = client_of(expert.person)
    expert.employer_code = APPLICANT_CODE
    expert.save()

    bodies = [
        desk.get("/expert/").content.decode(),
        desk.get(f"/expert/{scoring.pk}/").content.decode(),
        desk.get(f"/expert/{scoring.pk}/print/").content.decode(),
        _errors(desk, f"/expert/{scoring.pk}/", FULL | {"act": "hand_in"}),
    ]

    canaries = (
        "示例钢铁",
        APPLICANT_CODE,
        "赵法人",
        "孙联络",
        "13912345678",
        "循膜装备",
        "单位简介正文",
        "示例路",
        "取水冀字",
        "终稿",
    )
    assert [(at, word) for at, body in enumerate(bodies) for word in canaries if word in body] == []
    assert "三级浓缩" in bodies[1]
    assert "97.6 % &gt; 97 %" in bodies[2]


def test_open_pages_of_an_expert_name_the_case_as_it_is() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")

    body = client_of(expert.person).get(f"/expert/{_assigned(expert).pk}/").content.decode()

    assert "示例钢铁浓盐水分级回用" in body
    assert "循膜装备科技有限公司提供反渗透装置" in body


def test_printed_case_file_is_unfolded_and_kept_in_the_trail() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)

    body = client_of(expert.person).get(f"/expert/{scoring.pk}/print/").content.decode()

    assert "<details open><summary>全部指标" in body
    assert "<form" not in body.partition("<main")[2]
    assert Entry.objects.get(act="read.case").subject == f"scoring/{CASE}/{expert.pk}"


def test_another_experts_review_does_not_exist() -> None:
    a_case(a_round())
    scoring = _assigned(an_expert("zhou", "周专家"))
    other = client_of(an_expert("wu", "吴专家").person)

    got = [other.get(f"/expert/{scoring.pk}/{tail}").status_code for tail in ("", "print/")]
    posted = [
        other.post(f"/expert/{scoring.pk}/", FULL).status_code,
        other.post(f"/expert/{scoring.pk}/recuse/", {"reason": "x"}).status_code,
    ]

    assert got + posted == [404, 404, 404, 404]
    scoring.refresh_from_db()
    assert (scoring.state, scoring.scores) == ("assigned", {})


@pytest.mark.parametrize("who", ["applicant", "province", "expert", "nobody"])
def test_pages_of_the_ministry_are_closed_to_others(who: str) -> None:
    case = a_case(a_round())
    province = organisation("河北省厅", OrganisationKind.PROVINCE, region="13")
    people = {
        "applicant": member("a", applicant()),
        "province": member("p", province),
        "expert": an_expert("zhou", "周专家").person,
    }
    client = client_of(people[who]) if who in people else Client()

    tabs = ["", "screening/", "assignment/", "selection/"]
    pages = ["", "experts/", "objections/", "trail/", f"case/{case.number}/", *(f"2024/{t}" for t in tabs)]
    seen = {client.get(f"/ministry/{page}").status_code for page in pages}
    seen.add(client.post(f"/ministry/case/{case.number}/screen/", {"act": "pass"}).status_code)

    assert seen == ({302} if who == "nobody" else {403})
    assert _state() == "recommended"


def test_staged_outcome_stays_hidden_until_the_list_is_released() -> None:
    case = a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)
    client_of(expert.person).post(f"/expert/{scoring.pk}/", FULL | {"act": "hand_in"})

    office = ministry()
    office.post(f"/ministry/case/{CASE}/stage/", {"act": "pass_over", "reason": "规模小"})
    case.refresh_from_db()

    assert case.state == "not_selected"
    assert case.state_title() == "专家评审"
    assert case.state_title(by_ministry=True) == "未入选"
    assert "未入选" in office.get("/ministry/2024/selection/").content.decode()


def test_conflict_found_late_stops_handing_in_and_is_shown_to_the_ministry() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)
    office = ministry()
    assert "分配之后出现的利益冲突" not in office.get("/ministry/2024/assignment/").content.decode()

    Expert.objects.filter(pk=expert.pk).update(employer_code=APPLICANT_CODE)
    refused = _errors(client_of(expert.person), f"/expert/{scoring.pk}/", FULL | {"act": "hand_in"})
    page = office.get("/ministry/2024/assignment/").content.decode()
    office.post(f"/ministry/scoring/{scoring.pk}/recuse/", {"reason": "同一单位"})

    scoring.refresh_from_db()
    assert "存在利益冲突" in refused
    assert "分配之后出现的利益冲突（1）" in page
    assert scoring.scores["effect"]["score"] == "80.5"
    assert (scoring.state, scoring.recusal) == ("conflicted", "同一单位")
    assert client_of(expert.person).get(f"/expert/{scoring.pk}/").status_code == 404


def test_recused_expert_is_not_proposed_again_and_what_is_held_stays() -> None:
    round_ = a_round(experts_per_case=2)
    a_case(round_)
    first, second = an_expert("zhou", "周专家", directions=["D1"]), an_expert("wu", "吴专家")
    third = an_expert("zheng", "郑专家")
    _assigned(second)
    gone = _assigned(first)
    office = ministry()
    office.post(f"/ministry/scoring/{gone.pk}/recuse/", {"reason": "亲属"})

    page = office.get("/ministry/2024/assignment/?propose=1").content.decode()
    office.post("/ministry/2024/assignment/apply/")
    office.post("/ministry/2024/assignment/apply/")

    live = Scoring.objects.exclude(state="conflicted")
    assert {row.expert for row in live} == {second, third}
    assert "不可能更好" in page
    assert Entry.objects.filter(act="round.assign").count() == 1


def test_assignment_without_enough_experts_says_so_and_writes_nothing() -> None:
    a_case(a_round(experts_per_case=2), state="in_review")
    an_expert("zhou", "周专家")
    office = ministry()

    page = office.get("/ministry/2024/assignment/?propose=1").content.decode()
    response = office.post("/ministry/2024/assignment/apply/")

    assert "排不出来" in page
    assert response.status_code == 409
    assert not Scoring.objects.exists()


def test_single_assignment_refuses_a_conflict_with_its_reason() -> None:
    a_case(a_round(), state="in_review")
    expert = an_expert("zhou", "周专家", employer_code=APPLICANT_CODE)

    refused = _errors(
        ministry(),
        "/ministry/2024/assignment/one/",
        {"number": CASE, "expert": str(expert.pk), "because": ""},
    )

    assert "不能" in refused
    assert not Scoring.objects.exists()


def test_announcing_with_an_undecided_case_is_refused() -> None:
    round_ = a_round(minutes="到会五人")
    a_case(round_, state="selected")
    a_case(round_, "2024-0002", case_name="第二案", state="in_review")

    refused = _errors(ministry(), "/ministry/2024/announce/", RELEASE)

    assert "还有 1 个案例没有拟定结果" in refused
    assert Round.objects.get().state == "reviewing"
    assert _state() == "selected"


def test_announcing_needs_the_typed_name() -> None:
    a_case(a_round(minutes="到会五人"), state="selected")

    refused = _errors(ministry(), "/ministry/2024/announce/", RELEASE | {"typed": "2024"})

    assert "请输入“2024 年名单”以确认" in refused
    assert _state() == "selected"


def test_publishing_before_the_notice_is_over_is_refused() -> None:
    round_ = a_round(minutes="到会五人")
    a_case(round_, state="selected")
    office = ministry()
    office.post("/ministry/2024/announce/", RELEASE)

    refused = _errors(office, "/ministry/2024/publish/", {"typed": "2024 年名单"})

    assert "公示期还没有结束" in refused
    assert _state() == "on_notice"


def test_second_press_changes_nothing() -> None:
    a_case(a_round(minutes="到会五人"))
    expert = an_expert("zhou", "周专家")
    office, desk = ministry(), client_of(expert.person)

    for _ in range(2):
        office.post(f"/ministry/case/{CASE}/screen/", {"act": "pass"})
        office.post("/ministry/2024/assignment/apply/")
    scoring = Scoring.objects.get()
    for _ in range(2):
        desk.post(f"/expert/{scoring.pk}/", FULL | {"act": "hand_in"})
    for _ in range(2):
        office.post(f"/ministry/case/{CASE}/stage/", {"act": "select"})
        office.post("/ministry/2024/announce/", RELEASE)

    acts = list(Entry.objects.filter(chain="round-2024").values_list("act", flat=True))
    taken = ("application.screen_in", "round.assign", "scoring.hand_in", "application.select")
    assert [acts.count(act) for act in (*taken, "round.announce")] == [1, 1, 1, 1, 1]


def test_refused_case_carries_its_reason_and_needs_one() -> None:
    a_case(a_round())
    office = ministry()

    refused = _errors(office, f"/ministry/case/{CASE}/screen/", {"act": "refuse", "reason": " "})
    office.post(f"/ministry/case/{CASE}/screen/", {"act": "refuse", "reason": "材料缺 P02"})

    assert "请写明理由" in refused
    assert (_state(), Application.objects.get().decision_reason) == ("screened_out", "材料缺 P02")


def test_upheld_objection_strikes_the_case() -> None:
    a_case(a_round(minutes="到会五人"), state="selected")
    office = ministry()
    office.post("/ministry/2024/announce/", RELEASE)
    receipt = file_objection(
        CASE, name="李某", employer="某厂", contact="1390000", facts="数据有出入", now=clock.now()
    ).receipt

    office.post(f"/ministry/objections/{receipt}/handle/", {"event": "admit"})
    refused = _errors(office, f"/ministry/objections/{receipt}/handle/", {"event": "uphold", "answer": ""})
    office.post(f"/ministry/objections/{receipt}/handle/", {"event": "uphold", "answer": "水表读数不符"})

    assert "请写明处理意见" in refused
    assert Objection.objects.get().state == "upheld"
    assert _state() == "struck"


def test_reading_personal_data_is_kept_in_the_trail() -> None:
    a_case(a_round(minutes="到会五人"), state="selected")
    office = ministry()
    office.post("/ministry/2024/announce/", RELEASE)
    receipt = file_objection(
        CASE, name="李某", employer="某厂", contact="1390000", facts="数据有出入", now=clock.now()
    ).receipt
    expert = an_expert("zhou", "周专家")

    listed = office.get("/ministry/objections/").content.decode()
    shown = office.get(f"/ministry/objections/{receipt}/").content.decode()
    office.get(f"/ministry/experts/{expert.pk}/")

    assert ("1390000" in listed, "1390000" in shown) == (False, True)
    reads = Entry.objects.filter(act__startswith="read.").values_list("act", "subject")
    assert sorted(reads) == [
        ("read.expert", f"expert/{expert.pk}"),
        ("read.objection", f"objection/{receipt}"),
    ]


def test_trail_is_verified_in_words_and_names_the_first_broken_row() -> None:
    a_case(a_round())
    office = ministry()
    office.post(f"/ministry/case/{CASE}/screen/", {"act": "pass"})
    office.post("/ministry/2024/minutes/", {"minutes": "一"})
    whole = office.get("/ministry/trail/?chain=round-2024&verify=1").content.decode()

    Entry.objects.filter(chain="round-2024", seq=2).update(actor="别人")
    broken = office.get("/ministry/trail/?chain=round-2024&verify=1").content.decode()

    assert "这条链完整" in whole
    assert "这条链不完整" in broken
    assert "第 2 行" in broken


def test_export_holds_every_row_itself_included_and_escapes_formulas() -> None:
    a_round()
    office = ministry()
    office.post("/ministry/2024/minutes/", {"minutes": "=1+1"})
    Entry.objects.update(actor="=HYPERLINK(1)")

    response = office.post("/ministry/trail/export/", {"chain": "round-2024"})
    text = response.getvalue().decode("utf-8-sig")

    lines = text.splitlines()
    assert len(lines) == 3
    assert "trail.export" in lines[2]
    assert "'=HYPERLINK(1)" in lines[1]
    assert Entry.objects.filter(act="trail.export").count() == 1


@pytest.mark.parametrize("score", ["101", "-1", "1e2", "NaN", "八十", "80,5"])
def test_score_outside_the_scale_is_refused_and_nothing_typed_is_lost(score: str) -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)
    desk, typed = client_of(expert.person), FULL | {"score.effect": score, "act": "hand_in"}

    page = desk.post(f"/expert/{scoring.pk}/", typed)
    part = desk.post(f"/expert/{scoring.pk}/", typed, headers={"HX-Request": "true"})

    scoring.refresh_from_db()
    assert (page.status_code, part.status_code) == (422, 422)
    assert "应为 0–100 的数" in page.content.decode()
    assert "同行可用" in page.content.decode()
    assert "还没有保存" in part.content.decode()
    assert (scoring.state, scoring.scores) == ("assigned", {})


def test_autosave_answers_with_the_moment_and_keeps_half_a_sheet() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)

    response = client_of(expert.person).post(
        f"/expert/{scoring.pk}/", {"score.effect": "70"}, headers={"HX-Request": "true"}
    )

    scoring.refresh_from_db()
    assert "已保存" in response.content.decode()
    assert scoring.scores["effect"] == {"score": "70", "reason": ""}
    assert scoring.state == "assigned"


def test_rubric_is_fixed_once_an_expert_has_scored() -> None:
    a_case(a_round())
    expert = an_expert("zhou", "周专家")
    scoring = _assigned(expert)
    rubric = {"rubric.id": "effect", "rubric.title": "成效", "rubric.weight": "50", "rubric.note": ""}
    loads = {"experts_per_case": "2", "cases_per_expert": "9"}
    office = ministry()
    office.post("/ministry/2024/settings/", rubric | loads)
    client_of(expert.person).post(
        f"/expert/{scoring.pk}/", {"score.effect": "70", "reason.effect": "好", "act": "hand_in"}
    )

    refused = _errors(office, "/ministry/2024/settings/", rubric | loads | {"rubric.weight": "60"})

    round_ = Round.objects.get()
    assert "评分表与盲评方式不再改动" in refused
    assert round_.rubric == [{"id": "effect", "title": "成效", "weight": 50, "note": ""}]
    assert (round_.experts_per_case, round_.cases_per_expert) == (2, 9)


def test_extension_is_given_once_and_counts_for_its_party_only() -> None:
    round_ = a_round(state="open")
    applicant()
    office = ministry()
    data = {"level": "filing", "credit_code": APPLICANT_CODE, "at": "2024-10-08T18:00", "reason": "系统故障"}

    for _ in range(2):
        office.post("/ministry/2024/extension/", data)
    unknown = office.post("/ministry/2024/extension/", data | {"credit_code": "911302000000000000"})

    extended = round_.deadline("filing", "13", applicant())
    common = round_.deadline("filing", "13")
    assert round_.extensions.count() == 1
    assert extended is not None
    assert common is not None
    assert extended.text == "2024年10月8日 18:00（北京时间）"
    assert common.text == "2024年8月31日 24:00（北京时间）"
    assert unknown.status_code == 422


def test_expert_is_added_with_an_account_and_changed_with_both_versions_kept() -> None:
    office = ministry()
    entry = {
        "employer": "某大学",
        "employer_code": UNIVERSITY_CODE,
        "directions": ["D1"],
        "industries": "31 25",
        "active": "on",
    }
    account = {"name": "周专家", "username": "zhou", "password": "correct horse battery"}

    office.post("/ministry/experts/", entry | account)
    expert = Expert.objects.get()
    office.post(
        f"/ministry/experts/{expert.pk}/", {"employer": "另一所大学", "employer_code": UNIVERSITY_CODE}
    )

    expert.refresh_from_db()
    assert (expert.person.name, expert.employer, expert.active) == ("周专家", "另一所大学", False)
    changed = Entry.objects.get(act="expert.change").body["detail"]
    assert (changed["before"]["employer"], changed["after"]["employer"]) == ("某大学", "另一所大学")
    assert client_of(expert.person).get("/expert/").status_code == 403


def test_round_is_prepared_once_from_the_notice() -> None:
    office = ministry()
    data = {"notice": "miit-2024-280", "filing_at": "2024-09-20T18:00"}

    first, second = (office.post("/ministry/", data) for _ in range(2))
    page = office.get("/ministry/2024/").content.decode()
    office.post("/ministry/2024/move/", {"event": "open"})

    assert (first.headers["Location"], second.headers["Location"]) == ("/ministry/2024/",) * 2
    assert "开放征集" in page
    assert Round.objects.get().state == "open"
