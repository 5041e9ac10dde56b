"""The shelf: every published case as a small card, kept in memory until something is published or taken off.

All visitors read the same shelf. Whether it is still the latest is asked of the records at each request by a
few aggregates, so every process drops its own as soon as any of them publishes.

Only states that the public may see are ever loaded: search, counts, feed and data files are made from the shelf
alone and cannot leak what is not on it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Count, Max, Sum

from xunshui.quantities import NotANumber, decimal_of
from xunshui.register import bodies, register
from xunshui.review import ApplicationState
from xunshui.seal import canonical_bytes, digest
from xunshui.site.model import INDUSTRY_CLASS_TITLES, IndustryClass
from xunshui.web.catalogue.figures import Figure, leading_figure
from xunshui.web.programme.models import Application, Submission
from xunshui.web.programme.permissions import SHOWN_TO_PUBLIC

FACTS = ("water_saved_m3", "discharge_avoided_m3", "cod_avoided_t", "ammonia_avoided_t", "co2_avoided_t")
"""What a project saves in a year, as the form's section `project` asks for it."""
_KIND_CLASSES = {"park": ("park", "工业园区"), "data_centre": ("data_centre", "数据中心")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A published case as lists, feed and data files show it."""

    number: str
    year: int
    case_name: str
    applicant: str
    applicant_code: str
    kind: str
    kind_title: str
    direction: str
    direction_title: str
    industry: str
    industry_class: str
    industry_title: str
    body: str
    province: str
    city: str
    published_at: dt.datetime
    abstract: str
    figure: Figure | None
    facts: Mapping[str, Decimal]
    text: str

    @property
    def url(self) -> str:
        """Return the address of the case's page, which never changes."""
        return f"/catalogue/{self.number}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stone:
    """A case that was taken off: what may still be said of it."""

    number: str
    year: int
    case_name: str
    delisted_at: dt.datetime
    reason: str

    @property
    def url(self) -> str:
        """Return the address of the case's page, which never changes."""
        return f"/catalogue/{self.number}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All cards, newest first, and the stones; `mark` changes when either does."""

    mark: str
    changed_at: dt.datetime | None
    cards: tuple[Card, ...]
    stones: tuple[Stone, ...]
    found: dict[Any, Any] = field(default_factory=dict)
    """What was computed from this shelf; dropped with it."""

    def card(self, number: str) -> Card | None:
        """Return the card of a published case, or None."""
        return next((card for card in self.cards if card.number == number), None)


class _Holder:
    """Holds the process's shelf; one thread fills it while the others wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None

    def latest(self) -> Shelf:
        mark, changed_at = _mark()
        with self._lock:
            if self._shelf is None or self._shelf.mark != mark:
                self._shelf = _filled(mark, changed_at)
            return self._shelf


_holder = _Holder()


def shelf() -> Shelf:
    """Return the shelf as the records stand now."""
    return _holder.latest()


def _mark() -> tuple[str, dt.datetime | None]:
    """Return a digest that changes with every publishing and taking off, and the moment of the last one.

    The index `application_shelf` answers it; a published case changes in nothing that a card shows.
    """
    told = Application.objects.filter(state__in=SHOWN_TO_PUBLIC).aggregate(
        count=Count("pk"), keys=Sum("pk"), published=Max("published_at"), delisted=Max("delisted_at")
    )
    moments = [moment for moment in (told["published"], told["delisted"]) if moment is not None]
    return digest(canonical_bytes({key: str(value) for key, value in told.items()})), max(
        moments, default=None
    )


def _filled(mark: str, changed_at: dt.datetime | None) -> Shelf:
    rows = Application.objects.select_related("round", "applicant").order_by("-published_at", "number")
    told = _told()
    cards = rows.filter(state=ApplicationState.PUBLISHED)
    stones = rows.filter(state=ApplicationState.DELISTED)
    return Shelf(
        mark=mark,
        changed_at=changed_at,
        cards=tuple(_card(row, told.get(row.pk, {})) for row in cards),
        stones=tuple(_stone(row) for row in stones),
    )


def _told() -> dict[int, dict[str, Any]]:
    """Return what the last submission of each published case tells; the database takes the parts out."""
    rows = Submission.objects.filter(application__state=ApplicationState.PUBLISHED).order_by("no")
    parts = rows.values(
        "application_id",
        "assessment__gates",
        "answers__applicant",
        "answers__narrative",
        "answers__project",
        "answers__declaration",
    )
    return {row["application_id"]: dict(row) for row in parts.iterator(chunk_size=200)}


def _card(row: Application, told: Mapping[str, Any]) -> Card:
    narrative = _section(told, "narrative") if has_consent(_section(told, "declaration")) else {}
    applicant = _section(told, "applicant")
    classed, title = industry_class(row, applicant)
    city = row.city or str(applicant.get("city", ""))
    province = body_titles().get(row.body, row.body)
    abstract = [str(narrative.get(f"abstract_{part}", "")) for part in ("background", "practice", "effect")]
    assert row.published_at is not None
    searched = (row.case_name, row.applicant.name, row.number, title, province, city, *abstract)
    return Card(
        number=row.number,
        year=row.round.year,
        case_name=row.case_name,
        applicant=row.applicant.name,
        applicant_code=row.applicant.credit_code or row.applicant.name,
        kind=row.kind,
        kind_title=row.get_kind_display(),
        direction=row.direction,
        direction_title=row.get_direction_display(),
        industry=row.industry or str(applicant.get("industry", "")),
        industry_class=classed,
        industry_title=title,
        body=row.body,
        province=province,
        city=city,
        published_at=row.published_at,
        abstract=abstract[2] or abstract[1],
        figure=leading_figure({"gates": told.get("assessment__gates")}),
        facts=_facts(_section(told, "project")),
        text="\n".join(searched).casefold(),
    )


def _stone(row: Application) -> Stone:
    assert row.delisted_at is not None
    return Stone(
        number=row.number,
        year=row.round.year,
        case_name=row.case_name,
        delisted_at=row.delisted_at,
        reason=row.decision_reason,
    )


def _section(told: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    return told.get(f"answers__{section}") or {}


def has_consent(declaration: Mapping[str, Any]) -> bool:
    """Return whether the applicant let its text be published; only a plain no withholds it."""
    return declaration.get("consent") is not False


def industry_class(row: Application, applicant: Mapping[str, Any]) -> tuple[str, str]:
    """Return the class that a case is listed under, with its title: the notice's classes, parks, data centres.

    The code stands in the application or in the section `applicant`; a code that is not mapped falls back on the
    class that the applicant chose.
    """
    if row.kind in _KIND_CLASSES:
        return _KIND_CLASSES[row.kind]
    code = row.industry or str(applicant.get("industry", ""))
    found = register(row.round.notice).industry_class(code, "wide") or applicant.get("industry_class")
    known = found if found in set(IndustryClass) else IndustryClass.OTHER
    return str(known), INDUSTRY_CLASS_TITLES[IndustryClass(known)]


@cache
def body_titles() -> Mapping[str, str]:
    """Return the short names of the recommending bodies by code."""
    return {body.code: body.short_name for body in bodies()}


def _facts(project: Mapping[str, Any]) -> dict[str, Decimal]:
    found = ((key, _number(project.get(key))) for key in FACTS)
    return {key: value for key, value in found if value is not None}


def _number(typed: object) -> Decimal | None:
    try:
        return None if typed in (None, "") else decimal_of(typed)
    except NotANumber:
        return None


def total(cards: Iterable[Card], fact: str) -> Decimal:
    """Return the sum of a fact over the cases that told it."""
    return sum((card.facts[fact] for card in cards if fact in card.facts), Decimal(0))
