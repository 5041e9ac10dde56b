"""Build the evidence package that stands for this release: `python -m tests.golden.build_evidence`.

Run it once before a release, after the version is raised; packages of earlier releases are never built again. The key
is the published one of RFC 8032, TEST 1, so anyone can build the same bytes and nobody may trust it for anything else.
"""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from pathlib import Path

from xunshui.evidence import Package, pack, write_package
from xunshui.register import read_overlay
from xunshui.seal import PrivateKey, public_pem
from xunshui.site import read_site

FOLDER = Path(__file__).parent / "evidence"
PUBLIC_KEY = FOLDER / "published.public.pem"
SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
"""Everybody's: it is printed in RFC 8032, section 7.1."""

EXAMPLES = Path(__file__).parents[2] / "examples"
CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def build() -> Package:
    """Return this release's package: a steel works judged by a province's overlay and a reading of its own."""
    return pack(
        [read_site(EXAMPLES / "steel_pass.json")],
        created_at=CREATED,
        readings={"deciding_year": "every"},
        overlay=read_overlay(FOLDER / "overlay.yaml"),
        key=PrivateKey.from_private_bytes(bytes.fromhex(SECRET)),
        attachments={"说明.txt": "附件的原件".encode()},
    )


def main() -> None:
    """Write the package under this release's version; one that is there is kept."""
    key = PrivateKey.from_private_bytes(bytes.fromhex(SECRET))
    PUBLIC_KEY.write_text(public_pem(key.public_key()), encoding="ascii")
    write_package(build(), FOLDER / f"{version('xunshui')}.zip")


if __name__ == "__main__":
    main()
