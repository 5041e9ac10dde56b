"""What needs a look on a site: the gateway, units that do not close, streams and points that are not heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from xunshui.telemetry.gateway.status import STALE_S, read_status
from xunshui.telemetry.localtime import SECOND_US
from xunshui.telemetry.series import Latest
from xunshui.web.console import sensing
from xunshui.web.console.closing import closings
from xunshui.web.console.models import LiveSite
from xunshui.web.console.network import with_u
from xunshui.web.console.now import Picture, Told
from xunshui.web.console.reconciled import watch_soon
from xunshui.web.console.store import device_of, site_as_stored, stamp_of
from xunshui.web.console.suspects import suspects_of

MOST_ALONE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that a person should look at, and where."""

    shape: str
    text: str
    url: str

    @property
    def tone(self) -> str:
        """Return the colour of the shape: bad is known, the rest cannot be told."""
        return "bad" if self.shape == "▲" else "unknown"


def needs_of(row: LiveSite, shown: Picture, latest: Mapping[str, Latest]) -> list[Need]:
    """Return what needs a look, the gravest first."""
    return [
        *_gateway(row),
        *_suspects(row),
        *_open_units(row, shown),
        *_given_away(row),
        *_missing(row, shown),
        *_late(row, shown, latest),
    ]


def _gateway(row: LiveSite) -> Iterator[Need]:
    status = read_status(sensing.folder())
    if status is None or sensing.now_us() / SECOND_US - status["written_at"] > STALE_S:
        url = reverse("console:devices", args=[row.pk])
        yield Need(shape="▲", text="采集网关没有运行，读数不再更新", url=url)


def _open_units(row: LiveSite, shown: Picture) -> Iterator[Need]:
    url = reverse("console:balance", args=[row.pk])
    closing = closings(shown)
    for unit in shown.site.units:
        own = closing[unit.id]
        if own.closes is False and own.residual is not None:
            side = "进水比出水多" if own.residual > 0 else "出水比进水多"
            amount = with_u(abs(own.residual), own.u)
            yield Need(shape="▲", text=f"{unit.name}：{side} {amount} m³/h，超过两倍误差", url=url)


def _suspects(row: LiveSite) -> Iterator[Need]:
    """Yield what the watch over the last days suspects; nothing while it is still being worked out."""
    watch = watch_soon(row)
    url = reverse("console:balance", args=[row.pk])
    for suspected in suspects_of(watch, sensing.now_us()) if watch is not None else ():
        text = f"{suspected.what} {suspected.amount}，{suspected.since}"
        yield Need(shape="▲", text=text, url=f"{url}#suspects")


def _missing(row: LiveSite, shown: Picture) -> Iterator[Need]:
    url = reverse("console:points", args=[row.pk])
    for flow in shown.flows:
        if flow.told is Told.MISSING:
            text = f"{flow.stream.name or flow.stream.id}：{shown.span.words}读数不足一半"
            yield Need(shape="?", text=text, url=url)


def _late(row: LiveSite, shown: Picture, latest: Mapping[str, Latest]) -> Iterator[Need]:
    """Yield the late points one by one, or in one line where they are many: one broken line makes no flood."""
    late = [point for point in shown.site.points if point.id in latest and latest[point.id].late]
    if len(late) > MOST_ALONE:
        some = "、".join(point.id for point in late[:MOST_ALONE])
        text = f"{len(late)} 个点位读数晚到：{some} 等"
        yield Need(shape="?", text=text, url=reverse("console:points", args=[row.pk]))
        return
    for point in late:
        url = reverse("console:point", args=[row.pk, point.id])
        yield Need(shape="?", text=f"点位 {point.id}（{point.at}）读数晚到", url=url)


def _given_away(row: LiveSite) -> Iterator[Need]:
    _, taken = stamp_of(row)
    points = [point.id for point in site_as_stored(row).points if device_of(point) in taken]
    if points:
        url = reverse("console:devices", args=[row.pk])
        yield Need(shape="▲", text=f"{len(points)} 个点位的设备已划归别的单位，不再取数", url=url)
