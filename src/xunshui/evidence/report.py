"""What verifying a package found, as values and as JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from xunshui.evidence.differences import MISSING
from xunshui.evidence.replay import Replay, ReplayState
from xunshui.evidence.signed import SignatureState, Signed

FORMAT = "xunshui-evidence-report/1"


class Level(StrEnum):
    """How far a package holds: intact and replayed; intact but something differs; broken."""

    REPLAYED = "replayed"
    DIFFERS = "differs"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A file of the package that is not what the manifest or the signature says."""

    path: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """By which rules and program a package was made, and which are here; `own_rules` is empty where unknown."""

    packed_rules: str
    own_rules: str
    packed_program: str
    own_program: str

    @property
    def rules_differ(self) -> bool:
        """Return whether this program judges by other rows than the package did."""
        return self.packed_rules != self.own_rules

    @property
    def program_differs(self) -> bool:
        """Return whether another version of the program made the package."""
        return self.packed_program != self.own_program


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found; `trust_asked` tells whether the verifier named keys they trust.

    `created_at` and `versions` are None where the manifest could not be read.
    """

    fingerprint: str
    created_at: dt.datetime | None
    versions: Versions | None
    signature: Signed
    trust_asked: bool
    faults: tuple[Fault, ...]
    replays: tuple[Replay, ...]

    @property
    def level(self) -> Level:
        """Return how far the package holds."""
        if self.faults:
            return Level.BROKEN
        replayed = bool(self.replays) and all(row.state is ReplayState.REPLAYED for row in self.replays)
        return Level.REPLAYED if replayed else Level.DIFFERS

    @property
    def verifies(self) -> bool:
        """Return whether the package is intact and replayed, and signed by a trusted key where one was asked for."""
        return self.level is Level.REPLAYED and (
            not self.trust_asked or self.signature.trusted_by is not None
        )


def explanation(report: Report) -> str:
    """Return, in one sentence, what the differences of an intact package may come from; empty without any."""
    if report.versions is None or all(row.state is ReplayState.REPLAYED for row in report.replays):
        return ""
    other = [
        text
        for text, differs in (
            ("规则版本不同", report.versions.rules_differ),
            ("程序版本不同", report.versions.program_differs),
        )
        if differs
    ]
    if other:
        return f"{'、'.join(other)}：差异可能由此而来；用包内写明的版本复核可以分清"
    return "规则版本与程序版本都相同：包内的评估不是由包内的站点数据算出的"


def report_as_json(report: Report) -> dict[str, Any]:
    """Return the report in the form that `xunshui evidence verify --json` prints.

    A side of a difference where nothing stands is left out.
    """
    return {
        "format": FORMAT,
        "level": report.level.value,
        "verifies": report.verifies,
        "fingerprint": report.fingerprint,
        "created_at": report.created_at.isoformat() if report.created_at else None,
        "versions": asdict(report.versions) if report.versions else None,
        "signature": {**asdict(report.signature), "state": report.signature.state.value},
        "faults": [asdict(fault) for fault in report.faults],
        "sites": [_replay(row) for row in report.replays],
        "explanation": explanation(report),
    }


def _replay(row: Replay) -> dict[str, Any]:
    sides = [
        {"path": found.path, "packed": found.packed, "recomputed": found.recomputed}
        for found in row.differences
    ]
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state.value,
        "reason": row.reason,
        "changed": list(row.changed),
        "differences": [
            {name: value for name, value in side.items() if value is not MISSING} for side in sides
        ],
    }


def signature_fault(found: Signed, path: str) -> tuple[Fault, ...]:
    """Return the fault that an invalid signature is."""
    return (Fault(path=path, problem=found.problem),) if found.state is SignatureState.INVALID else ()
