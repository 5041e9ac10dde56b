"""Storing a site file: the whole file takes the place of the one before, and the trail keeps both digests."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.core.files.base import File
from django.db import transaction

from xunshui.review import StepRefused
from xunshui.seal import digest
from xunshui.site import Site, SiteFileInvalid, read_site, site_as_json, site_from_json
from xunshui.site.points import Point
from xunshui.site.read import SUFFIXES
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Organisation
from xunshui.web.console.models import LiveSite
from xunshui.web.console.settled import settled_owners, taken_from
from xunshui.web.trail.record import record

Stamp = tuple[str, frozenset[str]]
CHAIN = "sites"
LARGEST = 20 * 1024 * 1024
STEP = "存入站点文件"


def read_upload(file: File[bytes]) -> Site:
    """Return the site in an uploaded file; raises `StepRefused` with every mistake, by its place in the file."""
    suffix = Path(file.name or "").suffix.lower()
    if (file.size or 0) > LARGEST or suffix not in SUFFIXES:
        raise StepRefused(STEP, (f"请选择不超过 20 MB 的 {'、'.join(SUFFIXES)} 站点文件",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"site{suffix}"
        path.write_bytes(file.read())
        try:
            return read_site(path)
        except SiteFileInvalid as error:
            raise StepRefused(STEP, tuple(str(mistake) for mistake in error.mistakes)) from None


@transaction.atomic
def store(site: Site, organisation: Organisation, *, actor: Actor, now: dt.datetime) -> LiveSite:
    """Keep a site for an organisation, in the place of one with the same id.

    Raises `StepRefused` where a device that its points name is another organisation's already: whoever names a
    device sees what it tells.
    """
    _check_devices(site, organisation)
    content = site_as_json(site)
    sealed = digest(content.encode())
    before = LiveSite.objects.filter(organisation=organisation, key=site.id).first()
    row, _ = LiveSite.objects.update_or_create(
        organisation=organisation,
        key=site.id,
        defaults={
            "name": site.name,
            "content": content,
            "digest": sealed,
            "stored_at": now,
            "stored_by": actor.label,
        },
    )
    detail = {"site": site.id, "digest": sealed, "before": before.digest if before else ""}
    record(CHAIN, at=now, actor=actor.label, act=STEP, subject=f"site {row.pk}", detail=detail)
    return row


def _check_devices(site: Site, organisation: Organisation) -> None:
    owners = {
        device: row.organisation_id
        for row in LiveSite.objects.exclude(organisation=organisation)
        for device in devices_of(site_as_stored(row))
    } | settled_owners()
    taken = [
        f"点位“{point.id}”的设备 {device_of(point)} 已登记在别的单位名下；核对通道，"
        "确属本单位的，请工业和信息化部在“设备归属”里划转"
        for point in site.points
        if owners.get(device_of(point), organisation.pk) != organisation.pk
    ]
    if taken:
        raise StepRefused(STEP, tuple(taken))


def devices_of(site: Site) -> list[str]:
    """Return the devices that the site's points name, each once, in the order of the file."""
    return list(dict.fromkeys(device_of(point) for point in site.points))


def device_of(point: Point) -> str:
    """Return protocol and device of a point's channel: what stands before the slash."""
    return point.channel.partition("/")[0]


def site_of_row(row: LiveSite) -> Site:
    """Return the site that is stored, without the points at devices that have become another organisation's."""
    return _readable(*stamp_of(row), row.content)


def stamp_of(row: LiveSite) -> Stamp:
    """Return what `site_of_row` depends on, for whoever keeps an answer about a site."""
    return row.digest, taken_from(row.organisation_id)


def site_as_stored(row: LiveSite) -> Site:
    """Return the site with all points that its file names."""
    return _parsed(row.digest, row.content)


@lru_cache(maxsize=32)
def _readable(sealed: str, taken: frozenset[str], content: str) -> Site:
    site = _parsed(sealed, content)
    return replace(site, points=tuple(point for point in site.points if device_of(point) not in taken))


@lru_cache(maxsize=32)
def _parsed(sealed: str, content: str) -> Site:
    return site_from_json(content, file=sealed)
