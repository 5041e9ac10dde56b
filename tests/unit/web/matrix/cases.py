"""What is asked for: one case in every state where it matters who asks, each in a round that is as far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from tests.unit.web.matrix.cast import Cast
from tests.unit.web.programme.province_build import version

from xunshui.web.accounts.actor import PUBLIC
from xunshui.web.programme import clock
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import (
    Application,
    Attachment,
    Endorsement,
    Objection,
    Partner,
    Question,
    Recommendation,
    Round,
    RoundDeadline,
    Scoring,
    Support,
)
from xunshui.web.programme.models.application import FileState

ROUNDS = {2022: "published", 2023: "on_notice", 2024: "reviewing", 2025: "open"}
STATES = {
    "draft": "草稿",
    "withdrawn": "提交后撤回",
    "submitted": "已提交",
    "in_review": "评审中",
    "on_notice": "公示中",
    "published": "已公布",
    "delisted": "已移出",
}
_YEARS = {"draft": 2025, "withdrawn": 2025, "submitted": 2025, "in_review": 2024, "on_notice": 2023}
_PDF = b"%PDF-1.4\n"
REASON = {"text": "所用膜的寿命是几年？"}
WHEN = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with what hangs on it, as the addresses name them."""

    application: Application
    attachment: int

    def parts(self) -> dict[str, object]:
        """Return what fills the address of one of its pages."""
        scorings = dict(self.application.scorings.values_list("expert__person__username", "pk"))
        return {
            "number": self.application.number,
            "attachment_id": self.attachment,
            "scoring_id": scorings.get("assigned", 0),
            "year": self.application.round.year,
        }


def make_cases(cast: Cast) -> dict[str, Case]:
    """Make the rounds and one case in each state."""
    rounds = {year: _round(year, state) for year, state in ROUNDS.items()}
    cases = {state: _case(cast, state, rounds[_YEARS.get(state, 2022)]) for state in STATES}
    _province_table(rounds[2025])
    _afterwards(cases["published"].application)
    _objection(cases["on_notice"].application)
    leave_line(rounds[2024], "round.prepare", actor=PUBLIC, now=clock.now())
    return cases


def _round(year: int, state: str) -> Round:
    now = clock.now()
    seen = state in ("published", "on_notice")
    round_ = Round.objects.create(
        year=year,
        title=f"{year} 年典型案例征集",
        state=state,
        rule_version="miit-2024-280+test",
        form_version="2024-derived-1",
        experts_per_case=1,
        notice_from=now - WHEN if seen else None,
        notice_to=now + WHEN if seen else None,
        published_at=now if state == "published" else None,
    )
    for level in ("filing", "recommending"):
        RoundDeadline.objects.create(round=round_, level=level, at=now + WHEN)
    return round_


def _case(cast: Cast, state: str, round_: Round) -> Case:
    now, handed_in = clock.now(), state != "draft"
    shown = state in ("published", "delisted")
    row = Application.objects.create(
        round=round_,
        number=f"{round_.year}-{list(STATES).index(state) + 1:04}",
        applicant=cast.organisations["owner"],
        body="13",
        case_name=f"浓盐水分级回用（{STATES[state]}）",
        direction="D1",
        kind="enterprise",
        state="draft" if state == "withdrawn" else state,
        created_at=now,
        committed_at=now if handed_in else None,
        submitted_at=now if handed_in else None,
        recommended_at=now if list(STATES).index(state) > 2 else None,
        published_at=now if shown else None,
        delisted_at=now if state == "delisted" else None,
    )
    if handed_in:
        version(row, declaration={"truth": True, "consent": True})
    for name, at in (("invited", None), ("confirmed", now)):
        Partner.objects.create(
            application=row, organisation=cast.organisations[name], role="装备", confirmed_at=at
        )
    if handed_in:
        Endorsement.objects.create(
            application=row, association=cast.organisations["endorser"], text="推荐", at=now
        )
    if row.recommended_at is not None:
        _scoring(row, cast, "assigned")
        _scoring(row, cast, "retired")
        _scoring(row, cast, "recused", state="conflicted", recusal="曾任职")
    return Case(application=row, attachment=_paper(row).pk)


def _scoring(row: Application, cast: Cast, who: str, **facts: Any) -> None:
    Scoring.objects.create(application=row, expert=cast.experts[who], assigned_at=clock.now(), **facts)


def _paper(row: Application) -> Attachment:
    paper = Attachment(
        application=row,
        code="P10",
        title="水平衡测试报告",
        file_name="报告.pdf",
        content_type="application/pdf",
        size=len(_PDF),
        digest="sha256:1",
        state=FileState.CLEAN,
        uploaded_at=clock.now(),
        uploaded_by="owner",
    )
    paper.file.save(f"{row.number}.pdf", ContentFile(_PDF))
    return paper


def _province_table(round_: Round) -> None:
    table = Recommendation(round=round_, body="13")
    table.seal.save("seal.pdf", ContentFile(_PDF))


def _afterwards(row: Application) -> None:
    Question.objects.create(application=row, asked_at=clock.now(), **REASON)
    Support.objects.create(
        application=row, measure="技改贷款", authority="示例省厅", instrument="funds", given_on="2024-01-01"
    )


def _objection(row: Application) -> None:
    objection = Objection(
        application=row,
        receipt="YY2023-MATRIX",
        name="周某",
        contact="010-0",
        facts="数字不实",
        filed_at=clock.now(),
        file_name="证明.pdf",
    )
    objection.file.save("proof.pdf", ContentFile(_PDF))
