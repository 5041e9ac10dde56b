"""Everything that must hold between the rows of a site, each as one small function that yields mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from xunshui.site.checks import claims, graph, operation, points, references
from xunshui.site.mistakes import Mistake
from xunshui.site.model import Site

CHECKS = (
    references.repeated_ids,
    operation.period_days,
    operation.product_units,
    operation.industry_code,
    operation.credit_code,
    operation.park_level,
    graph.unit_parents,
    graph.stream_ends,
    graph.compliant_volumes,
    graph.member_units,
    points.channels_once,
    points.volumes_can_be_read,
    points.parameters,
    claims.quotas,
    claims.quota_rows_once,
    claims.statements_once,
    claims.document_codes,
)


def mistakes_of(site: Site, unread: Mapping[str, set[str]] | None = None) -> list[Mistake]:
    """Return all mistakes in `site`; `unread` names the ids of rows that could not be read at all."""
    found = list(chain.from_iterable(check(site) for check in CHECKS))
    found += references.references(site, references.Ids(site, unread or {}))
    for row, member in enumerate(site.members):
        found += [_within(row, mistake) for mistake in mistakes_of(member)]
    return found


def _within(row: int, mistake: Mistake) -> Mistake:
    return Mistake(loc=("members", row, *mistake.loc), problem=mistake.problem, accepted=mistake.accepted)
