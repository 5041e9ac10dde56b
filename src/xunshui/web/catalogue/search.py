"""What a visitor looks for, and what the shelf has of it: filters, words, counts beside each choice, pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.http import QueryDict

from xunshui.register import RecommendingBody, bodies
from xunshui.web.catalogue.shelf import Card, Shelf
from xunshui.web.programme.models.application import Direction

PAGE_SIZE = 24
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A visitor's choice; empty parts choose everything."""

    q: str = ""
    direction: str = ""
    industry: str = ""
    province: str = ""
    year: str = ""
    page: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that a case must all contain."""
        return tuple(self.q.casefold().split())

    @property
    def address(self) -> str:
        """Return the address of this choice within the catalogue."""
        told = {row.name: getattr(self, row.name) for row in fields(self)}
        query = urlencode({name: value for name, value in told.items() if value not in ("", 1)})
        return f"/catalogue/?{query}" if query else "/catalogue/"

    def with_(self, **choice: str) -> Wanted:
        """Return this choice with one part set, from its first page."""
        return replace(self, page=1, **choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice that narrows the list: how many cases it would leave, and whether it is made."""

    id: str
    title: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A recommending body in the grid, in its place, with its cases."""

    body: RecommendingBody
    option: Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found, and the choices beside it."""

    wanted: Wanted
    total: int
    cards: Sequence[Card]
    pages: int
    directions: tuple[Option, ...]
    industries: tuple[Option, ...]
    years: tuple[Option, ...]
    tiles: tuple[Tile, ...]

    @property
    def previous(self) -> str:
        """Return the address of the page before, empty on the first."""
        return replace(self.wanted, page=self.wanted.page - 1).address if self.wanted.page > 1 else ""

    @property
    def next(self) -> str:
        """Return the address of the page after, empty on the last."""
        last = self.wanted.page >= self.pages
        return "" if last else replace(self.wanted, page=self.wanted.page + 1).address

    @property
    def chosen(self) -> tuple[Option, ...]:
        """Return the choices that are made, each with the address that takes it back."""
        tiles = tuple(tile.option for tile in self.tiles)
        options = (*self.directions, *self.industries, *tiles, *self.years)
        return tuple(option for option in options if option.chosen)


def wanted_in(query: QueryDict) -> Wanted:
    """Return the choice that an address makes; what cannot be read chooses nothing."""
    page = query.get("page", "1")[:6]
    return Wanted(
        q=" ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
        direction=query.get("direction", "")[:8],
        industry=query.get("industry", "")[:20],
        province=query.get("province", "")[:8],
        year=query.get("year", "")[:4],
        page=max(int(page), 1) if page.isascii() and page.isdecimal() else 1,
    )


def matching(cards: Iterable[Card], wanted: Wanted, *, but: Sequence[str] = ()) -> list[Card]:
    """Return the cards of a choice; `but` names parts that are left open, for the counts beside their options."""
    checks = [check for name, check in _checks(wanted) if name not in but]
    return [card for card in cards if all(check(card) for check in checks)]


def found_on(shelf: Shelf, wanted: Wanted) -> Found:
    """Return a page of the cases of a choice, with what every further choice would leave."""
    told = matching(shelf.cards, Wanted(q=wanted.q))  # words are sought once, not again for every count
    cards = matching(told, wanted, but=("q",))
    pages = max(-(-len(cards) // PAGE_SIZE), 1)
    wanted = replace(wanted, page=min(wanted.page, pages))
    start = (wanted.page - 1) * PAGE_SIZE
    return Found(
        wanted=wanted,
        total=len(cards),
        cards=cards[start : start + PAGE_SIZE],
        pages=pages,
        directions=_directions(told, wanted),
        industries=_counted(
            told, wanted, "industry", lambda card: (card.industry_class, card.industry_title)
        ),
        years=_counted(told, wanted, "year", lambda card: (str(card.year), f"{card.year} 年")),
        tiles=_tiles(told, wanted),
    )


def _checks(wanted: Wanted) -> list[tuple[str, Callable[[Card], bool]]]:
    words = wanted.words
    found: list[tuple[str, Callable[[Card], bool]]] = []
    if words:
        found.append(("q", lambda card: all(word in card.text for word in words)))
    if wanted.direction:
        found.append(("direction", lambda card: card.direction == wanted.direction))
    if wanted.industry:
        found.append(("industry", lambda card: card.industry_class == wanted.industry))
    if wanted.province:
        found.append(("province", lambda card: card.body == wanted.province))
    if wanted.year:
        found.append(("year", lambda card: str(card.year) == wanted.year))
    return found


def _option(wanted: Wanted, part: str, choice: str, title: str, count: int) -> Option:
    chosen = getattr(wanted, part) == choice
    url = wanted.with_(**{part: "" if chosen else choice}).address
    return Option(id=choice, title=title, count=count, url=url, chosen=chosen)


def _directions(told: Sequence[Card], wanted: Wanted) -> tuple[Option, ...]:
    counts = Counter(card.direction for card in matching(told, wanted, but=("q", "direction")))
    return tuple(
        _option(wanted, "direction", row.value, str(row.label), counts[row.value]) for row in Direction
    )


def _counted(
    told: Sequence[Card], wanted: Wanted, part: str, key: Callable[[Card], tuple[str, str]]
) -> tuple[Option, ...]:
    counts = Counter(map(key, matching(told, wanted, but=("q", part))))
    return tuple(
        _option(wanted, part, choice, title, count) for (choice, title), count in counts.most_common()
    )


def _tiles(told: Sequence[Card], wanted: Wanted) -> tuple[Tile, ...]:
    counts = Counter(card.body for card in matching(told, wanted, but=("q", "province")))
    return tuple(
        Tile(body=body, option=_option(wanted, "province", body.code, body.short_name, counts[body.code]))
        for body in bodies()
    )
