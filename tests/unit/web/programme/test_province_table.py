"""The recommendation table through the client: order, words, seal, files, handing in, its deadline."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from tests.unit.web.programme.province_build import HEBEI, handed_in, open_round, province

from xunshui.web.programme.models import Application, Recommendation, Round, RoundDeadline
from xunshui.web.trail.models import Entry

pytestmark = [pytest.mark.records, pytest.mark.django_db]
NUMBERS = ("2024-0001", "2024-0002", "2024-0003")
WORDS = {"opinion": "所列案例真实，按序推荐。", "contact": "钱处长", "phone": "0311-0000000"}
CHECKED = {"truth": "1", "indicators": "1", "opinion": "同意推荐。", "act": "accept"}


@pytest.fixture(autouse=True)
def plain_site(settings: Settings, tmp_path: Path) -> None:
    """No second factor, no collected static files, an empty place for files."""
    settings.SECOND_FACTOR = False
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def _scan(content: bytes = b"%PDF-1.7 sealed", name: str = "seal.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _accepted(round_: Round, client: Client) -> None:
    for number in NUMBERS:
        handed_in(round_, number)
        client.post(f"/province/{number}/check/", CHECKED)


def _prepared(client: Client) -> None:
    _accepted(open_round(), client)
    client.post("/province/table/write/", WORDS)
    client.post("/province/table/seal/", {"seal": _scan()})


def _order() -> list[str]:
    return list(Application.objects.order_by("rank").values_list("number", flat=True))


def test_whole_path_from_check_to_handed_in_table() -> None:
    client = province()
    _prepared(client)
    client.post("/province/table/order/", {"to": "2024-0003:1"})

    response = client.post("/province/table/submit/", {"typed": HEBEI}, follow=True)

    table = Recommendation.objects.get()
    states = set(Application.objects.values_list("state", flat=True))
    assert (table.state, states) == ("submitted", {"recommended"})
    assert _order() == ["2024-0003", "2024-0001", "2024-0002"]
    assert "推荐表已报送，3 个案例转为“已推荐”" in response.content.decode()


def test_submit_pressed_twice_hands_in_once() -> None:
    client = province()
    _prepared(client)

    answers = [client.post("/province/table/submit/", {"typed": HEBEI}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Entry.objects.filter(act="recommendation.submit").count() == 1
    assert Entry.objects.filter(act="application.recommend").count() == 3


def test_submit_after_the_deadline_is_refused_to_the_second() -> None:
    client = province()
    _prepared(client)
    RoundDeadline.objects.filter(level="recommending").update(at=dt.datetime.now(dt.UTC))

    response = client.post("/province/table/submit/", {"typed": HEBEI})

    assert response.status_code == 409
    assert "推荐已于" in response.content.decode()
    assert Recommendation.objects.get().state == "draft"
    assert "截止。</strong>" in client.get("/province/table/").content.decode()


def test_submit_tells_everything_that_is_missing() -> None:
    round_ = open_round()
    handed_in(round_)

    page = province().post("/province/table/submit/", {"typed": HEBEI}).content.decode()

    for told in ("没有审核通过的案例", "还有 1 个已提交的申报没有审核", "还没有写推荐意见", "盖章"):
        assert told in page


def test_submit_needs_the_name_typed() -> None:
    client = province()
    _prepared(client)

    assert client.post("/province/table/submit/", {"typed": "河北"}).status_code == 409
    assert Recommendation.objects.get().state == "draft"


def test_move_names_the_place_so_that_a_second_press_changes_nothing() -> None:
    client = province()
    _accepted(open_round(), client)

    for _ in range(2):
        client.post("/province/table/order/", {"to": "2024-0003:2"})

    assert _order() == ["2024-0001", "2024-0003", "2024-0002"]
    assert Entry.objects.filter(act="recommendation.rank").count() == 1


@pytest.mark.parametrize("to", ["2024-0099:1", "2024-0001", "2024-0001:x", ""])
def test_move_of_an_unknown_case_or_place_is_refused(to: str) -> None:
    client = province()
    _accepted(open_round(), client)

    assert client.post("/province/table/order/", {"to": to}).status_code == 409
    assert _order() == list(NUMBERS)


def test_handed_in_table_cannot_be_changed() -> None:
    client = province()
    _prepared(client)
    client.post("/province/table/submit/", {"typed": HEBEI})

    assert client.post("/province/table/write/", WORDS | {"contact": "别人"}).status_code == 409
    assert client.post("/province/table/order/", {"to": "2024-0003:1"}).status_code == 409
    assert Recommendation.objects.get().contact == "钱处长"


@pytest.mark.parametrize(
    "scan",
    [
        pytest.param(SimpleUploadedFile("seal.pdf", b"MZ program"), id="program_named_pdf"),
        pytest.param(SimpleUploadedFile("seal.pdf", b""), id="empty"),
        pytest.param(None, id="none"),
    ],
)
def test_seal_that_is_no_picture_or_pdf_is_refused(scan: SimpleUploadedFile | None) -> None:
    open_round()

    response = province().post("/province/table/seal/", {"seal": scan} if scan else {})

    assert response.status_code == 409
    assert Recommendation.objects.get().seal_digest == ""


def test_seal_is_handed_out_to_its_own_body_only() -> None:
    client = province()
    _prepared(client)

    own = client.get("/province/table/seal/file/")
    other = province("14", "山西省工业和信息化厅").get("/province/table/seal/file/")

    assert b"".join(own.streaming_content) == b"%PDF-1.7 sealed"  # type: ignore[attr-defined]
    own.close()
    assert other.status_code == 404


def test_preview_and_workbook_tell_the_same_rows() -> None:
    client = province()
    _prepared(client)

    page = client.get("/province/table/").content.decode()
    answer = client.get("/province/table/document.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}

    for told in ("浓盐水分级回用 2", "唐山市", "所列案例真实，按序推荐。", "非官方表样"):
        assert told in page
        assert any(told in cell for cell in cells), told
    met = "工业用水重复利用率高 97.60 %（> 97）"
    assert any(met in cell.replace("\xa0", " ") for cell in cells)  # figure and unit are bound in print
    assert met.replace(">", "&gt;") in page


@pytest.mark.parametrize(("suffix", "magic"), [(".docx", b"PK"), (".pdf", b"%PDF")])
def test_table_is_written_in_every_form(suffix: str, magic: bytes) -> None:
    client = province()
    _prepared(client)

    answer = client.get(f"/province/table/document{suffix}")

    assert b"".join(answer.streaming_content).startswith(magic)  # type: ignore[attr-defined]


def test_unknown_form_is_not_found() -> None:
    open_round()

    assert province().get("/province/table/document.exe").status_code == 404


def test_own_filing_deadline_ends_with_the_day_and_not_after_recommending() -> None:
    open_round(closes_in=dt.timedelta(days=9))
    client = province()
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date()
    late = day + dt.timedelta(days=30)

    client.post("/province/table/deadline/", {"day": day.isoformat(), "reason": "冀工信节〔2024〕1号"})
    refused = client.post("/province/table/deadline/", {"day": late.isoformat()})

    row = RoundDeadline.objects.get(body="13")
    assert (row.at, row.reason) == (dt.datetime.combine(day, dt.time(16), dt.UTC), "冀工信节〔2024〕1号")
    assert refused.status_code == 409 and "不能晚于推荐截止" in refused.content.decode()


def test_pages_without_a_round_say_so() -> None:
    client = province()

    assert "现在没有征集轮次" in client.get("/province/table/").content.decode()
    assert "现在没有征集轮次" in client.get("/province/").content.decode()
