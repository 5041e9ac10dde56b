"""What pydantic finds wrong in a devices file, in the user's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from pydantic_core import ErrorDetails

from xunshui.site.mistakes import Loc, Mistake, shown
from xunshui.telemetry.connectors.settings import NAME

_PLAIN = {
    "missing": ("缺少必填项", ""),
    "string_type": ("应为文字", "加引号的文字"),
    "string_too_short": ("不能为空", ""),
    "list_type": ("应为列表", "[ … ]"),
    "tuple_type": ("应为列表", "[ … ]"),
    "dict_type": ("应为“代码: 路径”的表", "{flow: data.flow}"),
    "dataclass_type": ("应为一组属性", "{ … }"),
    "model_attributes_type": ("应为一组属性", "{ … }"),
}
_SHAPES = {
    "int": ("不是整数", "整数"),
    "float": ("不是数字", "数字"),
    "bool": ("不是真假", "true、false"),
    "finite": ("不是有限的数", "数字"),
}
_LIMITS = {
    "greater_than": ("应大于", "gt"),
    "greater_than_equal": ("不能小于", "ge"),
    "less_than": ("应小于", "lt"),
    "less_than_equal": ("不能大于", "le"),
}


def mistake_of(detail: ErrorDetails, kind: type, parts: Mapping[str, type]) -> Mistake:
    """Return the mistake that one of pydantic's findings in a device of this kind is.

    `parts` gives, for a step in pydantic's path, the dataclass that lies there.
    """
    loc = _loc(detail)
    problem, accepted = _in_words(detail, loc, kind, parts)
    return Mistake(loc=loc, problem=problem, accepted=accepted)


def _loc(detail: ErrorDetails) -> Loc:
    # Behind a row, pydantic names the kind of topic it took the row for; the file has no such step.
    steps = detail["loc"]
    kept = [
        step
        for place, step in enumerate(steps)
        if not (place and isinstance(steps[place - 1], int) and step in ("json", "sparkplug"))
    ]
    if detail["type"].startswith("union_tag"):
        kept.append("format")
    return tuple(kept)


def _in_words(detail: ErrorDetails, loc: Loc, kind: type, parts: Mapping[str, type]) -> tuple[str, str]:
    type_, typed, ctx = detail["type"], shown(detail["input"]), detail.get("ctx", {})
    if type_ in _PLAIN:
        return _PLAIN[type_]
    if type_ in _LIMITS:
        words, limit = _LIMITS[type_]
        return f"“{typed}”{words} {ctx[limit]}", ""
    if type_ == "unexpected_keyword_argument":
        return f"不认识的属性“{shown(loc[-1])}”", "、".join(_known(detail["loc"], kind, parts))
    if type_ == "literal_error":
        return f"“{typed}”不在可选范围", _listed(ctx["expected"])
    if type_ == "union_tag_not_found":
        return "缺少必填项", "json、sparkplug"
    if type_ == "union_tag_invalid":
        return f"“{shown(ctx['tag'])}”不在可选范围", _listed(ctx["expected_tags"])
    if type_ == "string_pattern_mismatch":
        return f"“{typed}”的写法不对", _pattern(ctx["pattern"])
    for shape, (problem, accepted) in _SHAPES.items():
        if type_.startswith(shape):
            return f"“{typed}”{problem}", accepted
    return f"“{typed}”：{detail['msg']}", ""


def _listed(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", "、").replace(", ", "、")


def _pattern(pattern: str) -> str:
    if pattern == NAME:
        return "不含空白和 / : * ? [ ] { } 的文字"
    if "opc" in pattern:
        return "opc.tcp://主机:端口/路径"
    if "ns=" in pattern:
        return "如 ns=2;s=Flow、i=2258"
    return "不含空白和 * ? [ ] 的文字"


def _known(loc: tuple[int | str, ...], kind: type, parts: Mapping[str, type]) -> list[str]:
    """Return the attributes of the part of a device that a place lies in."""
    part = next((parts[step] for step in reversed(loc[:-1]) if isinstance(step, str) and step in parts), kind)
    return [attribute.name for attribute in fields(part)]
