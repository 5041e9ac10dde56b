"""Packages for the tests: one made of a small site with figures, and ways to make another package of its files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from xunshui.evidence import Manifest, Package, pack
from xunshui.evidence.archive import archive_bytes, contents_of
from xunshui.evidence.manifest import MANIFEST, manifest_bytes, manifest_of
from xunshui.seal import PrivateKey, canonical_bytes, digest, value_of
from xunshui.site import Site, site_from_json

KEY = PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = PrivateKey.from_private_bytes(bytes(range(1, 33)))
CREATED = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
SITE, ASSESSMENT = "sites/mill.json", "assessments/mill.json"

Files = dict[str, bytes]
Edit = Callable[[Any], None]


@cache
def mill() -> Site:
    """Return a works that takes in 3 and circulates 97 [10⁴ m³]: its reuse rate is 97 %."""
    years = ("2021", "2022", "2023")
    volumes = {"surface": 30_000, "circulating_indirect": 970_000, "discharge": 30_000}
    ends = {
        "surface": ("env", "shop"),
        "circulating_indirect": ("shop", "shop"),
        "discharge": ("shop", "env"),
    }
    raw = {
        "id": "mill",
        "name": "示例厂",
        "kind": "enterprise",
        "industry": "3120",
        "periods": [{"id": year, "start": f"{year}-01-01", "end": f"{year}-12-31"} for year in years],
        "units": [{"id": "shop", "name": "车间", "use": "process"}],
        "streams": [
            {
                "id": kind,
                "kind": kind,
                "from": ends[kind][0],
                "to": ends[kind][1],
                "volume_m3": dict.fromkeys(years, volume),
            }
            for kind, volume in volumes.items()
        ],
    }
    return site_from_json(json.dumps(raw))


@cache
def signed_package() -> Package:
    """Return the package of the works, signed, with an attachment."""
    return pack([mill()], created_at=CREATED, key=KEY, attachments={"说明.txt": "原件".encode()})


@cache
def bare_package() -> Package:
    """Return the package of the works without a signature."""
    return pack([mill()], created_at=CREATED)


def files_of(package: bytes) -> Files:
    """Return the files of a package, to be changed."""
    return dict(contents_of(package).files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a package."""
    return archive_bytes(files)


def edited(data: bytes, edit: Edit) -> bytes:
    """Return JSON as it is after an edit, canonical where it was."""
    content = json.loads(data)
    edit(content)
    was_canonical = canonical_bytes(json.loads(data)) == data
    return canonical_bytes(content) if was_canonical else json.dumps(content, ensure_ascii=False).encode()


def with_manifest(files: Files, **changes: Any) -> Files:
    """Return files whose manifest says something else of itself."""
    manifest: Manifest = manifest_of(files[MANIFEST])
    return {**files, MANIFEST: manifest_bytes(replace(manifest, **changes))}


def relisted(files: Files) -> Files:
    """Return files with a manifest that lists them as they are now: what a careful forger without a key does."""
    raw = value_of(files[MANIFEST])
    for row in raw["members"]:
        if row["path"] in files:
            row["size"], row["digest"] = len(files[row["path"]]), digest(files[row["path"]])
    return {**files, MANIFEST: canonical_bytes(raw)}
