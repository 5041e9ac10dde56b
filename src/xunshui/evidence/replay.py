"""Replay: assess a packed site again by the packed rules, and compare with the packed assessment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xunshui.assess import as_json, assess
from xunshui.evidence.differences import Difference, differences
from xunshui.evidence.manifest import PackedSite, Rules
from xunshui.evidence.metered import AccountInvalid, recount
from xunshui.register import NOTICES, OverlayInvalid, is_known, register
from xunshui.rules import UnknownReading
from xunshui.seal import NotCanonical, canonical_bytes
from xunshui.site import Site, SiteFileInvalid, site_from_json
from xunshui.site.mistakes import shown


class ReplayState(StrEnum):
    """What became of a site's replay."""

    REPLAYED = "replayed"
    DIFFERS = "differs"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A site's replay: every value that differs, or the reason why there was nothing to compare."""

    id: str
    name: str
    state: ReplayState
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    changed: tuple[str, ...] = ()
    """Readings that are not as they were written, each in words."""


class _Impossible(Exception):
    """A replay for which something is missing."""


def replay(row: PackedSite, rules: Rules, files: Mapping[str, bytes]) -> Replay:
    """Return what becomes of a site when it is assessed again by `rules`.

    Where this program's rule rows are of another version, that is told of the package as a whole and the version's
    own text is no difference; every value that comes out otherwise still is one.
    """
    try:
        site = _site(row, files)
        packed = _packed(row, files)
        counted, changed = _recounted(row, site, files)
        found = (*counted, *differences(packed, _recomputed(site, rules)))
    except _Impossible as error:
        return Replay(id=row.id, name=row.name, state=ReplayState.IMPOSSIBLE, reason=str(error))
    state = ReplayState.DIFFERS if found or changed else ReplayState.REPLAYED
    return Replay(id=row.id, name=row.name, state=state, differences=found, changed=tuple(changed))


def own_rules(rules: Rules) -> str:
    """Return the version of this program's rows for the same notice and overlay; empty where it has none."""
    if not is_known(rules.notice):
        return ""
    rows = register(rules.notice)
    try:
        return (rows.tightened(rules.overlay) if rules.overlay else rows).version
    except OverlayInvalid:
        return ""


def _site(row: PackedSite, files: Mapping[str, bytes]) -> Site:
    try:
        site = site_from_json(_file(row.site, files), file=row.site)
    except SiteFileInvalid as error:
        raise _Impossible(f"站点数据读不出：{error}") from None
    if (site.id, site.name) != (row.id, row.name):
        raise _Impossible(
            f"清单写的是 {shown(row.id)} {shown(row.name)}，{row.site} 里是 {shown(site.id)} {shown(site.name)}"
        )
    return site


def _recounted(row: PackedSite, site: Site, files: Mapping[str, bytes]) -> tuple[list[Difference], list[str]]:
    """Return what differs where the volumes are counted again from the packed readings; nothing without readings."""
    if row.meters is None or row.readings is None:
        return [], []
    try:
        account = json.loads(_file(row.meters, files), object_pairs_hook=_each_once)
        return recount(site, account, _file(row.readings, files).decode("utf-8", "replace"))
    except (AccountInvalid, ValueError, RecursionError) as error:
        raise _Impossible(f"{shown(row.meters)} 读不出：{shown(error)}") from None


def _file(path: str, files: Mapping[str, bytes]) -> bytes:
    if path not in files:
        raise _Impossible(f"包里没有 {shown(path)}，或它已损坏")
    return files[path]


def _packed(row: PackedSite, files: Mapping[str, bytes]) -> Any:
    try:
        packed = json.loads(_file(row.assessment, files), object_pairs_hook=_each_once)
        # What has no canonical bytes (NaN, nesting without end) is no assessment and could not be shown either.
        canonical_bytes(packed)
    except (NotCanonical, ValueError, RecursionError) as error:
        raise _Impossible(f"{shown(row.assessment)} 不是评估结果（{shown(error)}）") from None
    return packed


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("同一个键写了两次")
    return content


def _recomputed(site: Site, rules: Rules) -> Any:
    if not is_known(rules.notice):
        raise _Impossible(f"本程序没有通知 {shown(rules.notice)} 的规则；有：{'、'.join(NOTICES)}")
    try:
        made = assess(site, notice=rules.notice, readings=rules.readings, overlay=rules.overlay)
    except (UnknownReading, OverlayInvalid) as error:
        raise _Impossible(f"不能按包内的规则计算：{error}") from None
    content = as_json(made)
    content["rules"]["version"] = rules.version
    return json.loads(json.dumps(content))
