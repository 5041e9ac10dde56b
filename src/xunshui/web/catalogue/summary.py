"""The summary of a round: how many cases, how much they save, by direction, industry and province; duplicates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xunshui.web.catalogue.shelf import FACTS, Card, Shelf, Stone, total

NEAR = 0.8
"""Names whose pairs of letters agree this far are shown to a person as possibly one case."""
_FILLER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: what it counts, how many cases, and each fact's sum; None where no case told it."""

    title: str
    count: int
    sums: tuple[Decimal | None, ...]
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A case of this round and one of another round that may be the same, with the reason."""

    card: Card
    other: Card
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A round as numbers."""

    year: int
    all: Row
    told: tuple[int, ...]
    directions: tuple[Row, ...]
    industries: tuple[Row, ...]
    provinces: tuple[Row, ...]
    twins: tuple[Twin, ...]
    stones: tuple[Stone, ...]


def summary_of(shelf: Shelf, year: int) -> Summary:
    """Return the summary of a round's published cases; those taken off are named and not counted."""
    cards = [card for card in shelf.cards if card.year == year]
    at = f"/catalogue/?year={year}"
    return Summary(
        year=year,
        all=_row("合计", cards),
        told=tuple(sum(fact in card.facts for card in cards) for fact in FACTS),
        directions=_grouped(cards, lambda card: (card.direction, card.direction_title), f"{at}&direction="),
        industries=_grouped(
            cards, lambda card: (card.industry_class, card.industry_title), f"{at}&industry="
        ),
        provinces=_grouped(cards, lambda card: (card.body, card.province), f"{at}&province="),
        twins=tuple(_twins(cards, [card for card in shelf.cards if card.year != year])),
        stones=tuple(stone for stone in shelf.stones if stone.year == year),
    )


def near(one: str, other: str) -> float:
    """Return how far two names agree: shared pairs of letters over all of them, 0 to 1.

    >>> near("浓盐水分级回用", "浓盐水分级回用项目") > 0.7, near("浓盐水分级回用", "智慧用水平台")
    (True, 0.0)
    """
    mine, theirs = _pairs(one), _pairs(other)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else float(one == other)


def _pairs(name: str) -> frozenset[str]:
    plain = _FILLER.sub("", name.casefold())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _twins(cards: Sequence[Card], others: Sequence[Card]) -> Iterator[Twin]:
    named = [(other, _pairs(other.case_name)) for other in others]
    for card in cards:
        mine = _pairs(card.case_name)
        for other, theirs in named:
            if card.applicant_code == other.applicant_code:
                yield Twin(card=card, other=other, reason="同一申报单位")
            elif mine and theirs and len(mine & theirs) >= NEAR * len(mine | theirs):
                yield Twin(card=card, other=other, reason="案例名称相近")


def _grouped(cards: Sequence[Card], key: Callable[[Card], tuple[str, str]], url: str) -> tuple[Row, ...]:
    groups: dict[tuple[str, str], list[Card]] = {}
    for card in cards:
        groups.setdefault(key(card), []).append(card)
    rows = [_row(title, group, f"{url}{choice}") for (choice, title), group in sorted(groups.items())]
    return tuple(sorted(rows, key=lambda row: -row.count))


def _row(title: str, cards: Sequence[Card], url: str = "") -> Row:
    sums = tuple(total(cards, fact) if any(fact in card.facts for card in cards) else None for fact in FACTS)
    return Row(title=title, count=len(cards), sums=sums, url=url)
