"""The verdict of a notice on a site: conditions, gates and whether it is eligible, with the whole trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xunshui.indicators import Value
from xunshui.register import Register
from xunshui.rules.conditions import judge_conditions
from xunshui.rules.gates import GATES
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement
from xunshui.rules.outcome import Outcome, all_of, any_of
from xunshui.rules.readings import choose, departures
from xunshui.site.model import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a notice says of a site, by which rows and which readings."""

    notice: str
    rule_version: str
    deciding_year: int
    readings: Mapping[str, str]
    departures: tuple[str, ...]
    conditions: tuple[Judgement, ...]
    gates: tuple[Judgement, ...]

    @property
    def any_gate(self) -> Outcome:
        """Return whether at least one gate is met."""
        outcome = any_of(gate.outcome for gate in self.gates)
        return Outcome.NOT_MET if outcome is Outcome.NOT_APPLICABLE else outcome

    @property
    def eligible(self) -> Outcome:
        """Return whether every condition and at least one gate is met."""
        return all_of((*(condition.outcome for condition in self.conditions), self.any_gate))


def judge(
    site: Site,
    values: Mapping[str, Mapping[str, Value]],
    register: Register,
    chosen: Mapping[str, str] | None = None,
) -> Verdict:
    """Return the verdict on a site whose indicators are `values`, by period and indicator id.

    `chosen` picks other readings than the defaults; raises `UnknownReading` for one that is not offered.
    """
    readings = choose(register, chosen)
    ground = Ground(site=site, register=register, readings=readings, values=values)
    return Verdict(
        notice=register.notice.document,
        rule_version=register.version,
        deciding_year=ground.years[-1],
        readings=readings,
        departures=departures(register, readings),
        conditions=judge_conditions(ground),
        gates=tuple(gate(ground) for gate in GATES),
    )
