"""Evidence packages: computed again before they are kept; what was changed is refused and named."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.unit.web.api.api_build import acts, applicant, caller, draft, places, told

from xunshui.evidence import pack
from xunshui.site import read_site
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme import clock
from xunshui.web.programme.fill import save_section
from xunshui.web.programme.models import Application, Attachment
from xunshui.web.project.demo.papers import one_line_pdf

pytestmark = pytest.mark.django_db
STEEL = Path(__file__).parents[4] / "examples" / "steel_pass.json"


@pytest.fixture
def actor() -> Actor:
    return applicant()


@pytest.fixture
def row(actor: Actor) -> Application:
    return draft(actor)


def _package(**attachments: bytes) -> bytes:
    return pack([read_site(STEEL)], created_at=clock.now(), attachments=attachments).data


def _changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def _file(data: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("evidence.zip", data, content_type="application/zip")}


def test_package_that_replays_is_kept_and_told(actor: Actor, row: Application) -> None:
    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(_package()))

    assert answer.status_code == 201
    content = told(answer)
    assert (content["report"]["level"], content["attachment"]["code"]) == ("replayed", "P10")
    assert Attachment.objects.get().content_type == "application/zip"
    assert acts(row.subject)[-2:] == ["attachment.add", "evidence.replay"]


def test_declared_figures_are_held_against_the_package(actor: Actor, row: Application) -> None:
    declared = {"reuse_rate": {"2023": "97.6", "2022": "99"}}
    save_section(row.number, "indicators", declared, version=0, actor=actor, now=clock.now())

    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(_package()))

    claims = {claim["where"]: claim["agrees"] for claim in told(answer)["claims"]}
    assert claims == {"indicators.reuse_rate.2023": True, "indicators.reuse_rate.2022": False}


def test_package_that_was_changed_is_refused_and_named(actor: Actor, row: Application) -> None:
    def better(name: str, data: bytes) -> bytes:
        return data.replace(b'"met"', b'"not_met"') if name.startswith("assessments/") else data

    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(_changed(_package(), better)))

    assert answer.status_code == 422
    assert any(place.startswith("assessments/") for place in places(answer))
    assert not Attachment.objects.exists()


def test_package_with_a_document_is_taken_with_a_program_not(actor: Actor, row: Application) -> None:
    program = caller(actor)

    good = program.post(f"/applications/{row.number}/evidence", _file(_package(a=one_line_pdf("x"))))
    bad = program.post(f"/applications/{row.number}/evidence", _file(_package(a=b"MZ\x90 a program")))

    assert (good.status_code, bad.status_code, places(bad)) == (201, 422, ["file"])


def test_package_inside_a_package_is_not_taken(actor: Actor, row: Application) -> None:
    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(_package(a=_package())))

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK\x03\x04 broken", id="broken"),
        pytest.param(one_line_pdf("x"), id="pdf"),
        pytest.param(b"", id="empty"),
    ],
)
def test_what_is_no_package_is_refused(actor: Actor, row: Application, data: bytes) -> None:
    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(data))

    assert answer.status_code == 422


def test_manifest_that_is_no_manifest_is_refused(actor: Actor, row: Application) -> None:
    data = _changed(_package(), lambda name, old: b"{}" if name == "manifest.json" else old)

    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(data))

    assert (answer.status_code, places(answer)) == (422, ["file"])


def test_package_of_another_notice_is_refused(actor: Actor, row: Application) -> None:
    def other(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        raw = json.loads(data)
        raw["rules"]["notice"] = "other-notice"
        return json.dumps(raw, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()

    answer = caller(actor).post(f"/applications/{row.number}/evidence", _file(_changed(_package(), other)))

    assert answer.status_code == 422
    assert "other-notice" in told(answer)["mistakes"][0]["problem"]
