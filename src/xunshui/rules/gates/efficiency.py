"""Gate R-IND-2: water efficiency, for an enterprise by its quotas, for a park and a data centre by a fixed limit."""

from __future__ import annotations

from xunshui.rules.gates.chosen import with_readings
from xunshui.rules.gates.compared import against
from xunshui.rules.gates.over_years import over_years
from xunshui.rules.gates.quota import quotas_of, withdrawal_in
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement
from xunshui.site.kinds import SiteKind
from xunshui.site.operation import Period

GATE = "R-IND-2"
WORDING = "再少取 {flow} m³/h（全年 {volume} m³）即可达到 {goal} 的要求"
QUOTA_READINGS = ("better_than", "quota_authorities", "several_products")
BY_READING = {
    SiteKind.PARK: (
        "park_water",
        {"all_intake": "water_per_value_added", "conventional": "conventional_water_per_value_added"},
    ),
    SiteKind.DATA_CENTRE: ("wue_water", {"all_intake": "wue", "without_reclaimed": "wue_without_reclaimed"}),
}


def judge(ground: Ground) -> Judgement:
    """Return the judgement of the efficiency gate."""
    clause = ground.notice.clause(GATE)
    if ground.site.kind is SiteKind.ENTERPRISE:
        quotas = quotas_of(ground)
        judged = over_years(ground, clause, lambda period: withdrawal_in(ground, period, quotas))
        return with_readings(ground, judged, always=(), else_only=("deciding_year", *QUOTA_READINGS))
    judged = over_years(ground, clause, lambda period: _fixed(ground, period))
    always = (BY_READING[ground.site.kind][0],)
    return with_readings(ground, judged, always=always, else_only=("deciding_year",))


def _fixed(ground: Ground, period: Period) -> Judgement:
    clause = ground.notice.clause(GATE)
    reading, indicators = BY_READING[ground.site.kind]
    threshold = clause.threshold(str(ground.site.kind))
    assert threshold is not None
    return against(
        ground, clause, threshold, period, indicator=indicators[ground.readings[reading]], wording=WORDING
    )
