"""Requests to a logger: what is sent when, and what came of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.hj212 import Framer, Message, read_segment
from xunshui.telemetry.hj212.commands import request_of
from xunshui.telemetry.hj212.profile import Profile
from xunshui.telemetry.hj212.read import read_commands
from xunshui.telemetry.hj212.requests import (
    EXE_RETURNS,
    LONGEST_S,
    QN_RETURNS,
    Conversation,
    Exchange,
    Numbers,
    Peer,
    Request,
    State,
    dialect_of,
    first_link,
    set_clock,
    set_minute_interval,
    set_over_time,
    set_rtd_interval,
)
from xunshui.telemetry.localtime import instant_of_digits, instant_of_text

WALL = instant_of_text("2024-01-01T08:00")
TO = Peer("A" * 24, "32", "123456", "2017")
HOUR = instant_of_text("2024-01-01"), instant_of_text("2024-01-01T01:00")


def ask_history(command: str, dialect: str) -> Request:
    """Return the request for an hour's data."""
    return request_of(read_commands(), command, dialect, {}, HOUR)


class Logger:
    """A conversation on an even clock that starts at 0."""

    def __init__(self, over_time_s: float = 10, resends: int = 3) -> None:
        """Ask nothing yet."""
        self.talk = Conversation(Numbers(), over_time_s=over_time_s, resends=resends)

    def due(self, now_s: float, to: Peer = TO) -> Message | None:
        """Return what is sent at an instant."""
        frames = Framer().feed(self.talk.due(now_s, WALL + int(now_s * 1e6), to))
        return read_segment(frames[0].segment) if frames else None

    def says(self, qn: str, command: str, now_s: float, **content: str) -> None:
        """Let the logger say something."""
        self.talk.hear({"QN": qn, "CN": command}, content, now_s)


def asked(logger: Logger) -> tuple[Exchange, str]:
    """Ask for a setting, and return the exchange and its QN."""
    exchange = logger.talk.ask(set_rtd_interval(60), WALL)
    sent = logger.due(0)
    assert sent is not None
    return exchange, sent.fields["QN"]


def test_request_is_written_as_the_standard_has_it() -> None:
    logger = Logger()
    logger.talk.ask(set_over_time(5, 3), WALL)

    sent = logger.due(0)

    # HJ 212-2017, table C.1, but for the instant.
    assert sent is not None
    assert sent.segment.decode() == (
        f"QN=20240101080000000;ST=32;CN=1000;PW=123456;MN={'A' * 24};Flag=5;CP=&&OverTime=5;ReCount=3&&"
    )


def test_one_after_the_other_each_from_9011_to_9012() -> None:
    logger = Logger()
    first, qn = asked(logger)
    second = logger.talk.ask(set_minute_interval(10), WALL)

    logger.says(qn, "9011", 1, QnRtn="1")
    between = logger.due(1), first.state, second.state
    logger.says(qn, "9012", 2, ExeRtn="1")
    sent = logger.due(2)

    assert between == (None, State.ACCEPTED, State.WAITING)
    assert (first.state, first.words) == (State.DONE, "ExeRtn=1：执行成功")
    assert sent is not None
    assert sent.command == "1064"


@pytest.mark.parametrize("code", sorted(set(QN_RETURNS) - {"1"}) + ["77", ""])
def test_refusal_is_told_in_words_and_the_next_is_asked(code: str) -> None:
    logger = Logger()
    exchange, qn = asked(logger)
    logger.talk.ask(set_minute_interval(10), WALL)

    logger.says(qn, "9011", 1, QnRtn=code)

    assert exchange.state is State.REFUSED
    assert exchange.words == f"QnRtn={code}：{QN_RETURNS.get(code, '标准中没有这个值')}"
    assert logger.due(1) is not None


