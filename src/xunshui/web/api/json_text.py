"""JSON in and out: read strictly, numbers with the digits that were written; written as people read it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.types import DictStrAny

from xunshui.site.mistakes import shown

LONGEST_NUMBER = 80
"""Digits of a number; longer ones are a slip or an attack."""


class NotJson(ValueError):
    """A body that is not the JSON we read, with the reason."""


class JsonRenderer(JSONRenderer):
    """ninja's renderer, with Chinese as people read it."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the JSON text; a lone surrogate becomes its own escape."""
        text: str = super().render(request, data, response_status=response_status)
        return text.encode("utf-8", "backslashreplace")


class JsonParser(Parser):
    """ninja's parser with a stricter reading of bodies."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Return the content of the body; raises `NotJson`."""
        if request.content_type != "application/json":
            raise NotJson(f"内容类型是“{shown(request.content_type)}”，应为 application/json")
        return cast("DictStrAny", json_of(request.body))


def json_of(body: bytes) -> Any:
    """Return the content of a JSON text; fractions come as `Decimal`. Raises `NotJson`.

    >>> json_of(b'{"a": 97.60}')
    {'a': Decimal('97.60')}
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=_fraction,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_each_once,
        )
    except json.JSONDecodeError as error:
        raise NotJson(f"第 {error.lineno} 行第 {error.colno} 列不是 JSON") from None
    except UnicodeDecodeError:
        raise NotJson("不是 UTF-8 文本") from None
    except RecursionError:
        raise NotJson("嵌套过深") from None


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise NotJson(f"有一个 {len(digits)} 位的数字")
    return int(digits)


def _fraction(digits: str) -> Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise NotJson(f"有一个 {len(digits)} 位的数字")
    return Decimal(digits)


def _no_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} 不是数字")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise NotJson(f"键“{shown(twice)}”在同一个对象里写了两次")
    return content
