"""The platform's requests to a logger, one after the other: what is sent when, and what came of each.

::

    request (Flag bit A) ──> 9011 QnRtn ──> [data frames] ──> 9012 ExeRtn
       └ no 9011 in time: sent again, then given up        └ none in time: told as unfinished

A conversation is given instants and messages, and says what is to be sent; sockets and clocks are its caller's.

>>> talk = Conversation(Numbers(), over_time_s=10, resends=3)
>>> exchange = talk.ask(set_rtd_interval(60), 0)
>>> to = Peer("A" * 24, "32", "123456", "2017")
>>> talk.due(0.0, 1_700_000_000_000_000, to)[6:63]
b'QN=20231115061320000;ST=32;CN=1062;PW=123456;MN=AAAAAAAAA'
>>> talk.hear({"QN": "20231115061320000", "CN": "9011"}, {"QnRtn": "3"}, 1.0)
>>> str(exchange.state), exchange.words
('被拒绝', 'QnRtn=3：PW 错误')
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from xunshui.telemetry.hj212.frame import framed
from xunshui.telemetry.hj212.message import ANSWER
from xunshui.telemetry.localtime import SECOND_US, digits_of_instant

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profile

QN_RETURNS = {
    "1": "准备执行请求",
    "2": "请求被拒绝",
    "3": "PW 错误",
    "4": "MN 错误",
    "5": "ST 错误",
    "6": "Flag 错误",
    "7": "QN 错误",
    "8": "CN 错误",
    "9": "CRC 校验错误",
    "100": "未知错误",
}
"""HJ 212-2017, table 6."""
EXE_RETURNS = {
    "1": "执行成功",
    "2": "执行失败，原因不明",
    "3": "命令请求条件错误",
    "4": "通信超时",
    "5": "系统繁忙，不能执行",
    "6": "系统故障",
    "100": "没有数据",
}
"""HJ 212-2017, table 7."""
WELL = "1"
OVER_TIME_S, RESENDS = 10, 3
"""HJ 212-2017, table 1: all ways but ADSL."""
BETWEEN_DATA_S = 60.0
"""How long after the last frame of a history its next, or 9012, may come."""
LONGEST_S = 3_600.0
LAST_TOLD = 5
MOST_SAID = 20
"""How many frames of one answer are told word for word."""
VERSION_BITS = {"2005": 0, "2017": 1, "2025": 2, "surface_water_2017": 2}
"""Bits 2–7 of a request's Flag. Surface-water loggers of 2017 send 8 and 9 (public frames), so they are asked alike."""
SET_CLOCK, SET_SURFACE_WATER_CLOCK = "1012", "1015"
SETTINGS = frozenset({"1000", "1062", "1064"})
"""What a first link tells."""
SET_PASSWORD, SET_KEY, SET_NAME = "1072", "1014", "1002"


class Peer(NamedTuple):
    """Whom a request goes to."""

    device: str
    system: str
    password: str
    dialect: str
    seal: Callable[[str, bytes], bytes] | None = None
    """Enciphers what stands in CP, where this command's is to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `tells_time` writes the time of sending into it, new at every resend."""

    command: str
    what: str
    content: str = ""
    tells_time: bool = False
    period: tuple[str, str] | None = None
    """First and last DataTime of the data frames that it brings."""
    brings: str = ""
    """The command of the frames that it brings before 9012."""
    lasts_s: float | None = None
    """How long carrying it out may take; None: no longer than any answer."""
    name: str = ""
    """The MN to write in the head, where it is not the one that the logger goes by."""

    @property
    def is_told(self) -> bool:
        """Return whether what it brings is to be told word for word; data of 20xx become readings instead."""
        return bool(self.brings) and not self.brings.startswith("2")


class State(StrEnum):
    """How far a request has come."""

    WAITING = "排队"
    ASKED = "已发出"
    ACCEPTED = "已受理"
    DONE = "完成"
    REFUSED = "被拒绝"
    FAILED = "执行失败"
    SILENT = "没有应答"
    UNFINISHED = "没有执行结果"
    BROKEN = "连接断开"


