"""What has changed since: gross errors that began within the hours that are watched, each with its onset.

The same likelihood ratio as `sequential`, for hours that do not all tell the same meters: with F the pulls of an error
and R its resistance in each hour,

    T(k, f) = (Σ F)² / Σ R      over hours k … n,

where a meter that is not told in an hour is unmeasured in it. Several changes are found one after the other, their
sizes estimated together, and each onset once more beside the others. What has been so for longer than the reference
has become part of it: that is a question for the balance of the whole span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xunshui.balance.arrays import Floats
from xunshui.balance.elimination import Suspect
from xunshui.balance.gross_errors import Candidate, Candidates, GrossError
from xunshui.balance.network import Network
from xunshui.balance.reconciliation import Reconciliation
from xunshui.balance.reference import Reference, reference
from xunshui.balance.sequential import LEAD, threshold

HOURS_OF_TEN_YEARS = 87_600.0
"""How seldom sound meters may raise an alarm."""
MOST = 4
ROUNDS = 3
LEAST_TOLD = 0.8
"""Of all hours: a meter that tells fewer is not watched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A gross error that began within the watch.

    `onset` is the hour of the watch at which it began, with the part of that hour that had passed; `u_onset` [h] its
    standard uncertainty; nothing is known of the time before hour 0. `others` are the errors that fit nearly as well.
    """

    suspect: Suspect
    onset: float
    u_onset: float
    others: tuple[Suspect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was found, the surest first; `hours` is how many of the watch could be looked at."""

    found: tuple[Change, ...]
    hours: int
    threshold: float


def changes(network: Network, values: Floats, sd: Floats, load: Floats, *, watched: int) -> Changes | None:
    """Compare the last `watched` hours of `values` [hours × streams] with those before them.

    `values` are not numbers where nothing was told, `sd` [streams] where there never is anything; `load` [hours] is how
    strongly the plant runs, one in the mean. None where too few hours tell enough, or nothing checks anything.
    """
    before, since = values[:-watched], values[-watched:]
    often = np.isfinite(before).mean(axis=0) >= LEAST_TOLD
    problem = Reconciliation(network, _not_exact(np.where(often, sd, np.nan), before))
    usual = reference(problem, before, load[:-watched]) if problem.dof else None
    if usual is None:
        return None
    # The level is a mean of the hours before: it is not surer than they are.
    usual = replace(usual, sd=usual.sd * np.sqrt(1 + watched / len(before)))
    return _Watched(network, usual, since, load[-watched:]).changes()


def _not_exact(sd: Floats, values: Floats) -> Floats:
    """Let no meter be exact: one that tells no water now may tell some wrongly later."""
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    return np.where(np.isnan(sd), np.nan, np.maximum(sd, 1e-4 * largest + 1e-9))


