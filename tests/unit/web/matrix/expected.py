"""Who may see and act at every address, as typed by hand in expected.yaml: the rule, not the measurement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tests.unit.web.matrix.cast import TITLES, VISITOR

FILE = Path(__file__).with_name("expected.yaml")
NO_CASE = "-"
_GROUPS = {
    "everyone": tuple(TITLES),
    "persons": tuple(who for who in TITLES if who != VISITOR),
    "parties": ("owner", "invited", "confirmed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One address with a case in one state: who sees it, who acts; everyone else is refused."""

    part: str
    route: str
    state: str
    public: bool
    acting: bool
    path: str
    post: dict[str, str] = field(hash=False)
    sees: frozenset[str]
    acts: frozenset[str]


def expected_rows() -> tuple[Row, ...]:
    """Return all rows of expected.yaml."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        row
        for part, routes in told.items()
        for route, facts in routes.items()
        for row in _rows(part, route, facts)
    )


def _rows(part: str, route: str, facts: dict[str, Any]) -> Iterator[Row]:
    by_state = facts.get("cases") or {NO_CASE: facts}
    for states, who in by_state.items():
        for state in states.split():
            yield Row(
                part=part,
                route=route,
                state=state,
                public=facts.get("public", False),
                acting="act" in facts or any("act" in row for row in by_state.values()),
                path=facts.get("path", ""),
                post=facts.get("post", {}),
                sees=_who(who.get("see", "")),
                acts=_who(who.get("act", "")),
            )


def _who(words: str) -> frozenset[str]:
    named = [name for word in words.split() for name in _GROUPS.get(word, (word,))]
    unknown = set(named) - set(TITLES)
    if unknown:
        raise ValueError(f"expected.yaml names {sorted(unknown)}; known are {', '.join([*_GROUPS, *TITLES])}")
    return frozenset(named)
