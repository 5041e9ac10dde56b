"""One table of steps for each thing that moves: state × event → state, by whom, under which guards.

The table is enforced where it is asked (`take`), so no caller can forget the role or a guard; the same
table is drawn as a diagram, printed in the manual and walked by the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from xunshui.review.role import ROLE_TITLES, Role

Facts = TypeVar("Facts")
Guard = Callable[[Facts], str | None]
"""Returns why a step is not possible, in words for the person who wants to take it, or None."""


class StepRefused(Exception):
    """A step that may not be taken; `reasons` says why, each in a sentence that names the remedy."""

    def __init__(self, title: str, reasons: tuple[str, ...]) -> None:
        """Say which step was refused and why."""
        self.title = title
        self.reasons = reasons
        super().__init__(f"不能“{title}”：{'；'.join(reasons)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[Facts]):
    """One row of the table; `effects` says in words what else happens."""

    event: str
    title: str
    before: tuple[str, ...]
    after: str
    who: tuple[Role, ...]
    guards: tuple[Guard[Facts], ...] = ()
    effects: tuple[str, ...] = ()

    def hindrances(self, facts: Facts) -> tuple[str, ...]:
        """Return everything that stands in the way."""
        return tuple(reason for guard in self.guards if (reason := guard(facts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Generic[Facts]):
    """A step that a person may see, and why it cannot be taken now."""

    step: Step[Facts]
    hindrances: tuple[str, ...] = ()

    @property
    def can_be_taken(self) -> bool:
        """Return whether nothing stands in the way."""
        return not self.hindrances


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Generic[Facts]):
    """The states of one kind of thing, by code and title, and its table of steps."""

    name: str
    title: str
    initial: str
    states: Mapping[str, str]
    steps: tuple[Step[Facts], ...]

    def take(self, event: str, *, state: str, role: Role, facts: Facts) -> Step[Facts]:
        """Return the step that leads on; raises `StepRefused` with all reasons where it may not be taken."""
        step = self._step(event, state)
        if step is None:
            raise StepRefused(self._title(event), (self._no_such_step(event, state),))
        if role not in step.who:
            raise StepRefused(step.title, (f"只有{_titles(step.who)}可以，您是{ROLE_TITLES[role]}",))
        hindrances = step.hindrances(facts)
        if hindrances:
            raise StepRefused(step.title, hindrances)
        return step

    def offers(self, state: str, role: Role, facts: Facts | None = None) -> Iterator[Offer[Facts]]:
        """Yield the steps of a role in a state; with facts, also what stands in the way of each."""
        for step in self.steps:
            if state in step.before and role in step.who:
                yield Offer(step=step, hindrances=() if facts is None else step.hindrances(facts))

    def diagram(self) -> str:
        """Return the table as a Mermaid state diagram."""
        arrows = [
            f"    {state} --> {step.after}: {step.title}（{_titles(step.who)}）"
            for step in self.steps
            for state in step.before
        ]
        names = [f"    {code}: {title}" for code, title in self.states.items()]
        return "\n".join(["stateDiagram-v2", *names, f"    [*] --> {self.initial}", *arrows])

    def _step(self, event: str, state: str) -> Step[Facts] | None:
        return next((step for step in self.steps if step.event == event and state in step.before), None)

    def _title(self, event: str) -> str:
        return next((step.title for step in self.steps if step.event == event), event)

    def _no_such_step(self, event: str, state: str) -> str:
        froms = [self.states[code] for step in self.steps if step.event == event for code in step.before]
        return f"{self.title}现在是“{self.states[state]}”，这一步只能从“{'”“'.join(froms)}”开始"


def _titles(roles: tuple[Role, ...]) -> str:
    return "、".join(ROLE_TITLES[role] for role in roles)
