"""What every operation shares: the answers it documents, the shape of a case number."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path

from xunshui.web.api.problem import ProblemOut

NUMBER_PATTERN = "^[0-9]{4}-[0-9]{4,6}$"
Number = Annotated[
    str, Path(title="编号", description="申报编号，如 2024-0001", pattern=NUMBER_PATTERN, max_length=16)
]
WITHOUT_NUL = r"^[^\x00]*$"
"""The pattern of a free text: PostgreSQL cannot keep the character."""
PUBLIC = (422, 429)
"""Errors of every public operation."""
BY_TOKEN = (401, 403, 404, 422, 429)
"""Errors of every operation that reads by token."""
CHANGING = (400, 401, 403, 404, 409, 413, 422, 429)
"""Errors of every operation that changes something."""


def answers(good: Any, *errors: int, status: int = 200, **special: Any) -> dict[Any, Any]:
    """Return the documented answers: the good one, problems for `errors`, and `special` ones as `s410=…`."""
    found: dict[Any, Any] = {status: good, **dict.fromkeys(errors, ProblemOut)}
    return found | {int(name[1:]): schema for name, schema in special.items()}
