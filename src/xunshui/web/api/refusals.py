"""Every exception that an operation may end in, as a problem."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from xunshui.review import StepRefused
from xunshui.site import SiteFileInvalid
from xunshui.web.api.authenticate import CHALLENGE, HOW
from xunshui.web.api.flood import ADVICE
from xunshui.web.api.parameters import parameter_mistakes
from xunshui.web.api.problem import MistakeOut, Refused, invalid, problem_response
from xunshui.web.programme.fill import Clash, SavedMeanwhile
from xunshui.web.programme.permissions import NotYours

_LOGGER = logging.getLogger(__name__)


def tell_refusals(api: NinjaAPI) -> None:
    """Have the API answer each of these exceptions with a problem."""
    for kind, told in _TOLD.items():
        api.add_exception_handler(kind, _handler(told))


def _handler(told: Callable[[Any], Refused]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: problem_response(told(error))


def clash_as_data(clash: Clash) -> dict[str, Any]:
    """Return a field that both changed as plain data."""
    return {"field": clash.field, "mine": clash.mine, "theirs": clash.theirs}


def _saved_meanwhile(error: SavedMeanwhile) -> Refused:
    return Refused(
        409,
        f"{error}；请比较两边的内容，以 version {error.row.version} 重新提交",
        where=error.row.section,
        accepted=f"version: {error.row.version}",
        version=error.row.version,
        theirs=error.row.answers,
        clashes=[clash_as_data(clash) for clash in error.clashes],
    )


def _step_refused(error: StepRefused) -> Refused:
    reasons = [MistakeOut(where="", problem=reason) for reason in error.reasons]
    return Refused(409, f"不能“{error.title}”：{'；'.join(error.reasons)}", mistakes=reasons)


def _site_invalid(error: SiteFileInvalid) -> Refused:
    return invalid(_site_mistakes(error))


def _site_mistakes(error: SiteFileInvalid) -> Iterator[MistakeOut]:
    for row in error.mistakes:
        place = row.place or str(row).partition("：")[0]
        yield MistakeOut(where=place, problem=row.problem, accepted=row.accepted)


def _http_error(error: HttpError) -> Refused:
    reason = f"：{error.__cause__}" if error.__cause__ is not None else ""
    return Refused(400, f"请求的内容读不出{reason}", accepted="application/json，UTF-8")


def _unexpected(error: Exception) -> Refused:
    _LOGGER.error("An operation of the API failed", exc_info=error)
    return Refused(500, "服务器出错，已记录；没有保存任何改动，请稍后再试")


_TOLD: dict[type[Exception], Callable[[Any], Refused]] = {
    Exception: _unexpected,
    Refused: lambda error: error,
    NotYours: lambda error: Refused(403, str(error)),
    StepRefused: _step_refused,
    SavedMeanwhile: _saved_meanwhile,
    SiteFileInvalid: _site_invalid,
    Http404: lambda error: Refused(404, str(error)),
    ValidationError: lambda error: invalid(parameter_mistakes(error.errors)),
    AuthenticationError: lambda _: Refused(401, "没有给出令牌", accepted=HOW, headers=CHALLENGE),
    Throttled: lambda _: Refused(429, ADVICE),
    HttpError: _http_error,
    RequestDataTooBig: lambda _: Refused(
        413, "请求的内容过大", accepted="JSON 不超过 5 MB，文件不超过 20 MB"
    ),
    MultiPartParserError: lambda _: Refused(400, "multipart 内容读不出", accepted="multipart/form-data"),
    UnreadablePostError: lambda _: Refused(400, "请求没有传完"),
    SuspiciousOperation: lambda _: Refused(400, "请求不合规"),
}
