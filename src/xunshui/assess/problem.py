"""What does not add up in a site's figures: never a verdict, always with what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem should be mended before filing, or is only worth knowing."""

    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that does not add up, where, and the remedy."""

    code: str
    severity: Severity
    where: str
    period: str
    text: str
    remedy: str
