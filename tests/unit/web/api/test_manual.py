"""The page of the manual tells the interface as it is: every operation, every error, the limits."""

from __future__ import annotations

import re
from pathlib import Path

from xunshui.web.api.described import operations_in
from xunshui.web.api.flood import PUBLIC_A_MINUTE, TOKEN_A_MINUTE
from xunshui.web.api.interface import interface
from xunshui.web.api.problem import TITLES
from xunshui.web.api.scope import Scope

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")


def test_table_of_operations_is_that_of_the_description() -> None:
    rows = [
        f"| `{row.method} {row.path}` | {row.title} | {'令牌' if row.by_token else '公开'} |"
        for row in operations_in(interface.get_openapi_schema(), "")
    ]

    assert [line for line in PAGE.splitlines() if "`GET /" in line or line.startswith("| `P")] == rows


def test_every_error_is_mentioned() -> None:
    told = set(map(int, re.findall(r"\b4\d\d\b", PAGE)))

    assert {status for status in TITLES if status < 500} <= told


def test_limits_and_scopes_are_mentioned() -> None:
    assert f"每分钟 {PUBLIC_A_MINUTE} 次，每个令牌每分钟 {TOKEN_A_MINUTE} 次" in PAGE
    assert all(f"`{scope.value}` {scope.label}" in PAGE for scope in Scope)


def test_every_example_of_the_page_names_its_operation() -> None:
    shown = operations_in(interface.get_openapi_schema(), "https://example.test")

    assert all("{" not in row.curl.splitlines()[0] for row in shown)
    assert all("$TOKEN" in row.curl for row in shown if row.by_token)
