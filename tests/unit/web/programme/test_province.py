"""The province's pages through the client: the queue, the case in four columns, checks, returns and refusals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.unit.web.programme.province_build import (
    ANSWERS,
    FILED,
    NUMBER,
    association,
    handed_in,
    open_round,
    province,
    version,
)

from xunshui.web.programme.case_rows import groups_of
from xunshui.web.programme.models import Application, Endorsement
from xunshui.web.trail.models import Entry

pytestmark = [pytest.mark.records, pytest.mark.django_db]
CHECK = f"/province/{NUMBER}/check/"
CHECKED = {"truth": "1", "indicators": "1", "opinion": "材料真实，同意推荐。"}


@pytest.fixture(autouse=True)
def plain_site(settings: Settings, tmp_path: Path) -> None:
    """No second factor, no collected static files, an empty place for files."""
    settings.SECOND_FACTOR = False
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def _case(number: str = NUMBER) -> Application:
    return Application.objects.get(number=number)


def _page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def _acts() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("act", flat=True))


def test_accept_keeps_what_was_checked_and_enters_the_table() -> None:
    handed_in(open_round())
    client = province()

    response = client.post(
        CHECK,
        CHECKED
        | {
            "act": "accept",
            "remark:R-IND-1": "与水表核对",
            "on_site_on": "2024-09-05",
            "on_site_note": "看过泵房",
        },
    )

    case = _case()
    assert response.status_code == 302
    assert (case.state, case.rank, case.opinion) == ("accepted", 1, "材料真实，同意推荐。")
    assert (case.remarks, case.on_site_on) == ({"R-IND-1": "与水表核对"}, dt.date(2024, 9, 5))
    assert _acts() == ["application.check", "application.accept"]


def test_accept_without_checks_is_refused_and_keeps_what_was_typed() -> None:
    handed_in(open_round())
    client = province()

    response = client.post(CHECK, {"act": "accept", "opinion": "写了一半"})

    assert response.status_code == 409
    assert "尚未核查真实性、指标符合性" in response.content.decode()
    assert (_case().state, _case().opinion) == ("submitted", "写了一半")


def test_accept_pressed_twice_leaves_one_line_in_the_trail() -> None:
    handed_in(open_round())
    client = province()

    for _ in range(2):
        assert client.post(CHECK, CHECKED | {"act": "accept"}).status_code == 302

    assert _acts().count("application.accept") == 1
    assert _acts().count("application.check") == 1


def test_return_names_reason_and_day_and_the_day_ends_at_midnight_in_beijing() -> None:
    handed_in(open_round())
    client = province()
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date()

    client.post(CHECK, {"act": "return", "reason": "2022 年排水量不闭合", "due": day.isoformat()})

    case = _case()
    assert (case.state, case.return_reason) == ("returned", "2022 年排水量不闭合")
    assert case.correction_due == dt.datetime.combine(day, dt.time(16), dt.UTC)
    assert "2022 年排水量不闭合" in _page(client, f"/province/{NUMBER}/")


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        pytest.param({"act": "return"}, "请写明理由", id="no_reason"),
        pytest.param({"act": "return", "reason": "缺", "due": "2020-01-01"}, "已经过去", id="day_is_past"),
        pytest.param({"act": "return", "reason": "缺", "due": "下周"}, "应写成 2024-09-30", id="no_day"),
        pytest.param({"act": "decline"}, "请写明理由", id="decline_without_reason"),
        pytest.param({"act": "forward"}, "2022 年试点", id="forward_without_pilot"),
    ],
)
def test_refused_step_says_why_and_changes_no_state(posted: dict[str, str], told: str) -> None:
    handed_in(open_round())

    response = province().post(CHECK, posted)

    assert response.status_code == 409
    assert told in response.content.decode()
    assert _case().state == "submitted"


def test_declined_case_can_be_taken_up_again() -> None:
    handed_in(open_round())
    client = province()

    client.post(CHECK, {"act": "decline", "reason": "未达到任一指标"})
    declined = _case().state
    client.post(CHECK, {"act": "reconsider"})

    assert (declined, _case().state) == ("declined", "submitted")


def test_pilot_with_its_result_is_forwarded_past_the_table() -> None:
    row = handed_in(open_round(), fast_track=True)
    client = province()
    refused = client.post(CHECK, {"act": "forward"})
    row.attachments.filter(code="P10").update(code="P19")

    client.post(CHECK, {"act": "forward"})

    assert "P19" in refused.content.decode()
    assert (_case().state, _case().rank) == ("recommended", None)


def test_phrase_is_appended_once_without_script() -> None:
    handed_in(open_round())
    client = province()

    for _ in range(2):
        client.post(CHECK, {"opinion": _case().opinion, "phrase": "同意推荐。"})

    assert _case().opinion == "同意推荐。"


def test_filtered_page_keeps_the_remarks_of_hidden_rows() -> None:
    handed_in(open_round(), remarks={"R-IND-1": "早先写的", "R-IND-3": "要删的"})

    province().post(CHECK, {"remark:R-IND-2": "新写的", "remark:R-IND-3": " "})

    assert _case().remarks == {"R-IND-1": "早先写的", "R-IND-2": "新写的"}


@pytest.mark.parametrize("url", [f"/province/{NUMBER}/", CHECK])
def test_other_province_finds_nothing(url: str) -> None:
    handed_in(open_round())
    other = province("14", "山西省工业和信息化厅")

    response = other.post(url, {"act": "accept"}) if url == CHECK else other.get(url)

    assert response.status_code == 404


def test_draft_is_not_there_for_its_province() -> None:
    handed_in(open_round(), state="draft", submitted_at=None)
    client = province()

    assert client.get(f"/province/{NUMBER}/").status_code == 404
    assert "还没有单位提交申报" in _page(client, "/province/")


@pytest.mark.parametrize("url", ["/province/", "/province/table/", f"/province/{NUMBER}/"])
def test_association_is_told_that_the_page_is_the_province_s(url: str) -> None:
    handed_in(open_round())

    response = association().get(url)

    assert response.status_code == 403
    assert "省级主管部门" in response.content.decode()


def test_declared_figure_stands_against_the_ledger_with_the_difference() -> None:
    # Hand calculation: 576 037 300 / (14 165 160 + 576 037 300) = 97.59995 %, declared 98.5, apart 0.90005.
    row = handed_in(open_round(), declared=98.5)

    groups = groups_of(row.submissions.get(), row.attachments.all(), {})

    gate = groups[0].rows[0]
    assert (gate.key, gate.outcome, gate.differs) == ("R-IND-1", "met", True)
    assert gate.claims[0].text == "2023 年 98.5 %"
    assert gate.claims[0].difference == "台账算得 97.60 %，相差 0.90"
    assert gate.computed == "97.60 %，要求 > 97 %"
    assert [file.code for file in gate.files] == ["P10"]


def test_figure_that_the_ledger_bears_out_is_no_difference() -> None:
    row = handed_in(open_round(), declared=97.6)

    groups = groups_of(row.submissions.get(), row.attachments.all(), {})

    assert not any(r.differs for group in groups for r in group.rows)


def test_computed_number_opens_to_formula_terms_clause_and_version() -> None:
    handed_in(open_round())

    page = _page(province(), f"/province/{NUMBER}/")

    for told in (
        "R = V_r / (V_f + V_r) × 100",
        "S14、S15",
        "14\u2009165\u2009160 m³",
        "通知 二（二）3（1）",
        "miit-2024-280+test",
        "/files/",
    ):
        assert told in page, told


def test_only_what_differs_leaves_the_other_rows_out() -> None:
    handed_in(open_round(), declared=98.5)
    client = province()

    every = _page(client, f"/province/{NUMBER}/")
    only = _page(client, f"/province/{NUMBER}/?only=differs")

    assert "remark:R-IND-1" in only and "remark:R-IND-2" in every
    assert "remark:R-IND-2" not in only


def test_versions_are_shown_with_what_changed() -> None:
    row = handed_in(open_round())
    version(row, narrative=ANSWERS["narrative"] | {"background": "补正后的背景"})

    page = _page(province(), f"/province/{NUMBER}/")

    assert "比上一版改动 1 处" in page
    assert "<del>浓盐水难以回用</del>" in page and "<ins>补正后的背景</ins>" in page


def test_case_page_shows_no_act_of_ministry_or_experts() -> None:
    row = handed_in(open_round(), state="selected", recommended_at=FILED)
    for place, act in enumerate(("application.accept", "application.select", "read.case"), start=1):
        Entry.objects.create(
            chain=row.chain, seq=place, at=FILED, actor=f"办理人{place}", act=act, subject=row.subject,
            body={"detail": {}}, previous="", hash=str(place),
        )  # fmt: skip

    page = _page(province(), f"/province/{NUMBER}/")

    assert "办理人1" in page and "办理人2" not in page and "办理人3" not in page
    assert "专家评审" in page and "拟入选" not in page


def test_endorsement_is_read_by_the_province() -> None:
    row = handed_in(open_round())
    association().post(f"/association/{NUMBER}/", {"text": "技术成熟，值得推广"})

    assert Endorsement.objects.get().application == row
    assert "技术成熟，值得推广" in _page(province(), f"/province/{NUMBER}/")


def test_queue_puts_waiting_pilot_before_plain_case_and_tells_missing_proof() -> None:
    round_ = open_round()
    handed_in(round_, "2024-0001")
    handed_in(round_, "2024-0002", fast_track=True)
    handed_in(round_, "2024-0003", state="accepted", rank=1)

    client = province()

    waiting = _page(client, "/province/")
    everything = _page(client, "/province/?show=all")

    assert waiting.index("2024-0002") < waiting.index("2024-0001")
    assert "2024-0003" not in waiting and "2024-0003" in everything
    assert "缺材料 P19" in waiting


def test_queue_hides_a_staged_outcome_in_words_and_counts() -> None:
    round_ = open_round()
    handed_in(round_, "2024-0001", state="selected", recommended_at=FILED)
    handed_in(round_, "2024-0002", state="not_selected", recommended_at=FILED)

    page = _page(province(), "/province/?show=sent")

    assert page.count("专家评审") == 2
    assert "拟入选" not in page and "未入选" not in page


def test_pages_stay_within_their_queries() -> None:
    round_ = open_round()
    for serial in range(1, 61):
        handed_in(round_, f"2024-{serial:04}")
    client = province()
    client.get("/province/")

    with CaptureQueriesContext(connection) as queue:
        assert _page(client, "/province/").count("data-row") == 60
    with CaptureQueriesContext(connection) as case:
        _page(client, f"/province/{NUMBER}/")

    assert len(queue) <= 15, len(queue)
    assert len(case) <= 30, len(case)


def test_past_deadline_is_told_and_returning_is_refused() -> None:
    handed_in(open_round(closes_in=dt.timedelta(minutes=-1)))
    client = province()

    page = _page(client, "/province/")
    refused = client.post(CHECK, {"act": "return", "reason": "缺材料"})

    assert "截止。</strong>" in page
    assert "推荐已于" in refused.content.decode()
    assert _case().state == "submitted"
