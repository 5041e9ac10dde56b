"""The operations as the page of the interface lists them, made from the OpenAPI description itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Described = Mapping[str, Any]
MOST_SHOWN = 1_000_000
"""A bound as wide as this only keeps the database from overflowing; nobody needs to read it."""
_EXAMPLES = {"number": "2024-0001", "section": "ledger", "code": "P10"}
_FILES = {
    "post_attachment": "-F code=P10 -F file=@report.pdf",
    "post_evidence": "-F file=@evidence.zip",
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A parameter or a member of a body."""

    name: str
    title: str
    place: str
    required: bool
    limits: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationShown:
    """One operation with what it takes, what it answers and a call that can be copied."""

    id: str
    method: str
    path: str
    tag: str
    title: str
    text: str
    by_token: bool
    parts: tuple[Part, ...]
    answers: tuple[tuple[str, str], ...]
    curl: str


def operations_in(schema: Described, host: str) -> tuple[OperationShown, ...]:
    """Return every operation of an OpenAPI description; `host` stands in the examples."""
    return tuple(
        _operation(schema, path, method, told, host)
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    )


def _operation(schema: Described, path: str, method: str, told: Described, host: str) -> OperationShown:
    parts = (*_parameters(told), *_members(schema, told))
    return OperationShown(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        tag=told["tags"][0],
        title=told["summary"],
        text=told["description"],
        by_token="security" in told,
        parts=parts,
        answers=tuple((status, answer["description"]) for status, answer in told["responses"].items()),
        curl=_curl(path, method, told, host),
    )


def _parameters(told: Described) -> Iterator[Part]:
    places = {"path": "路径", "query": "查询"}
    for row in told["parameters"]:
        yield _part(row["name"], row["schema"], places[row["in"]], required=row["required"])


def _members(schema: Described, told: Described) -> Iterator[Part]:
    for kind, content in told.get("requestBody", {}).get("content", {}).items():
        body = _resolved(schema, content["schema"])
        if "properties" not in body:
            yield Part(
                name=kind, title=body.get("title", "文件"), place="请求体", required=True, limits="", note=""
            )
        for name, member in body.get("properties", {}).items():
            yield _part(name, member, "请求体", required=name in body.get("required", ()))


def _resolved(schema: Described, told: Described) -> Described:
    name = str(told.get("$ref", "")).rpartition("/")[2]
    found: Described = schema["components"]["schemas"][name] if name else told
    return found


def _part(name: str, told: Described, place: str, *, required: bool) -> Part:
    return Part(
        name=name,
        title=told.get("title", name),
        place=place,
        required=required,
        limits="，".join(_limits(told)),
        note=told.get("description", ""),
    )


def _limits(told: Described) -> Iterator[str]:
    told = next((row for row in told.get("anyOf", ()) if row.get("type") != "null"), told)
    if "enum" in told:
        yield "、".join(map(str, told["enum"]))
    if "minimum" in told:
        most = told.get("maximum", MOST_SHOWN)
        yield f"{told['minimum']}–{most}" if most < MOST_SHOWN else f"不小于 {told['minimum']}"
    if "maxLength" in told:
        yield f"最多 {told['maxLength']} 字"


def _curl(path: str, method: str, told: Described, host: str) -> str:
    for name, example in _EXAMPLES.items():
        path = path.replace(f"{{{name}}}", example)
    verb = "curl" if method == "get" else f"curl -X {method.upper()}"
    key = ['-H "Authorization: Bearer $TOKEN"'] if "security" in told else []
    return " \\\n  ".join([f"{verb} {host}{path}", *key, *_sent(told)])


def _sent(told: Described) -> list[str]:
    kinds = told.get("requestBody", {}).get("content", {})
    if _XLSX in kinds:
        return [f'-H "Content-Type: {_XLSX}"', "--data-binary @site.xlsx"]
    if "multipart/form-data" in kinds:
        return [_FILES[told["operationId"]]]
    if "application/json" in kinds:
        body = json.dumps({"version": 0, "answers": {"surface": {"2023": "30"}}})
        return ['-H "Content-Type: application/json"', f"-d '{body}'"]
    return []
