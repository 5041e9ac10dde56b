"""The catalogue for everyone: the list with filters, one case with its figures, and what was taken off."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from xunshui.review import ApplicationState
from xunshui.review.deadline import BEIJING
from xunshui.web.api.case_out import CaseOut, CaseRowOut, case_out
from xunshui.web.api.problem import ProblemOut, Refused
from xunshui.web.api.told import PUBLIC, WITHOUT_NUL, Number, answers
from xunshui.web.catalogue.search import Wanted, matching
from xunshui.web.catalogue.shelf import shelf
from xunshui.web.catalogue.tables import case_as_data
from xunshui.web.catalogue.views.case import shown_case
from xunshui.web.programme.models import Application

router = Router(tags=["案例库"])


class CaseFilter(Schema):
    """What narrows the list; everything that is named must hold."""

    q: str = Field(
        "", title="检索词", description="空格隔开，须全部出现", max_length=100, pattern=WITHOUT_NUL
    )
    direction: Literal["D1", "D2", "D3", "D4", "D5"] | None = Field(None, title="方向")
    industry: str = Field(
        "", title="行业类别", description="如 steel、park、data_centre", max_length=20, pattern=WITHOUT_NUL
    )
    province: str = Field("", title="推荐单位代码", description="如 13", max_length=12, pattern=WITHOUT_NUL)
    year: int | None = Field(None, title="年度", ge=2000, le=2100)
    page: int = Field(1, title="页", ge=1, le=100_000)
    page_size: int = Field(24, title="每页条数", ge=1, le=100)


class CasesOut(Schema):
    """A page of the list."""

    total: int = Field(title="符合条件的案例数")
    page: int = Field(title="页")
    pages: int = Field(title="页数")
    cases: list[CaseRowOut] = Field(title="案例")


class GoneOut(ProblemOut):
    """What may still be said of a case that was taken off."""

    number: str = Field(title="编号")
    year: int = Field(title="年度")
    delisted_on: str = Field(title="移出日期")
    reason: str = Field(title="移出理由")


@router.get(
    "/catalogue/cases",
    response=answers(CasesOut, *PUBLIC),
    operation_id="list_cases",
    summary="检索案例",
    description="已公布的案例，新公布的在前。条件可以并用；没有符合的返回空列表。",
)
def list_cases(request: HttpRequest, wanted: Annotated[CaseFilter, Query()]) -> dict[str, Any]:
    """Return a page of the published cases that match."""
    choice = Wanted(
        q=wanted.q,
        direction=wanted.direction or "",
        industry=wanted.industry,
        province=wanted.province,
        year=str(wanted.year or ""),
    )
    cards = matching(shelf().cards, choice)
    start = (wanted.page - 1) * wanted.page_size
    return {
        "total": len(cards),
        "page": wanted.page,
        "pages": -(-len(cards) // wanted.page_size),
        "cases": [case_as_data(card, host_of(request)) for card in cards[start : start + wanted.page_size]],
    }


@router.get(
    "/catalogue/cases/{number}",
    response=answers(CaseOut, 404, *PUBLIC, s410=GoneOut),
    operation_id="read_case",
    summary="一个案例",
    description="核实的指标与全部依据、案例正文、公布以后的年度数据。已移出的案例返回 410，说明日期与理由。",
)
def read_case(request: HttpRequest, number: Number) -> CaseOut:
    """Return one published case; 410 with what may still be said of one that was taken off."""
    application = shown_case(number)
    if application.state == ApplicationState.DELISTED:
        raise _gone(application)
    card = shelf().card(number)
    assert card is not None
    return case_out(application, case_as_data(card, host_of(request)), host_of(request))


def host_of(request: HttpRequest) -> str:
    """Return the scheme and host that the caller used, for addresses in answers."""
    return f"{request.scheme}://{request.get_host()}"


def _gone(application: Application) -> Refused:
    assert application.delisted_at is not None
    day = application.delisted_at.astimezone(BEIJING).date().isoformat()
    return Refused(
        410,
        f"案例 {application.number} 已于 {day} 移出案例库：{application.decision_reason}",
        number=application.number,
        year=application.round.year,
        delisted_on=day,
        reason=application.decision_reason,
    )
