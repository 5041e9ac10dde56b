"""Pack: sites, their assessments and what a replay needs, in one signed file."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from xunshui.assess import Assessment, as_json, assess
from xunshui.evidence.archive import (
    LARGEST_CONTENT_BYTES,
    LARGEST_MEMBER_BYTES,
    MOST_MEMBERS,
    archive_bytes,
    is_safe_path,
)
from xunshui.evidence.manifest import (
    MANIFEST,
    README,
    SIGNATURE,
    Manifest,
    Member,
    PackedSite,
    Rules,
    manifest_bytes,
)
from xunshui.evidence.metered import MeteredSite
from xunshui.evidence.readme import readme
from xunshui.register import NOTICES, Overlay
from xunshui.seal import PrivateKey, canonical_bytes, digest, sign
from xunshui.site import Site, site_as_json
from xunshui.site.mistakes import shown

FILES = "files/"


class CannotPack(ValueError):
    """Sites or attachments that do not fit in one package; says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as the bytes of its file, with its manifest; `fingerprint` is the manifest's digest."""

    data: bytes
    manifest: Manifest
    fingerprint: str


def pack(
    sites: Sequence[Site],
    *,
    created_at: dt.datetime,
    notice: str = NOTICES[0],
    readings: Mapping[str, str] | None = None,
    overlay: Overlay | None = None,
    key: PrivateKey | None = None,
    attachments: Mapping[str, bytes] | None = None,
    accounts: Mapping[str, MeteredSite] | None = None,
    algorithm: str = "sha256",
) -> Package:
    """Return a package of the sites as they are assessed now; equal arguments give equal bytes.

    `attachments` are files by name, kept under `files/`. `accounts` prove the metered volumes of sites, by their id;
    such a site is packed with its metered volumes. `algorithm` makes the digests. Raises `CannotPack`, and
    what `assess` raises.
    """
    accounts = accounts or {}
    sites = [accounts[site.id].site if site.id in accounts else site for site in sites]
    assessments = [assess(site, notice=notice, readings=readings, overlay=overlay) for site in sites]
    rows = _site_rows(sites, accounts)
    files = {
        **_site_files(rows, assessments),
        **_meter_files(rows, accounts),
        **_attached(attachments or {}),
    }
    files = {README: b"", **dict(sorted(files.items()))}
    files[README] = readme(created_at, rows).encode("utf-8")
    _check_size(files)
    manifest = Manifest(
        created_at=created_at.astimezone(dt.UTC),
        program=program(),
        rules=_rules(assessments, notice, overlay),
        sites=rows,
        members=tuple(
            Member(path=path, size=len(data), digest=digest(data, algorithm)) for path, data in files.items()
        ),
    )
    return _sealed(manifest, files, key)


def program() -> str:
    """Return the name and version of this program, as packages state it."""
    return f"xunshui {version('xunshui')}"


def json_bytes(content: Any) -> bytes:
    """Return content as the JSON text that packages hold, for people to read as well."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _sealed(manifest: Manifest, files: Mapping[str, bytes], key: PrivateKey | None) -> Package:
    first = {MANIFEST: manifest_bytes(manifest)}
    if key is not None:
        first[SIGNATURE] = _signature_bytes(first[MANIFEST], key)
    return Package(
        data=archive_bytes({**first, **files}),
        manifest=manifest,
        fingerprint=digest(first[MANIFEST]),
    )


def _signature_bytes(signed: bytes, key: PrivateKey) -> bytes:
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")
    return canonical_bytes({**asdict(sign(signed, key)), "public_key": public})


def _rules(assessments: Sequence[Assessment], notice: str, overlay: Overlay | None) -> Rules:
    # Every open point's option is written, the defaults too: a later release may default otherwise.
    verdict = assessments[0].verdict
    return Rules(
        notice=notice, version=verdict.rule_version, readings=dict(verdict.readings), overlay=overlay
    )


def _site_rows(sites: Sequence[Site], accounts: Mapping[str, MeteredSite]) -> tuple[PackedSite, ...]:
    if not sites:
        raise CannotPack("证据包至少要有一个站点")
    rows = tuple(_site_row(site, metered=site.id in accounts) for site in sites)
    seen: set[str] = set()
    for row in rows:
        if row.site.casefold() in seen:
            raise CannotPack(f"有两个站点的编号是“{row.id}”（不计大小写）；一个包里每个编号用一次")
        seen.add(row.site.casefold())
    return rows


def _site_row(site: Site, *, metered: bool) -> PackedSite:
    name = _file_name(site.id)
    return PackedSite(
        id=site.id,
        name=site.name,
        site=f"sites/{name}.json",
        assessment=f"assessments/{name}.json",
        meters=f"meters/{name}.json" if metered else None,
        readings=f"meters/{name}.csv" if metered else None,
    )


def _file_name(site_id: str) -> str:
    """Return an id as a file's name on any system: letters and digits stay, the rest becomes %XX.

    >>> _file_name("甲厂/2"), _file_name("..")
    ('甲厂%2F2', '%2E%2E')
    """
    return "".join(
        character
        if character.isalnum() or character in "-_"
        else "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))
        for character in site_id
    )


def _site_files(rows: Sequence[PackedSite], assessments: Sequence[Assessment]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for row, assessment in zip(rows, assessments, strict=True):
        files[row.site] = f"{site_as_json(assessment.site)}\n".encode()
        files[row.assessment] = json_bytes(as_json(assessment))
    return files


def _meter_files(rows: Sequence[PackedSite], accounts: Mapping[str, MeteredSite]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for row in rows:
        if row.meters and row.readings:
            files[row.meters] = json_bytes(accounts[row.id].account)
            files[row.readings] = accounts[row.id].readings.encode()
    return files


def _attached(attachments: Mapping[str, bytes]) -> dict[str, bytes]:
    seen: set[str] = set()
    for name in attachments:
        if not is_safe_path(name) or len(name) > 200:
            raise CannotPack(
                f"附件“{shown(name)}”的名字不能放进包里；可用：不含 .. \\ : 的相对路径，最多 200 字"
            )
        if name.casefold() in seen:
            raise CannotPack(f"有两个附件叫“{shown(name)}”（不计大小写）；请改名")
        seen.add(name.casefold())
    return {f"{FILES}{name}": data for name, data in attachments.items()}


def _check_size(files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        if len(data) > LARGEST_MEMBER_BYTES:
            raise CannotPack(f"{path} 有 {len(data) >> 20} MB，一个文件最多 {LARGEST_MEMBER_BYTES >> 20} MB")
    if len(files) + 2 > MOST_MEMBERS or sum(map(len, files.values())) > LARGEST_CONTENT_BYTES - 2**24:
        raise CannotPack(
            f"内容太多：一个包最多 {MOST_MEMBERS} 个文件、{LARGEST_CONTENT_BYTES >> 20} MB；请分成几个包"
        )