class _Watched:
    """The watch, hour by hour: residuals against what is usual, and each error's pull and resistance."""

    def __init__(self, network: Network, usual: Reference, values: Floats, load: Floats) -> None:
        self.whole = Candidates(Reconciliation(network, usual.sd))
        self.errors = [self.whole[number] for number in range(len(self.whole))]
        self.threshold = threshold(len(self.whole), HOURS_OF_TEN_YEARS)
        self._network, self._usual = network, usual
        self._patterns: dict[bytes, _Pattern] = {}
        self.hours = [self._hour(told, ran) for told, ran in zip(values, load.tolist(), strict=True)]
        nothing = np.zeros(len(self.errors))
        self.resistance = np.array([nothing if hour is None else hour[0].resistance for hour in self.hours])

    def _hour(self, values: Floats, load: float) -> tuple[_Pattern, Floats] | None:
        """Return what an hour's meters can show and its residuals; None where it tells nothing."""
        measured = np.isfinite(values) & np.isfinite(self._usual.sd)
        key = measured.tobytes()
        if key not in self._patterns:
            sd = np.where(measured, self._usual.sd, np.nan)
            self._patterns[key] = _Pattern(self._network, sd, self.errors)
        pattern = self._patterns[key]
        if not pattern.problem.dof or not np.isfinite(load):
            return None
        return pattern, pattern.problem.residuals(values, held=load * self._usual.level)

    def changes(self) -> Changes:
        """Find them one after another, and let those go that are not needed in the end."""
        found: list[tuple[int, int]] = []
        while len(found) < MOST:
            number, onset, best = self._leader(self._left(found))
            if best <= self.threshold or number in [each for each, _ in found]:
                break
            found = self._polished([*found, (number, onset)])
        found = self._significant(found)
        begun = [self._begun(found, at) for at in range(len(found))]
        # The hour in which it began shows only a part of it.
        sizes, u = self._sizes([(number, at) for (number, _), (at, _) in zip(found, begun, strict=True)])
        told = [
            self._change(found, at, begun[at], float(sizes[at]), float(u[at])) for at in range(len(found))
        ]
        return Changes(
            found=tuple(sorted(told, key=lambda each: -abs(each.suspect.z))),
            hours=sum(hour is not None for hour in self.hours),
            threshold=self.threshold,
        )

    def _pulls(self, found: Sequence[tuple[int, float]], sizes: Floats) -> Floats:
        """Return the pull of every error in every hour [hours × errors] beside those found."""
        pulls = np.zeros((len(self.hours), len(self.errors)))
        for hour, told in enumerate(self.hours):
            if told is None:
                continue
            pattern, residuals = told
            for (number, onset), size in zip(found, sizes, strict=True):
                residuals = residuals - size * _part(hour, onset) * pattern.signature[:, number]
            pulls[hour] = pattern.pull(residuals)
        return pulls

    def _left(self, found: Sequence[tuple[int, float]]) -> Floats:
        return self._pulls(found, self._sizes(found)[0])

    def _tests(self, pulls: Floats) -> Floats:
        """Return T [onsets × errors] from each hour until the last."""
        force = np.cumsum(pulls[::-1], axis=0)[::-1]
        resistance = np.cumsum(self.resistance[::-1], axis=0)[::-1]
        return np.asarray(np.where(resistance > 0, force**2 / np.maximum(resistance, 1e-300), 0.0))

    def _leader(self, pulls: Floats) -> tuple[int, int, float]:
        tests = self._tests(pulls)
        onset, number = np.unravel_index(int(tests.argmax()), tests.shape)
        return int(number), int(onset), float(tests[onset, number])

    def _sizes(self, found: Sequence[tuple[int, float]]) -> tuple[Floats, Floats]:
        """Estimate all sizes together; returns them with their standard uncertainties."""
        if not found:
            return np.zeros(0), np.zeros(0)
        numbers = [number for number, _ in found]
        matrix, force = np.zeros((len(found), len(found))), np.zeros(len(found))
        for hour, told in enumerate(self.hours):
            if told is None:
                continue
            pattern, residuals = told
            begun = np.array([_part(hour, onset) for _, onset in found])
            force += begun * pattern.pull(residuals)[numbers]
            matrix += np.outer(begun, begun) * pattern.crossed(numbers)
        inverse = np.linalg.pinv(matrix, hermitian=True)
        return inverse @ force, np.sqrt(np.maximum(np.diagonal(inverse), 0.0))

    def _polished(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Look for every onset once more, with the others taken away."""
        for _ in range(ROUNDS):
            before = list(found)
            for at, (number, _) in enumerate(found):
                tests = self._tests(self._beside(found, at))[:, number]
                found[at] = (number, int(tests.argmax()))
            if found == before:
                break
        return found

    def _beside(self, found: Sequence[tuple[int, int]], at: int) -> Floats:
        """Return the pulls with all that was found taken away, except one."""
        sizes = self._sizes(found)[0]
        others = [number for number in range(len(found)) if number != at]
        return self._pulls([found[each] for each in others], sizes[others])

    def _significant(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Let those go that are no longer needed beside the others."""
        while found:
            sizes, u = self._sizes(found)
            tests = (sizes / np.maximum(u, 1e-300)) ** 2
            weakest = int(tests.argmin())
            if tests[weakest] > self.threshold:
                break
            found = self._polished([each for at, each in enumerate(found) if at != weakest])
        return found

    def _change(
        self, found: Sequence[tuple[int, int]], at: int, begun: tuple[float, float], size: float, u: float
    ) -> Change:
        number, _ = found[at]
        onset, u_onset = begun
        return Change(
            suspect=Suspect(candidate=self.errors[number], size=size, u=u, z=size / u),
            onset=onset,
            u_onset=u_onset,
            others=tuple(self._others(self._beside(found, at), number, self._left(found))),
        )

    def _others(self, pulls: Floats, number: int, left: Floats) -> Iterator[Suspect]:
        """Yield the errors that explain nearly as much and are not needed beside this one, the likeliest first."""
        tests = self._tests(pulls)
        best = tests.max(axis=0)
        is_needed = self._tests(left).max(axis=0) > self.threshold
        for each in np.argsort(-best).tolist():
            if best[each] <= best[number] - LEAD:
                return
            if each != number and not is_needed[each]:
                onset = int(tests[:, each].argmax())
                resistance = float(self.resistance[onset:, each].sum())
                size, u = float(pulls[onset:, each].sum()) / resistance, 1 / float(np.sqrt(resistance))
                yield Suspect(candidate=self.errors[each], size=size, u=u, z=size / u)

    def _begun(self, found: Sequence[tuple[int, int]], at: int) -> tuple[float, float]:
        """Return when it began within its first hours, from how much of the later size they show, and how sure that is.

        The hour of the onset and the one before it hold the begin; an onset of 0 may have begun at any time before.
        """
        number, onset = found[at]
        pulls = self._beside(found, at)[:, number]
        resistance = self.resistance[:, number]
        later = slice(onset + 1, None)
        if onset == 0 or resistance[later].sum() <= 0 or not resistance[onset - 1 : onset + 1].all():
            return float(onset), 1.0
        size = pulls[later].sum() / resistance[later].sum()
        parts = pulls[onset - 1 : onset + 1] / resistance[onset - 1 : onset + 1] / size
        u = float(np.sqrt((1 / resistance[onset - 1 : onset + 1]).sum()) / abs(size))
        return onset + 1 - float(np.clip(parts, 0.0, 1.0).sum()), min(u, 1.0)


def _part(hour: int, onset: float) -> float:
    """Return which part of an hour shows an error that began at `onset`."""
    return min(max(hour + 1 - onset, 0.0), 1.0)


class _Pattern:
    """The hours that tell the same meters: errors of the whole network as these hours show them."""

    def __init__(self, network: Network, sd: Floats, errors: Sequence[Candidate]) -> None:
        self.problem = Reconciliation(network, sd)
        candidates = Candidates(self.problem)
        shown = [_shown(candidates, each.errors[0]) for each in errors]
        numbers = np.array([number for number, _ in shown], dtype=np.intp)
        signs = np.array([float(sign) for _, sign in shown])
        seen = signs != 0
        # What these hours cannot show stays nothing.
        self.signature = np.zeros((self.problem.dof, len(errors)))
        self.resistance = np.zeros(len(errors))
        if seen.any():
            self.signature[:, seen] = candidates.signature(numbers[seen]) * signs[seen]
            self.resistance[seen] = candidates.resistance[numbers[seen]]

    def pull(self, residuals: Floats) -> Floats:
        """Return the pull of every error [errors], in the sense of its first error's own sign."""
        return np.asarray(self.signature.T @ self.problem.potentials(residuals))

    def crossed(self, numbers: Sequence[int]) -> Floats:
        """Return how errors pull at one another [numbers × numbers]."""
        moved = self.signature[:, numbers]
        return np.asarray(moved.T @ self.problem.potentials(moved.T).T)


def _shown(candidates: Candidates, error: GrossError) -> tuple[int, int]:
    """Return the candidate that stands for an error and the sense in which it does; 0 where none can show it."""
    number = candidates.number_of(error) if len(candidates) else None
    if number is None:
        return 0, 0
    found = candidates[number]
    return number, found.signs[found.errors.index(error)]
