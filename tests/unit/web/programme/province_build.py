"""Small builders for the tests of provinces and associations: an open round and sealed versions of real sites."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client
from tests.unit.web.programme.ministry_build import APPLICANT_CODE, client_of, code, member, organisation

from xunshui.assess import as_json, assess
from xunshui.review.deadline import BEIJING
from xunshui.site import site_from_json
from xunshui.web.accounts.models import OrganisationKind
from xunshui.web.programme import clock
from xunshui.web.programme.models import Application, Attachment, Round, RoundDeadline, Submission
from xunshui.web.programme.models.application import FileState

EXAMPLE = Path(__file__).parents[4] / "examples" / "steel_pass.json"
HEBEI = "河北省工业和信息化厅"
NUMBER = "2024-0001"
FILED = dt.datetime(2024, 9, 1, 9, tzinfo=BEIJING)
PAPERS = ("P01", "P02", "P03", "P08", "P09", "P10", "P18")
ANSWERS: dict[str, Any] = {
    "applicant": {"name": "河北示例钢铁", "city": "唐山市", "industry": "3120"},
    "narrative": {"background": "浓盐水难以回用", "abstract_background": "浓盐水多"},
    "indicators": {"reuse_rate": {"2023": "97.60"}},
}


def open_round(*, closes_in: dt.timedelta = dt.timedelta(days=4), **facts: Any) -> Round:
    """Return a round that takes applications and recommendations until both close together."""
    round_ = Round.objects.create(
        year=2024,
        title="2024 年典型案例征集",
        state="open",
        rule_version="miit-2024-280+test",
        form_version="2024-derived-1",
        **facts,
    )
    for level in ("filing", "recommending"):
        RoundDeadline.objects.create(round=round_, level=level, at=clock.now() + closes_in)
    return round_


def province(region: str = "13", name: str = HEBEI) -> Client:
    """Return the client of a department's officer."""
    return client_of(
        member(f"province-{region}", organisation(name, OrganisationKind.PROVINCE, region=region), "钱处长")
    )


def association(name: str = "示例钢铁工业协会") -> Client:
    """Return the client of an association."""
    return client_of(member(f"a-{name}", organisation(name, OrganisationKind.ASSOCIATION), "吴秘书"))


def handed_in(round_: Round, number: str = NUMBER, *, declared: float = 97.6, **facts: Any) -> Application:
    """Return a submitted application of the steel example, which declares a reuse rate of `declared` %."""
    serial = int(number.rpartition("-")[2])
    applicant = organisation(
        f"河北示例钢铁 {serial}",
        OrganisationKind.ENTERPRISE,
        credit_code=APPLICANT_CODE if serial == 1 else code(f"91130200MA0EX{serial:04}"),
        region="13",
    )
    told: dict[str, Any] = {
        "applicant": applicant,
        "body": "13",
        "case_name": f"浓盐水分级回用 {serial}",
        "direction": "D1",
        "kind": "enterprise",
        "state": "submitted",
        "created_at": FILED,
        "committed_at": FILED,
        "submitted_at": FILED,
    }
    row = Application.objects.create(round=round_, number=number, **(told | facts))
    version(row, declared=declared)
    Attachment.objects.bulk_create([_paper(row, paper) for paper in PAPERS])
    return row


def version(row: Application, *, declared: float = 97.6, **answers: dict[str, Any]) -> Submission:
    """Return one more sealed version, its answers changed by `answers`."""
    site, assessment = _judged(declared)
    return Submission.objects.create(
        application=row,
        no=row.submissions.count() + 1,
        at=FILED,
        by="赵法人",
        answers=ANSWERS | answers,
        site=site,
        assessment=assessment,
        form_version="2024-derived-1",
        rule_version="miit-2024-280+test",
        digest="sha256:0000",
    )


@cache
def _judged(declared: float) -> tuple[str, Any]:
    raw = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    raw["declared"][0]["value"] = declared
    text = json.dumps(raw, ensure_ascii=False)
    return text, as_json(assess(site_from_json(text)))


def _paper(row: Application, paper: str) -> Attachment:
    return Attachment(
        application=row,
        code=paper,
        title=f"材料 {paper}",
        supports=["indicators.reuse_rate"] if paper == "P10" else [],
        file="attachments/x.pdf",
        file_name="x.pdf",
        content_type="application/pdf",
        size=10,
        digest="sha256:1",
        state=FileState.CLEAN,
        uploaded_at=FILED,
    )
