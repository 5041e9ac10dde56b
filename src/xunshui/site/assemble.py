"""From raw tables to a checked site: structure first, then everything that must hold between rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from xunshui.site.checks import mistakes_of
from xunshui.site.mistakes import Loc, Locate, Mistake, SiteFileInvalid, json_place
from xunshui.site.model import Site
from xunshui.site.structure import salvage, site_of_raw


def site_of(
    raw: object, *, file: str = "站点", locate: Locate = json_place, found: tuple[Mistake, ...] = ()
) -> Site:
    """Return the site that `raw` tables describe, or raise `SiteFileInvalid` with all mistakes.

    `found` are mistakes that the reader of the file met already; `locate` turns a place in the
    model into a place in the user's file.
    """
    site, mistakes = site_of_raw(raw)
    if site is not None:
        mistakes += mistakes_of(site)
    else:
        mistakes += _mistakes_of_the_rest(raw, mistakes)
    told = [*found, *(replace(mistake, place=mistake.place or locate(mistake.loc)) for mistake in mistakes)]
    if site is None or told:
        raise SiteFileInvalid(file, told)
    return site


def _mistakes_of_the_rest(raw: object, mistakes: list[Mistake]) -> list[Mistake]:
    rest, rows = salvage(raw, mistakes)
    if rest is None or not isinstance(raw, Mapping):
        return []
    return [
        replace(mistake, loc=_original(mistake.loc, rows))
        for mistake in mistakes_of(rest, _unread_ids(raw, rows))
    ]


def _unread_ids(raw: Mapping[str, Any], rows: Mapping[str, list[int]]) -> dict[str, set[str]]:
    return {
        table: {
            str(row["id"])
            for index, row in enumerate(raw[table])
            if index not in kept and isinstance(row, Mapping) and "id" in row
        }
        for table, kept in rows.items()
    }


def _original(loc: Loc, rows: Mapping[str, list[int]]) -> Loc:
    match loc:
        case (str(table), int(row), *rest) if table in rows:
            return (table, rows[table][row], *rest)
    return loc
