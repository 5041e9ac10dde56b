"""An evidence package beside the application it is sent for: does it replay, and does it bear out what is declared?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xunshui.evidence import Level, Manifest, PackageUnreadable, Report, verify
from xunshui.evidence.archive import contents_of
from xunshui.evidence.manifest import MANIFEST, ManifestInvalid, manifest_of
from xunshui.quantities import NotANumber, decimal_of, show
from xunshui.web.api.problem import MistakeOut, Refused, invalid
from xunshui.web.programme.models import Application

MOST_SITES = 10
"""Sites of one package: a call computes all of them while its caller waits."""
ACCEPTED = "xunshui evidence pack 生成、能由本站规则原样复算的证据包"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A declared figure and what the package comes to for the same indicator and year."""

    where: str
    declared: str
    replayed: str
    agrees: bool


def replayed(data: bytes, application: Application) -> tuple[Report, tuple[Claim, ...]]:
    """Return the report on a package that replays, and each declared figure beside it.

    Raises `Refused` with 422 where the package cannot be read, is of another notice, is broken or comes out otherwise.
    """
    try:
        files = contents_of(data).files
        manifest = manifest_of(files.get(MANIFEST, b""))
        _refuse_foreign(manifest, application)
        report = verify(data)
    except (PackageUnreadable, ManifestInvalid) as error:
        raise _refused(str(error)) from None
    if report.level is not Level.REPLAYED:
        raise invalid(_faults(report))
    return report, tuple(_claims(application, manifest, files))


def _refuse_foreign(manifest: Manifest, application: Application) -> None:
    if len(manifest.sites) > MOST_SITES:
        raise _refused(f"包里有 {len(manifest.sites)} 个站点，最多 {MOST_SITES} 个")
    if manifest.rules.notice != application.round.notice:
        raise _refused(f"按通知 {manifest.rules.notice} 评估，本轮是 {application.round.notice}")


def _refused(problem: str) -> Refused:
    return invalid([MistakeOut(where="file", problem=problem, accepted=ACCEPTED)])


def _faults(report: Report) -> Iterator[MistakeOut]:
    for fault in report.faults:
        yield MistakeOut(where=fault.path, problem=fault.problem, accepted=ACCEPTED)
    for row in report.replays:
        if row.reason:
            yield MistakeOut(where=row.id, problem=row.reason, accepted=ACCEPTED)
        for found in row.differences:
            yield MistakeOut(
                where=f"{row.id}：{found.path}",
                problem=f"包里是 {found.packed}，复算得 {found.recomputed}",
                accepted=ACCEPTED,
            )


def _claims(application: Application, manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Claim]:
    computed = {
        (node["indicator"].split(".")[0], node["period"]): Fraction(node["exact"])
        for site in manifest.sites
        for gate in json.loads(files[site.assessment])["gates"]
        for node in (gate, *gate["children"])
        if node["exact"] is not None
    }
    for indicator, by_year in application.answers.get("indicators", {}).items():
        for year, typed in by_year.items() if isinstance(by_year, dict) else ():
            if (indicator, year) in computed:
                yield _claim(f"indicators.{indicator}.{year}", typed, computed[indicator, year])


def _claim(where: str, typed: Any, computed: Fraction) -> Claim:
    """Return a declared figure beside the computed one, rounded to the places that were declared."""
    try:
        declared = decimal_of(typed)
    except NotANumber:
        return Claim(where=where, declared=str(typed), replayed=show(computed, 2), agrees=False)
    exponent = declared.as_tuple().exponent
    shown = show(computed, max(-exponent, 0) if isinstance(exponent, int) else 2)
    return Claim(where=where, declared=str(typed), replayed=shown, agrees=decimal_of(shown) == declared)
