"""The manifest of an evidence package: what is in it, by which rules and program it was made, and its digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from xunshui.register import Overlay
from xunshui.seal import NotCanonical, canonical_bytes, value_of
from xunshui.site.mistakes import shown

FORMAT = "xunshui-evidence/1"
MANIFEST, SIGNATURE, README = "manifest.json", "signature.json", "README.txt"

_STRICT = ConfigDict(extra="forbid")
Path = Annotated[str, Field(min_length=1, max_length=300)]


@checked(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Member:
    """A file of the package: its path, size [byte] and labelled digest."""

    path: Path
    size: Annotated[int, Field(ge=0)]
    digest: str


@checked(frozen=True, slots=True, kw_only=True, config=_STRICT)
class PackedSite:
    """A site of the package and the paths of its data and of its assessment.

    `meters` and `readings` lead to what its metered volumes rest on, where it has any.
    """

    id: str
    name: str
    site: Path
    assessment: Path
    meters: Path | None = None
    readings: Path | None = None


@checked(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Rules:
    """By which rules the assessments were made: all that a replay needs beside the site."""

    notice: str
    version: str
    readings: Mapping[str, str]
    overlay: Overlay | None = None


@checked(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Manifest:
    """What a package says of itself."""

    format: Literal["xunshui-evidence/1"] = "xunshui-evidence/1"
    created_at: AwareDatetime
    program: str
    rules: Rules
    sites: Annotated[tuple[PackedSite, ...], Field(min_length=1)]
    members: tuple[Member, ...]


class ManifestInvalid(ValueError):
    """A manifest that cannot be used; `newer` tells whether a later program may know its format."""

    def __init__(self, problem: str, *, newer: bool = False) -> None:
        """Keep what is wrong."""
        self.newer = newer
        super().__init__(problem)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as the canonical bytes that are stored and signed."""
    return canonical_bytes(_ADAPTER.dump_python(manifest, mode="json", exclude_none=True))


def manifest_of(data: bytes) -> Manifest:
    """Return the manifest in canonical bytes; raises `ManifestInvalid`."""
    try:
        _check_format(value_of(data))
        manifest = _ADAPTER.validate_json(data, strict=True)
    except NotCanonical as error:
        raise ManifestInvalid(str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "清单"
        raise ManifestInvalid(f"{place} 不合 {FORMAT} 的规定（{first['msg']}）") from None
    _check_each_once(manifest)
    return manifest


def _check_each_once(manifest: Manifest) -> None:
    for paths in ([row.path for row in manifest.members], [row.site for row in manifest.sites]):
        twice = [path for path, times in Counter(paths).items() if times > 1]
        if twice:
            raise ManifestInvalid(f"“{shown(twice[0])}”列了不止一次")


def _check_format(raw: Any) -> None:
    told = raw.get("format") if isinstance(raw, dict) else None
    if told == FORMAT:
        return
    family, _, number = str(told).partition("/")
    newer = family == FORMAT.partition("/")[0] and number.isdecimal()
    hint = "；请用更新的循水复核" if newer else ""
    raise ManifestInvalid(f"格式写作“{shown(told)}”，本程序认识 {FORMAT}{hint}", newer=newer)


_ADAPTER = TypeAdapter(Manifest)
