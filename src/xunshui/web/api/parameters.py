"""Mistakes in parameters and bodies in words: pydantic's codes, told in Chinese with what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from xunshui.site.mistakes import shown
from xunshui.web.api.problem import MistakeOut
from xunshui.web.api.told import WITHOUT_NUL

Context = Mapping[str, Any]
_SOURCES = ("query", "path", "body", "form", "file", "header")
_Words = Callable[[Context], tuple[str, str]]


def _unknown(_: Context) -> tuple[str, str]:
    return "不符合要求", "见接口文档"


def _one_of(told: Context) -> tuple[str, str]:
    return "不在可选范围", str(told["expected"]).replace(" or ", "、").replace("'", "")


def _pattern(told: Context) -> tuple[str, str]:
    if told["pattern"] == WITHOUT_NUL:
        return "含有空字符（NUL）", "删去空字符"
    return "写法不对", f"符合 {told['pattern']}"


_WORDS: dict[str, _Words] = {
    "missing": lambda _: ("没有提供", "必填"),
    "extra_forbidden": lambda _: ("没有这一项", "删去"),
    "int_type": lambda _: ("应为整数", "整数，如 3"),
    "int_parsing": lambda _: ("应为整数", "整数，如 3"),
    "int_from_float": lambda _: ("应为整数", "整数，如 3"),
    "string_type": lambda _: ("应为文字", "文字"),
    "dict_type": lambda _: ("应为一组栏目", '对象，如 {"surface": {"2023": "30"}}'),
    "model_type": lambda _: ("应为一个对象", "JSON 对象"),
    "model_attributes_type": lambda _: ("应为一个对象", "JSON 对象"),
    "list_type": lambda _: ("应为列表", "列表"),
    "string_too_long": lambda told: ("过长", f"不超过 {told['max_length']} 字"),
    "string_too_short": lambda told: ("过短", f"至少 {told['min_length']} 字"),
    "too_long": lambda told: ("过多", f"不超过 {told['max_length']} 项"),
    "string_pattern_mismatch": _pattern,
    "enum": _one_of,
    "literal_error": _one_of,
    "greater_than_equal": lambda told: ("过小", f"不小于 {told['ge']}"),
    "less_than_equal": lambda told: ("过大", f"不大于 {told['le']}"),
    "date_from_datetime_parsing": lambda _: ("不是日期", "如 2024-03-01"),
    "date_parsing": lambda _: ("不是日期", "如 2024-03-01"),
}


def parameter_mistakes(errors: Sequence[Mapping[str, Any]]) -> Iterator[MistakeOut]:
    """Yield each of ninja's validation errors as a mistake."""
    for error in errors:
        words = _WORDS.get(str(error["type"]), _unknown)
        problem, accepted = words(error.get("ctx") or {})
        yield MistakeOut(where=_place(error["loc"]), problem=problem, accepted=accepted)


def _place(loc: Sequence[str | int]) -> str:
    """Return the name of a parameter or the path in a body.

    >>> _place(("query", "year")), _place(("body", "payload", "version"))
    ('year', 'version')
    """
    steps = [shown(step) for step in loc]
    if steps and steps[0] in _SOURCES:
        steps = steps[2:] if steps[0] == "body" else steps[1:]
    return ".".join(steps) or "请求体"
