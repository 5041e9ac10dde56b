"""Gate R-IND-3: reclaimed water as a share of the water used."""

from __future__ import annotations

from xunshui.rules.gates.compared import against
from xunshui.rules.gates.over_years import over_years
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement

GATE = "R-IND-3"
WORDING = "再以再生水替代 {flow} m³/h（全年 {volume} m³）常规水即可达到 {goal}"
INDICATORS = {
    ("external", "intake"): "reclaimed_share",
    ("external", "total_use"): "reclaimed_share_of_total_use",
    ("with_own_reuse", "intake"): "reclaimed_share_with_own_reuse",
    ("with_own_reuse", "total_use"): "reclaimed_share_with_own_reuse_of_total_use",
}


def judge(ground: Ground) -> Judgement:
    """Return the judgement of the reclaimed-water gate."""
    clause = ground.notice.clause(GATE)
    threshold = clause.thresholds[0]
    reading = (ground.readings["reclaimed_numerator"], ground.readings["reclaimed_denominator"])
    return over_years(
        ground,
        clause,
        lambda period: against(
            ground, clause, threshold, period, indicator=INDICATORS[reading], wording=WORDING
        ),
    )
