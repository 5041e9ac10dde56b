"""What an indicator is: its definition with symbol, formula and clause, and its value with what it was computed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from xunshui.balance import SiteStreams, Total, Volumes
from xunshui.quantities import exact_sum, fraction_of, ratio, show
from xunshui.site.model import Site
from xunshui.site.operation import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One quantity of a formula: its symbol, what it is, its value and the streams it sums."""

    symbol: str
    title: str
    value: Fraction | None
    unit: str
    streams: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An indicator's value for one subject in one period; None with a reason where it cannot be told.

    `value` is `factor` × `upper` / `lower`; `upper` is a volume [m³], so that a distance to a
    threshold can be told as water.
    """

    key: str
    subject: str
    period: str
    value: Fraction | None
    unit: str
    upper: Fraction | None
    lower: Fraction | None
    factor: int
    terms: tuple[Term, ...]
    reason: str = ""

    @property
    def id(self) -> str:
        """Return the key with the subject, where the indicator has several."""
        return f"{self.key}.{self.subject}" if self.subject else self.key

    def term(self, symbol: str) -> Fraction | None:
        """Return the value of one term of the formula."""
        return next((term.value for term in self.terms if term.symbol == symbol), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgered:
    """What an indicator is computed from: a site, one of its periods and the volumes of that period.

    `settings` are figures of practice from the register, by id.
    """

    site: Site
    period: Period
    volumes: Volumes
    settings: Mapping[str, Fraction]


def ledgered(
    site: Site, period: Period, settings: Mapping[str, Fraction], streams: SiteStreams | None = None
) -> Ledgered:
    """Return the ground that indicators of one period are computed on; `streams` may serve all periods."""
    return Ledgered(site=site, period=period, volumes=Volumes(site, period.id, streams), settings=settings)


Compute = Callable[["Indicator", Ledgered], Iterable[Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """The definition of an indicator: how it is named, computed and where it comes from."""

    key: str
    title: str
    symbol: str
    formula: str
    unit: str
    places: int
    standard: str
    source: str
    grade: str
    compute: Compute

    def of(self, ground: Ledgered) -> Iterator[Value]:
        """Yield the indicator's values on this ground: one, or one for each subject; none where it does not apply."""
        yield from self.compute(self, ground)

    def quotient(
        self,
        ground: Ledgered,
        upper: Term,
        lower: Term,
        *,
        factor: int = 1,
        subject: str = "",
        unit: str = "",
        shown: tuple[Term, ...] = (),
    ) -> Value:
        """Return `factor` × upper / lower, or no value with the reason why."""
        reason = _reason(*shown, upper, lower)
        value = None
        if not reason and upper.value is not None and lower.value is not None:
            value = ratio(upper.value, lower.value, factor)
        return Value(
            key=self.key,
            subject=subject,
            period=ground.period.id,
            value=value,
            unit=unit or self.unit,
            upper=upper.value,
            lower=lower.value,
            factor=factor,
            terms=shown or (upper, lower),
            reason=reason,
        )


def _reason(*terms: Term) -> str:
    for term in terms:
        if term.missing:
            return f"{term.title}缺少水量：{'、'.join(dict.fromkeys(term.missing))}"
        if term.value is None:
            return f"未填写{term.title}"
        if term.value.numerator < 0:  # the sign alone: comparing fractions costs more than adding them
            return f"{term.title}为负（{show(term.value, 0)} {term.unit}），请核对外供水与非工业用水"
    return "" if terms[-1].value else f"{terms[-1].title}为零"


def volume_term(symbol: str, title: str, total: Total) -> Term:
    """Return a term that sums streams [m³]."""
    return Term(
        symbol=symbol, title=title, value=total.value, unit="m³", streams=total.streams, missing=total.missing
    )


def figure_term(symbol: str, title: str, value: Fraction | Decimal | None, unit: str) -> Term:
    """Return a term that the site's file gives as a figure of its own."""
    return Term(symbol=symbol, title=title, value=_exact(value), unit=unit)


def _exact(figure: Fraction | Decimal | None) -> Fraction | None:
    return fraction_of(figure) if isinstance(figure, Decimal) else figure


def sum_of(symbol: str, title: str, *terms: Term) -> Term:
    """Return the sum of terms as a term of its own."""
    told = [term.value for term in terms if term.value is not None]
    return Term(
        symbol=symbol,
        title=title,
        value=exact_sum(told) if len(told) == len(terms) else None,
        unit="m³",
        streams=tuple(chain.from_iterable(term.streams for term in terms)),
        missing=tuple(chain.from_iterable(term.missing for term in terms)),
    )
