"""Deadlines: one instant for everyone, open a microsecond before it and shut at it, whatever the zone of the clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.review import Deadline
from xunshui.review.deadline import BEIJING, NaiveInstant

SHANGHAI = ZoneInfo("Asia/Shanghai")
MICROSECOND = dt.timedelta(microseconds=1)
AT = dt.datetime(2024, 10, 1, tzinfo=SHANGHAI)
SEVENTY_MINUTES = dt.timedelta(minutes=70)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Pacific/Apia"]).map(
    ZoneInfo
)


def test_deadline_in_beijing_is_sixteen_hours_utc_of_the_day_before() -> None:
    assert Deadline(at=AT).closes == dt.datetime(2024, 9, 30, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("grace", "now", "is_open"),
    [
        pytest.param(dt.timedelta(0), AT - MICROSECOND, True, id="a_microsecond_before"),
        pytest.param(dt.timedelta(0), AT, False, id="at_the_instant"),
        pytest.param(dt.timedelta(0), AT + MICROSECOND, False, id="a_microsecond_after"),
        pytest.param(SEVENTY_MINUTES, AT, True, id="at_the_instant_with_grace"),
        pytest.param(SEVENTY_MINUTES, AT + SEVENTY_MINUTES - MICROSECOND, True, id="end_of_grace"),
        pytest.param(SEVENTY_MINUTES, AT + SEVENTY_MINUTES, False, id="grace_over"),
    ],
)
def test_deadline_is_open_until_its_instant(grace: dt.timedelta, now: dt.datetime, is_open: bool) -> None:
    assert Deadline(at=AT, grace=grace).is_open(now) is is_open
    assert (Deadline(at=AT, grace=grace).remaining(now) == "已截止") is not is_open


@given(
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)),
    st.integers(-(10**12), 10**12),
    ZONES,
    ZONES,
)
def test_zone_of_clock_and_deadline_decides_nothing(
    naive: dt.datetime, microseconds: int, here: dt.tzinfo, there: dt.tzinfo
) -> None:
    at = naive.replace(tzinfo=dt.UTC)
    now = at + dt.timedelta(microseconds=microseconds)

    opened = Deadline(at=at.astimezone(here)).is_open(now.astimezone(there))

    assert opened is (microseconds < 0)


@given(st.datetimes(dt.datetime(1992, 1, 1), dt.datetime(2100, 1, 1)))
def test_beijing_time_is_that_of_the_zone_table(naive: dt.datetime) -> None:
    moment = naive.replace(tzinfo=dt.UTC)

    assert moment.astimezone(BEIJING).replace(tzinfo=None) == moment.astimezone(SHANGHAI).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        pytest.param("2024-10-01T00:00:00+08:00", "2024年9月30日 24:00（北京时间）", id="midnight"),
        pytest.param("2024-01-01T00:00:00+08:00", "2023年12月31日 24:00（北京时间）", id="new_year"),
        pytest.param("2024-03-01T00:00:00+08:00", "2024年2月29日 24:00（北京时间）", id="leap_day"),
        pytest.param("2024-09-30T16:00:00+00:00", "2024年9月30日 24:00（北京时间）", id="told_in_utc"),
        pytest.param("2024-09-30T17:00:00+08:00", "2024年9月30日 17:00（北京时间）", id="afternoon"),
        pytest.param("2024-09-30T23:59:59+08:00", "2024年9月30日 23:59（北京时间）", id="second_before"),
    ],
)
def test_deadline_is_written_as_officials_do(at: str, text: str) -> None:
    assert Deadline(at=dt.datetime.fromisoformat(at)).text == text


@pytest.mark.parametrize(
    ("left", "text"),
    [
        pytest.param(dt.timedelta(days=2, hours=23), "还有 2 天", id="days"),
        pytest.param(dt.timedelta(days=1), "还有 1 天", id="a_day"),
        pytest.param(dt.timedelta(days=1) - MICROSECOND, "还有 23 小时", id="less_than_a_day"),
        pytest.param(dt.timedelta(minutes=59, seconds=59), "还有 59 分钟", id="less_than_an_hour"),
        pytest.param(dt.timedelta(seconds=59), "还有 59 秒", id="less_than_a_minute"),
        pytest.param(MICROSECOND, "还有 0 秒", id="a_microsecond"),
        pytest.param(dt.timedelta(0), "已截止", id="none"),
    ],
)
def test_remaining_is_rounded_down_and_never_promises_more(left: dt.timedelta, text: str) -> None:
    assert Deadline(at=AT).remaining(AT - left) == text


def test_instant_without_a_zone_is_refused_everywhere() -> None:
    naive = dt.datetime(2024, 10, 1)

    with pytest.raises(NaiveInstant, match="没有时区"):
        Deadline(at=naive)
    with pytest.raises(NaiveInstant, match="没有时区"):
        Deadline(at=AT).is_open(naive)
    with pytest.raises(NaiveInstant, match="没有时区"):
        Deadline(at=AT).remaining(naive)