@pytest.mark.parametrize("code", sorted(set(EXE_RETURNS) - {"1"}))
def test_failure_is_told_in_words(code: str) -> None:
    logger = Logger()
    exchange, qn = asked(logger)

    logger.says(qn, "9011", 1, QnRtn="1")
    logger.says(qn, "9012", 2, ExeRtn=code)

    assert (exchange.state, exchange.words) == (State.FAILED, f"ExeRtn={code}：{EXE_RETURNS[code]}")


def test_silence_is_asked_three_times_more_with_the_same_number_and_the_rest_is_not_asked() -> None:
    logger = Logger()
    exchange, qn = asked(logger)
    rest = logger.talk.ask(set_minute_interval(10), WALL)

    sent = {now: told.fields["QN"] for now in range(1, 60) if (told := logger.due(now)) is not None}

    assert sent == {10: qn, 20: qn, 30: qn}
    assert (exchange.state, exchange.words) == (State.SILENT, "发出 4 次，每次等 10 秒")
    assert (rest.state, rest.words) == (State.SILENT, "前一个请求没有应答，没有再问")
    assert not logger.talk.is_busy
    assert logger.talk.ended == [exchange, rest]


def test_clock_tells_the_time_of_sending_anew_each_time_and_any_answer_counts() -> None:
    logger = Logger()
    exchange = logger.talk.ask(set_clock("2017"), WALL)
    sent = [logger.due(0), logger.due(10)]

    logger.says(exchange.numbers[0], "9012", 11, ExeRtn="1")

    assert [told and told.value("SystemTime") for told in sent] == ["20240101080000", "20240101080010"]
    assert len(set(exchange.numbers)) == 2
    assert exchange.state is State.DONE


def test_accepted_but_never_carried_out() -> None:
    logger = Logger()
    exchange, qn = asked(logger)

    logger.says(qn, "9011", 1, QnRtn="1")
    nothing = logger.due(10.9), logger.due(11)

    assert (nothing, exchange.state) == ((None, None), State.UNFINISHED)


def test_answers_to_other_numbers_change_nothing() -> None:
    logger = Logger()
    exchange, _ = asked(logger)

    logger.says("20230101000000000", "9011", 1, QnRtn="2")
    logger.says("20230101000000000", "9012", 1, ExeRtn="2")

    assert exchange.state is State.ASKED


def test_history_lasts_as_long_as_its_data_come() -> None:
    logger = Logger()
    exchange = logger.talk.ask(ask_history("2051", "2017"), WALL)
    sent = logger.due(0)
    assert sent is not None
    logger.says(sent.fields["QN"], "9011", 1, QnRtn="1")

    for now in range(30, 600, 30):
        logger.says("x", "2051", now, DataTime="20240101003000")
        logger.says("x", "2051", now, DataTime="20240201003000")
        logger.due(now)
    state = exchange.state
    logger.due(570 + 60)

    assert sent.segment.endswith(b"Flag=5;CP=&&BeginTime=20240101000000;EndTime=20240101010000&&")
    assert (state, exchange.state, exchange.frames) == (State.ACCEPTED, State.UNFINISHED, 19)


def test_history_ends_after_its_longest_time() -> None:
    logger = Logger()
    exchange = logger.talk.ask(ask_history("2051", "2017"), WALL)
    logger.due(0)

    for now in range(0, int(LONGEST_S) + 60, 30):
        logger.says("x", "2051", now, DataTime="20240101003000")
        logger.due(now)

    assert exchange.state is State.UNFINISHED


def test_2005_parts_a_period_by_a_comma() -> None:
    content = ask_history("2061", "2005").content

    assert content == "BeginTime=20240101000000,EndTime=20240101010000"


@pytest.mark.parametrize("dialect", ["2005", "2017", "surface_water_2017"])
def test_history_of_real_time_data_is_of_2025(dialect: str) -> None:
    with pytest.raises(ValueError, match="2011（取实时数据）只有 2025 版才有"):
        ask_history("2011", dialect)


