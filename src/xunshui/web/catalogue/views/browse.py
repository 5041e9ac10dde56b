"""The list of cases, with its doors, its grid and its search; and the summary of a round."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import condition, require_safe

from xunshui.review import RoundState
from xunshui.web.catalogue.fresh import page_tag
from xunshui.web.catalogue.search import Wanted, found_on, wanted_in
from xunshui.web.catalogue.shelf import FACTS, Shelf, shelf
from xunshui.web.catalogue.summary import Summary, summary_of
from xunshui.web.programme.models import Round

MOST_KEPT = 200
FACT_TITLES = {
    "water_saved_m3": ("年节水量", "m³"),
    "discharge_avoided_m3": ("年减排废水量", "m³"),
    "cod_avoided_t": ("年减排 COD", "t"),
    "ammonia_avoided_t": ("年减排氨氮", "t"),
    "co2_avoided_t": ("年减碳量", "t CO₂"),
}


@require_safe
@condition(etag_func=page_tag)
def browse(request: HttpRequest) -> HttpResponse:
    """Show the cases that the address chooses."""
    wanted, stock = wanted_in(request.GET), shelf()
    context = {"wanted": wanted, "found": _found_part(stock, wanted)}
    return render(request, "catalogue/browse.html", context)


@require_safe
@condition(etag_func=page_tag)
def summary(request: HttpRequest, year: int) -> HttpResponse:
    """Show a published round as numbers; 404 for a round whose list is not published."""
    round_ = Round.objects.filter(year=year, state=RoundState.PUBLISHED).first()
    if round_ is None:
        raise Http404(f"{year} 年度的名单没有公布，公布以后这里有汇总")
    told = _kept(shelf(), ("summary", year), lambda stock: summary_of(stock, year))
    return render(
        request, "catalogue/summary.html", {"round": round_, "summary": told, "heads": _heads(told)}
    )


def _found_part(stock: Shelf, wanted: Wanted) -> SafeString:
    """Return the part of the page that is the same for all visitors, kept with the shelf it was made from."""

    def made(stock: Shelf) -> SafeString:
        return render_to_string("catalogue/found.html", {"found": found_on(stock, wanted)})

    part: SafeString = _kept(stock, wanted, made)
    return part


def _kept(stock: Shelf, key: Any, make: Any) -> Any:
    found = stock.found.get(key)
    if found is None:
        if len(stock.found) >= MOST_KEPT:
            stock.found.clear()
        found = stock.found[key] = make(stock)
    return found


def _heads(told: Summary) -> list[dict[str, Any]]:
    """Return the head of each fact's column, with its sum and how many cases told it."""
    columns = zip(FACTS, told.all.sums, told.told, strict=True)
    return [
        {"title": FACT_TITLES[fact][0], "unit": FACT_TITLES[fact][1], "sum": total, "count": count}
        for fact, total, count in columns
    ]
