"""Who is suspected, in words: which meter or unit, how much, since when, what else it may be, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xunshui.balance import Candidate, GrossError, Kind, Suspect
from xunshui.balance.changes import Change
from xunshui.site import Site
from xunshui.site.graph import Stream
from xunshui.telemetry.localtime import DAY_US, HOUR_US, MINUTE_US, day_of, local_datetime
from xunshui.web.console.network import with_u
from xunshui.web.console.reconciled import Reconciled, Watched
from xunshui.web.console.streamed import Streamed
from xunshui.web.console.units import is_metered

SHARP_H, BLUNT_H = 0.1, 0.4
"""How sure an onset is that is told to ten minutes, and to half an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """One suspicion as it is shown; `points` are those whose readings tell more, `errors` what it is of."""

    what: str
    amount: str
    since: str
    others: tuple[str, ...]
    advice: str
    points: tuple[tuple[str, str], ...]
    errors: tuple[GrossError, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one error would mean; the likelier kinds of errors have the lower `rank`."""

    rank: int
    what: str
    advice: str
    meters: tuple[str, ...] = ()


def suspects_of(watch: Watched, now_us: int) -> list[Suspected]:
    """Return what the watch suspects, the surest first."""
    found = watch.changes.found if watch.changes is not None else ()
    return [_of_change(watch, change, now_us) for change in found]


def suspects_of_span(span: Reconciled, known: Sequence[Suspected]) -> list[Suspected]:
    """Return what the span's totals suspect and the watch does not know of."""
    if span.result is None or span.network is None:
        return []
    dated = {error for each in known for error in each.errors}
    readings = dict(zip(span.network.network.streams, span.network.values.tolist(), strict=True))
    return [
        _suspected(
            span.told,
            suspect,
            readings=readings,
            since="何时起不知道，整段都在",
        )
        for suspect in span.result.found.suspects
        if not dated & set(suspect.candidate.errors)
    ]


def _of_change(watch: Watched, change: Change, now_us: int) -> Suspected:
    hour = len(watch.told.load) - watch.hours + int(change.onset)
    with np.errstate(all="ignore"):
        means = np.nanmean(watch.told.flows[hour:], axis=0)
    readings = dict(zip([each.id for each in watch.told.site.streams], means.tolist(), strict=True))
    return _suspected(
        watch.told,
        change.suspect,
        readings=readings,
        since=_since(watch.from_us, change, now_us),
        others=change.others,
    )


def _suspected(
    told: Streamed,
    suspect: Suspect,
    *,
    readings: dict[str, float],
    since: str,
    others: Sequence[Suspect] = (),
) -> Suspected:
    said = sorted(_all_said(told, suspect.candidate, suspect.size, readings), key=lambda each: each.rank)
    further = [
        each.what for other in others for each in _all_said(told, other.candidate, other.size, readings)
    ]
    meters = dict.fromkeys(meter for each in said for meter in each.meters)
    return Suspected(
        what=said[0].what,
        amount=f"{with_u(abs(suspect.size), suspect.u)} m³/h",
        since=since,
        others=tuple(dict.fromkeys([*(each.what for each in said[1:]), *further])),
        advice=said[0].advice,
        points=tuple((meter, told.found.points[meter]) for meter in meters),
        errors=suspect.candidate.errors,
    )


def _all_said(
    told: Streamed, candidate: Candidate, size: float, readings: dict[str, float]
) -> Iterator[_Said]:
    streams = {stream.id: stream for stream in told.site.streams}
    for error, sign in zip(candidate.errors, candidate.signs, strict=True):
        own = size * candidate.signs[0] * sign
        if error.kind is Kind.LEAK:
            yield _of_leak(told.site, error.at, own)
        elif is_metered(streams[error.at], told.found):
            yield _of_meter(told.site, streams[error.at], own, readings[error.at])
        else:
            yield _of_estimate(streams[error.at], own)


def _of_meter(site: Site, stream: Stream, size: float, reading: float) -> _Said:
    names = {meter.id: meter.name for meter in site.meters}
    called = "、".join(f"{each}（{names[each]}）" if names.get(each) else each for each in stream.meters)
    true = reading - size
    part = f" {abs(size / true) * 100:.2g} %" if true > 0 else ""
    advice = f"核对 {'、'.join(stream.meters)} 的零点与量程；比对外夹式流量计，查近日的检修与换表"
    return _Said(0, f"{called}疑{'偏高' if size > 0 else '偏低'}{part}", advice, stream.meters)


def _of_leak(site: Site, at: str, size: float) -> _Said:
    unit = site.unit(at)
    name = unit.name if unit else at
    if size > 0:
        return _Said(
            1,
            f"{name}疑漏",
            f"查{name}的补水管、阀门与溢流；停用或夜间看补水是否还在走，再看有没有新的用水点",
        )
    return _Said(1, f"{name}疑有来水未计", f"查进{name}的旁路与临时接管，有没有水不经水表进来")


def _of_estimate(stream: Stream, size: float) -> _Said:
    name = stream.name or stream.id
    side = "少" if size > 0 else "多"
    return _Said(
        2, f"{stream.id} {name}（推算）疑比推算的{side}", f"给 {stream.id} {name} 装表，或按现况重填年水量"
    )


def _since(from_us: int, change: Change, now_us: int) -> str:
    """Return since when, as finely as it is known."""
    if change.onset == 0:
        return f"起于 {_moment(from_us, now_us)} 以前"
    minutes = 10 if change.u_onset <= SHARP_H else 30 if change.u_onset <= BLUNT_H else 60
    step = minutes * MINUTE_US
    at_us = from_us + round(change.onset * HOUR_US)
    told = _moment((at_us + step // 2) // step * step, now_us)
    return f"起 {told}" if minutes == 10 else f"约 {told} 起"


def _moment(at_us: int, now_us: int) -> str:
    same = day_of(at_us) == day_of(now_us)
    return local_datetime(at_us).strftime("%H:%M" if same else "%m-%d %H:%M")


def watch_words(watch: Watched | None) -> str:
    """Return what the watch looked at, or why it could not."""
    if watch is None:
        return "正在比对近三天与前十四天的小时水量，几秒后再看这一页。"
    if watch.changes is None:
        return "近三天有没有变化还看不出：前十四天里各表都有读数的整小时不足 48 个，或没有一处平衡能核对。"
    days = watch.hours / (DAY_US / HOUR_US)
    looked = f"近 {days:g} 天逐时与前十四天比，看了 {watch.changes.hours} 个整小时"
    return f"{looked}；一直不变的误差不在此列，看整段的检验。"
