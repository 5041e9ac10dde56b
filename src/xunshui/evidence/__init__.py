"""Evidence: packages that replay offline. Whoever holds one needs neither our server nor our word.

A package is a zip with the sites' data, their assessments, the rules they were judged by, a manifest with the digest of
every file and a signature over that manifest. Verifying computes every assessment again and names what differs.

>>> import datetime as dt
>>> from xunshui.site import site_from_json
>>> site = site_from_json('{"id": "m", "name": "m", "kind": "enterprise", "periods": [], "units": [], "streams": []}')
>>> package = pack([site], created_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
>>> report = verify(package.data)
>>> str(report.level), str(report.signature.state), [str(row.state) for row in report.replays]
('replayed', 'absent', ['replayed'])
"""

from xunshui.evidence.archive import PackageUnreadable
from xunshui.evidence.differences import MISSING, Difference, differences
from xunshui.evidence.manifest import FORMAT, Manifest
from xunshui.evidence.metered import MeteredSite, metered_site
from xunshui.evidence.pack import CannotPack, Package, pack
from xunshui.evidence.read import read_attachment, read_package
from xunshui.evidence.replay import Replay, ReplayState
from xunshui.evidence.report import Fault, Level, Report, Versions, explanation, report_as_json
from xunshui.evidence.signed import SignatureState, Signed
from xunshui.evidence.verify import verify
from xunshui.evidence.write import write_package

__all__ = [
    "FORMAT",
    "MISSING",
    "CannotPack",
    "Difference",
    "Fault",
    "Level",
    "Manifest",
    "MeteredSite",
    "Package",
    "PackageUnreadable",
    "Replay",
    "ReplayState",
    "Report",
    "SignatureState",
    "Signed",
    "Versions",
    "differences",
    "explanation",
    "metered_site",
    "pack",
    "read_attachment",
    "read_package",
    "report_as_json",
    "verify",
    "write_package",
]
