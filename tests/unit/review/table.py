"""The steps of the programme, written down a second time for the tests.

One row a step: thing, event, from, to, who. The tests walk every pair of state and event, so a step that somebody adds
to the machines without adding it here fails, and so does one that leads elsewhere or may be taken by somebody else.
"""

from __future__ import annotations

ROWS = """
round          open          preparing          open          ministry
round          begin_review  open               reviewing     ministry
round          announce      reviewing          on_notice     ministry
round          publish       on_notice          published     ministry

application    submit        draft              submitted     applicant
application    resubmit      returned           submitted     applicant
application    withdraw      submitted          draft         applicant
application    return        submitted          returned      province
application    return        accepted           returned      province
application    accept        submitted          accepted      province
application    decline       submitted          declined      province
application    decline       accepted           declined      province
application    reconsider    declined           submitted     province
application    recommend     accepted           recommended   province
application    forward       submitted          recommended   province
application    screen_in     recommended        in_review     ministry
application    screen_out    recommended        screened_out  ministry
application    select        in_review          selected      ministry
application    pass_over     in_review          not_selected  ministry
application    announce      selected           on_notice     ministry
application    strike        on_notice          struck        ministry
application    publish       on_notice          published     ministry
application    delist        published          delisted      ministry

recommendation submit        draft              submitted     province
recommendation reopen        submitted          draft         ministry

scoring        hand_in       assigned           scored        expert
scoring        reopen        scored             assigned      ministry
scoring        recuse        assigned           conflicted    expert,ministry
scoring        recuse        scored             conflicted    expert,ministry

objection      admit         filed              admitted      ministry
objection      reject        filed              rejected      ministry
objection      uphold        admitted           upheld        ministry
objection      dismiss       admitted           dismissed     ministry
"""

Key = tuple[str, str, str]
"""Thing, state and event."""

STEPS: dict[Key, tuple[str, frozenset[str]]] = {
    (thing, before, event): (after, frozenset(who.split(",")))
    for thing, event, before, after, who in (line.split() for line in ROWS.splitlines() if line)
}

ENDS = {
    "round": {"published"},
    "application": {"screened_out", "not_selected", "struck", "delisted"},
    "recommendation": set(),
    "scoring": {"conflicted"},
    "objection": {"rejected", "upheld", "dismissed"},
}
"""Where a thing comes to rest."""
