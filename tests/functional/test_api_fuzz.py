"""The interface under schemathesis: whatever is sent, no 5xx, and every answer is one that the description tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from pytest_django import Settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.unit.web.api.api_build import applicant, draft, token
from tests.unit.web.programme.ministry_build import THEN
from tests.unit.web.programme.province_build import handed_in, open_round

from xunshui.register import application_form
from xunshui.web.api import flood
from xunshui.web.api.told import NUMBER_PATTERN
from xunshui.web.programme.file_type import XLSX
from xunshui.web.project.demo.papers import one_line_pdf

pytestmark = pytest.mark.django_db
SECTIONS = application_form().sections
PUBLISHED, DELISTED, OWN = "2024-0008", "2024-0009", "2024-0010"
UNTELLABLE: list[Any] = [positive_data_acceptance]
"""What makes a form's answers or a site's file right is more than a schema says."""
few = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@schemathesis.serializer(XLSX.mime)
def _as_bytes(ctx: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
"""The description, as the running site hands it out."""


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """Keep the connection of the test between calls, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _nobody_waits(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    for limit in ("PUBLIC_A_MINUTE", "TOKEN_A_MINUTE", "REFUSED_A_MINUTE"):
        monkeypatch.setattr(flood, limit, 1_000_000)


@pytest.fixture
def key() -> str:
    """A live token with all scopes, of an applicant with one draft; beside it a case published and one taken off."""
    round_, actor = open_round(), applicant(3)
    shown: dict[str, Any] = {"recommended_at": THEN, "published_at": THEN}
    handed_in(round_, PUBLISHED, state="published", **shown)
    handed_in(round_, DELISTED, state="delisted", delisted_at=THEN, decision_reason="复核不符", **shown)
    draft(actor, round_)
    return token(actor).secret


@described.parametrize()
@few
def test_without_a_token_answers_are_as_described(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(excluded_checks=UNTELLABLE)


@described.parametrize()
@few
def test_with_a_token_answers_are_as_described(case: schemathesis.Case[Any], key: str) -> None:
    _aim(case)

    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, excluded_checks=UNTELLABLE)


def _aim(case: schemathesis.Case[Any]) -> None:
    """Point a call that is well formed at what there is, so that it gets past the first door."""
    parts: dict[str, Any] = case.path_parameters
    body: Any = case.body
    number, section = str(parts.get("number", "")), str(parts.get("section", ""))
    if re.fullmatch(NUMBER_PATTERN, number):
        shown = (PUBLISHED, DELISTED)[len(number) % 2]
        parts["number"] = shown if "catalogue" in case.operation.path else OWN
    if re.fullmatch("[a-z_]{1,30}", section):
        parts["section"] = SECTIONS[len(section) % len(SECTIONS)].id
    if isinstance(body, dict) and isinstance(body.get("answers"), dict):
        body["answers"] = _as_fields(body["answers"])
    if isinstance(body, dict) and isinstance(body.get("file"), bytes) and len(body["file"]) % 2:
        body["file"] = one_line_pdf("FUZZ")


def _as_fields(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the same values under names that fields have, so that it is the values that are looked at."""
    names = [field.id for section in SECTIONS for field in section.fields]
    return {names[(at * 7 + len(key)) % len(names)]: value for at, (key, value) in enumerate(answers.items())}
