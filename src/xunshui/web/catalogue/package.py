"""The evidence package of a published case: what anyone needs to compute its figures again without us."""

from __future__ import annotations

from dataclasses import dataclass

from xunshui.evidence import pack
from xunshui.evidence.pack import program
from xunshui.register import register
from xunshui.seal import digest
from xunshui.web.catalogue.kept import kept
from xunshui.web.catalogue.water import site_in
from xunshui.web.programme.models import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePackage:
    """A package as a file: its name, its bytes and their digest."""

    name: str
    content: bytes
    digest: str


def package_of(submission: Submission) -> CasePackage | None:
    """Return the package of a submission, None where it has no site; equal submissions give equal bytes."""
    site = site_in(submission)
    if site is None:
        return None
    application = submission.application
    notice = application.round.notice
    content = kept(
        f"evidence-{submission.digest}-{register(notice).version}-{program()}.zip",
        lambda: pack([site], created_at=submission.at, notice=notice).data,
    )
    return CasePackage(name=f"{application.number}.zip", content=content, digest=digest(content))