@dataclass(slots=True)
class Exchange:
    """A request and what came of it."""

    request: Request
    asked_us: int
    state: State = State.WAITING
    words: str = ""
    sent: int = 0
    frames: int = 0
    """Data frames that came upon it."""
    said: list[str] = field(default_factory=list)
    """What they say, where they are no readings."""
    numbers: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "command": self.request.command,
            "what": self.request.what,
            "state": str(self.state),
            "words": self.words,
            "asked_at": self.asked_us / SECOND_US,
            "sent": self.sent,
            "frames": self.frames,
        }


class Numbers:
    """Gives out QN: the instant in milliseconds, moved on where two would be equal."""

    def __init__(self) -> None:
        """Start with none given out."""
        self._last = -1

    def next(self, wall_us: int) -> str:
        """Return a QN that was never given out before.

        >>> numbers = Numbers()
        >>> numbers.next(0), numbers.next(0)
        ('19700101080000000', '19700101080000001')
        """
        self._last = max(wall_us // 1000, self._last + 1)
        return digits_of_instant(self._last * 1000, milliseconds=True)


class Conversation:
    """All requests to one logger."""

    def __init__(self, numbers: Numbers, *, over_time_s: float = OVER_TIME_S, resends: int = RESENDS) -> None:
        """Take where QN come from, how long an answer may take, and how often is asked again."""
        self.ended: list[Exchange] = []
        """What came to its end since the caller last emptied this list."""
        self.last: deque[Exchange] = deque(maxlen=LAST_TOLD)
        self._numbers = numbers
        self.over_time_s, self.resends = over_time_s, resends
        self._waiting: deque[Exchange] = deque()
        self._current: Exchange | None = None
        self._deadline = self._latest = 0.0

    @property
    def is_busy(self) -> bool:
        """Return whether something is asked or waits to be."""
        return self._current is not None or bool(self._waiting)

    @property
    def brings_history(self) -> bool:
        """Return whether a history is being sent."""
        return self._current is not None and self._current.request.period is not None

    def asks(self, command: str) -> bool:
        """Return whether this command is asked or waits to be."""
        open_ = [*self._waiting, self._current] if self._current else self._waiting
        return any(each is not None and each.request.command == command for each in open_)

    def ask(self, request: Request, wall_us: int) -> Exchange:
        """Put a request behind those that wait."""
        exchange = Exchange(request, wall_us)
        self._waiting.append(exchange)
        self.last.append(exchange)
        return exchange

    def due(self, now_s: float, wall_us: int, to: Peer) -> bytes:
        """Return the frame to be sent now, if any. `now_s` runs on evenly, `wall_us` is the time of day."""
        exchange = self._current
        if exchange is not None and now_s >= self._deadline:
            if exchange.state is State.ACCEPTED:
                self._end(State.UNFINISHED, "受理之后没有 9012")
            elif exchange.sent > self.resends:
                self._end(State.SILENT, f"发出 {exchange.sent} 次，每次等 {self.over_time_s:g} 秒")
                self._give_up(State.SILENT, "前一个请求没有应答，没有再问")
            else:
                return self._sent(exchange, now_s, wall_us, to)
        if self._current is None and self._waiting:
            self._current = self._waiting.popleft()
            self._latest = now_s + LONGEST_S
            return self._sent(self._current, now_s, wall_us, to)
        return b""

    def hear(self, fields: Mapping[str, str], content: Mapping[str, str], now_s: float) -> None:
        """Take what the logger says: the fields of a message, and all pairs of its CP."""
        exchange = self._current
        if exchange is None:
            return
        command = fields.get("CN", "")
        if command == "9011" and fields.get("QN") in exchange.numbers:
            self._hear_begin(exchange, content.get("QnRtn", ""), now_s)
        elif command == "9012" and fields.get("QN") in exchange.numbers:
            code = content.get("ExeRtn", "")
            self._end(State.DONE if code == WELL else State.FAILED, _in_words("ExeRtn", code, EXE_RETURNS))
        elif command == exchange.request.brings and _lies_in(content, exchange.request.period):
            exchange.state = State.ACCEPTED
            exchange.frames += 1
            self._deadline = min(now_s + BETWEEN_DATA_S, self._latest)
            if exchange.request.is_told and len(exchange.said) < MOST_SAID:
                exchange.said.append(";".join(f"{name}={value}" for name, value in content.items()))

    def break_off(self) -> None:
        """End everything: the connection is gone."""
        if self._current is not None:
            self._end(State.BROKEN, "")
        self._give_up(State.BROKEN, "")

    def _hear_begin(self, exchange: Exchange, code: str, now_s: float) -> None:
        if code != WELL:
            self._end(State.REFUSED, _in_words("QnRtn", code, QN_RETURNS))
        elif exchange.state is State.ASKED:
            exchange.state = State.ACCEPTED
            request = exchange.request
            usual_s = BETWEEN_DATA_S if request.brings else self.over_time_s
            self._deadline = now_s + (request.lasts_s or usual_s)

    def _sent(self, exchange: Exchange, now_s: float, wall_us: int, to: Peer) -> bytes:
        request = exchange.request
        content = request.content
        # A resend is the same command, hence the same QN; a clock's is another one, for it tells another time.
        if not exchange.numbers or request.tells_time:
            exchange.numbers.append(self._numbers.next(wall_us))
        if request.tells_time:
            content = f"SystemTime={digits_of_instant(wall_us)}"
        exchange.state = State.ASKED
        exchange.sent += 1
        self._deadline = now_s + self.over_time_s
        flag = VERSION_BITS[to.dialect] << 2 | ANSWER
        head = (
            f"QN={exchange.numbers[-1]};ST={to.system};CN={request.command};PW={to.password};"
            f"MN={request.name or to.device};Flag={flag};CP=&&"
        )
        body = content.encode()
        return framed(head.encode() + (to.seal(request.command, body) if to.seal else body) + b"&&")

    def _end(self, state: State, words: str) -> None:
        assert self._current is not None
        self._current.state, self._current.words = state, words
        self.ended.append(self._current)
        self._current = None

    def _give_up(self, state: State, words: str) -> None:
        for exchange in self._waiting:
            exchange.state, exchange.words = state, words
        self.ended += self._waiting
        self._waiting.clear()


def set_over_time(seconds: int, resends: int) -> Request:
    """Return the request that sets a logger's time-out and resends."""
    return Request(command="1000", what="设置超时与重发次数", content=f"OverTime={seconds};ReCount={resends}")


def set_rtd_interval(seconds: int) -> Request:
    """Return the request that sets how often real-time data come."""
    return Request(command="1062", what="设置实时数据间隔", content=f"RtdInterval={seconds}")


def set_minute_interval(minutes: int) -> Request:
    """Return the request that sets how many minutes minute data are for."""
    return Request(command="1064", what="设置分钟数据间隔", content=f"MinInterval={minutes}")


def set_clock(dialect: str) -> Request:
    """Return the request that sets a logger's own clock (no PolId)."""
    command = SET_SURFACE_WATER_CLOCK if dialect == "surface_water_2017" else SET_CLOCK
    return Request(command=command, what="校时", tells_time=True)


def set_key(key: str, made: str, separator: str) -> Request:
    """Return the request that hands a logger its new key (2025); `made` is the time [17 digits] of its making."""
    content = f"SKCreateTime={made}{separator}NewSK={key}"
    return Request(command=SET_KEY, what="下发新密钥", content=content)


def set_name(name: str, serial: str) -> Request:
    """Return the request that tells a logger's hardware its MN (2025)."""
    return Request(command=SET_NAME, what=f"分配 MN {name}", content=f"i23005-Info={serial}", name=name)


def first_link(profile: Profile) -> Iterator[Request]:
    """Yield what a logger is told when it is first heard of: what its profile says, and nothing else."""
    if profile.over_time_s is not None or profile.resends is not None:
        resends = RESENDS if profile.resends is None else profile.resends
        yield set_over_time(profile.over_time_s or OVER_TIME_S, resends)
    if profile.rtd_interval_s is not None:
        yield set_rtd_interval(profile.rtd_interval_s)
    if profile.minute_interval_min is not None:
        yield set_minute_interval(profile.minute_interval_min)


def dialect_of(version: str, profile: Profile | None) -> str:
    """Return the dialect a logger is spoken to in: what its profile says, else what its Flag does."""
    if profile is not None and profile.dialect is not None:
        return profile.dialect
    return version if version in VERSION_BITS else "2017"


def _in_words(name: str, code: str, meanings: Mapping[str, str]) -> str:
    return f"{name}={code}：{meanings.get(code, '标准中没有这个值')}"


def _lies_in(content: Mapping[str, str], period: tuple[str, str] | None) -> bool:
    return period is None or period[0] <= content.get("DataTime", "")[:14] <= period[1]