@pytest.mark.parametrize(
    ("request_", "until_s"),
    [
        pytest.param(set_rtd_interval(60), 10, id="setting"),
        pytest.param(Request(command="3011", what="", lasts_s=300), 300, id="calibration_takes_its_time"),
        pytest.param(Request(command="3019", what="", brings="3019"), 60, id="answer_with_content"),
    ],
)
def test_carrying_out_may_take_its_time(request_: Request, until_s: int) -> None:
    logger = Logger()
    exchange = logger.talk.ask(request_, WALL)
    sent = logger.due(0)
    assert sent is not None
    logger.says(sent.fields["QN"], "9011", 0, QnRtn="1")

    logger.due(until_s - 0.1)
    before = exchange.state
    logger.due(until_s)

    assert (before, exchange.state) == (State.ACCEPTED, State.UNFINISHED)


def test_what_an_answer_says_is_told_and_what_readings_say_is_not() -> None:
    logger = Logger()
    exchange = logger.talk.ask(Request(command="3018", what="", brings="3018"), WALL)
    history = logger.talk.ask(ask_history("2051", "2017"), WALL)
    for command in ("3018", "2051"):
        sent = logger.due(0)
        assert sent is not None
        logger.says(sent.fields["QN"], command, 1, PolId="w01018", DataTime="20240101003000", Stime="30")
        logger.says(sent.fields["QN"], "9012", 1, ExeRtn="1")

    assert (exchange.frames, exchange.said) == (1, ["PolId=w01018;DataTime=20240101003000;Stime=30"])
    assert (history.frames, history.said) == (1, [])


def test_broken_connection_ends_all() -> None:
    logger = Logger()
    exchange, _ = asked(logger)
    rest = logger.talk.ask(set_minute_interval(10), WALL)

    logger.talk.break_off()

    assert (exchange.state, rest.state, logger.talk.is_busy) == (State.BROKEN, State.BROKEN, False)


@pytest.mark.parametrize(
    ("dialect", "command", "flag"),
    [
        ("2005", "1012", "1"),
        ("2017", "1012", "5"),
        ("2025", "1012", "9"),
        ("surface_water_2017", "1015", "9"),
    ],
)
def test_dialects_speak_their_own_flag_and_clock(dialect: str, command: str, flag: str) -> None:
    logger = Logger()
    logger.talk.ask(set_clock(dialect), WALL)

    sent = logger.due(0, TO._replace(dialect=dialect))

    assert sent is not None
    assert (sent.command, sent.fields["Flag"]) == (command, flag)


@pytest.mark.parametrize(
    ("version", "profile", "dialect"),
    [
        pytest.param("2025", Profile(dialect="surface_water_2017"), "surface_water_2017", id="profile_first"),
        pytest.param("2025", Profile(), "2025", id="flag_second"),
        pytest.param("2005", None, "2005", id="no_profile"),
        pytest.param("Flag=60", None, "2017", id="unknown_flag"),
    ],
)
def test_dialect(version: str, profile: Profile | None, dialect: str) -> None:
    assert dialect_of(version, profile) == dialect


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        pytest.param(Profile(), [], id="nothing_agreed"),
        pytest.param(Profile(resends=0), ["OverTime=10;ReCount=0"], id="resends_alone"),
        pytest.param(
            Profile(over_time_s=5, rtd_interval_s=30, minute_interval_min=1),
            ["OverTime=5;ReCount=3", "RtdInterval=30", "MinInterval=1"],
            id="all",
        ),
    ],
)
def test_first_link_tells_what_was_agreed(profile: Profile, told: list[str]) -> None:
    assert [request.content for request in first_link(profile)] == told


@given(st.lists(st.integers(0, 4_000_000), max_size=50))
def test_numbers_never_repeat_and_never_run_back(instants: list[int]) -> None:
    numbers = Numbers()

    given_out = [numbers.next(WALL + each) for each in instants]

    assert given_out == sorted(set(given_out))
    assert all(instant_of_digits(each) is not None for each in given_out)
