"""The association's pages through the client: what it may endorse, its words, and what stays hidden from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.unit.web.programme.province_build import NUMBER, association, handed_in, open_round, province

from xunshui.web.programme.models import Application, Endorsement

pytestmark = [pytest.mark.records, pytest.mark.django_db]
CASE = f"/association/{NUMBER}/"


@pytest.fixture(autouse=True)
def plain_site(settings: Settings, tmp_path: Path) -> None:
    """No second factor, no collected static files."""
    settings.SECOND_FACTOR = False
    settings.STATIC_ROOT = tmp_path
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def test_endorsed_case_moves_to_the_endorsed_ones_and_a_second_text_replaces_the_first() -> None:
    handed_in(open_round())
    client = association()
    before = client.get("/association/").content.decode()

    for text in ("第一次写", "技术成熟"):
        assert client.post(CASE, {"text": text}).status_code == 302

    after = client.get("/association/").content.decode()
    assert "1 个申报可以推荐" in before and "0 个申报可以推荐" in after
    assert "已推荐（1）" in after
    assert Endorsement.objects.get().text == "技术成熟"


def test_draft_is_not_there_for_an_association() -> None:
    handed_in(open_round(), state="draft", submitted_at=None)
    client = association()

    assert client.get(CASE).status_code == 404
    assert client.post(CASE, {"text": "推荐"}).status_code == 404
    assert NUMBER not in client.get("/association/").content.decode()


def test_empty_words_are_refused() -> None:
    handed_in(open_round())

    response = association().post(CASE, {"text": "  "})

    assert response.status_code == 409
    assert "请写推荐理由" in response.content.decode()


def test_words_cannot_change_after_the_province_decided() -> None:
    handed_in(open_round())
    client = association()
    client.post(CASE, {"text": "技术成熟"})
    Application.objects.update(state="accepted")

    page = client.get(CASE).content.decode()

    assert "不能再改" in page
    assert client.post(CASE, {"text": "别的"}).status_code == 403
    assert Endorsement.objects.get().text == "技术成熟"


def test_words_of_one_association_are_not_read_by_another() -> None:
    handed_in(open_round())
    association().post(CASE, {"text": "技术成熟"})

    other = association("另一协会").get(CASE).content.decode()

    assert "技术成熟" not in other


def test_list_is_found_by_words_and_by_region() -> None:
    round_ = open_round()
    handed_in(round_, "2024-0001")
    handed_in(round_, "2024-0002", body="14")
    client = association()

    by_region = client.get("/association/?body=14").content.decode()
    by_words = client.get("/association/?q=分级回用 1").content.decode()

    assert "2024-0002" in by_region and "2024-0001" not in by_region
    assert "2024-0001" in by_words and "2024-0002" not in by_words


def test_province_is_told_that_the_page_is_the_association_s() -> None:
    open_round()

    assert province().get("/association/").status_code == 403
