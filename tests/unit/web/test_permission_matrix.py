"""Every address as every role and relation: who sees, who acts, who is sent to the login, who is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.unit.web.matrix.addresses import routes
from tests.unit.web.matrix.cast import VISITOR
from tests.unit.web.matrix.expected import Row, expected_rows
from tests.unit.web.matrix.measure import Answer, measured
from tools.write_permissions import FILE, page, told_by_hand

ROWS = expected_rows()
PARTS = tuple(dict.fromkeys(row.part for row in ROWS))
EXPERTS = "评审"
"""The part whose addresses are told apart by joins, not only by columns of the case: worth asking every database."""


@pytest.fixture
def plain_site(settings: Settings, tmp_path: Path) -> None:
    """No second factor, no collected static files, an empty place for files."""
    settings.SECOND_FACTOR = False
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.SENSING = tmp_path / "sensing"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def test_every_address_has_its_row() -> None:
    known = {row.route for row in ROWS}

    new = [route for route in routes() if route not in known]
    gone = sorted(known - set(routes()))

    assert not new, f"add to tests/unit/web/matrix/expected.yaml who may see and act at: {new}"
    assert not gone, f"take out of tests/unit/web/matrix/expected.yaml, the site has no longer: {gone}"


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_site")
@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[pytest.mark.records] * (part == EXPERTS)) for part in PARTS]
)
def test_site_answers_as_expected(part: str) -> None:
    rows = [row for row in ROWS if row.part == part]

    wrong = [line for row, answers in measured(rows) for line in _differences(row, answers)]

    assert not wrong, "\n".join(wrong)


def test_page_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == page(told_by_hand()), "run python -m tools.write_permissions"


def _differences(row: Row, answers: dict[str, Answer]) -> list[str]:
    return [
        f"{row.route} ({row.state}) as {who}: {text}, got {answer}"
        for who, answer in answers.items()
        for text in _wrong(row, who, answer)
    ]


def _wrong(row: Row, who: str, answer: Answer) -> list[str]:
    checks = {
        "should see it" if who in row.sees else "should not see it": (who in row.sees) == answer.sees,
        "should act" if who in row.acts else "should not act": (who in row.acts) == answer.acts,
        "is sent to the login" if who == VISITOR and not row.public else "needs no login": answer.login
        == (who == VISITOR and not row.public),
        "was refused and yet something was written": not answer.changed,
        "the site failed": answer.get < 500 and answer.post < 500,
    }
    return [text for text, holds in checks.items() if not holds]
