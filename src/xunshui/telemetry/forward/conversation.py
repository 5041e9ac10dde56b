"""The field's side of HJ 212 against a regulator: what to send when, and what its answers mean; no clock, no socket.

Frames leave in the order they are offered, at most `window` sent and not yet forgotten. A frame is settled by its
9014, or passed over once the regulator has refused it as often as it may be sent; silence never settles anything:
after the last resend the link counts as down. Answers are told apart by MN and QN alone, so a frame whose twin is
still open waits, and while a resent twin's second answer may come.

>>> from xunshui.telemetry.forward import Settings, outgoing_of
>>> from xunshui.telemetry.hj212 import framed, read_segment
>>> talk = Conversation(Settings())
>>> segment = b"QN=1;ST=32;CN=2011;PW=1;MN=A;Flag=5;CP=&&&&"
>>> frame = outgoing_of(framed(segment), device="A", received_us=0, after=(1, 0))
>>> talk.offer(frame)
>>> talk.due(0.0, now_us=0) == framed(segment)
True
>>> talk.hear(read_segment(b"QN=1;ST=91;CN=9014;PW=1;MN=A;Flag=4;CP=&&&&"), 0.1)
b''
>>> [settled.outgoing.after for settled in talk.settled()]
[(1, 0)]
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from xunshui.telemetry.forward.outgoing import Outgoing, as_backfill
from xunshui.telemetry.forward.settings import Settings
from xunshui.telemetry.hj212.frame import framed
from xunshui.telemetry.hj212.host import ANSWERS, INTERACTION, NOTICE_CONFIRMED, NOTICES
from xunshui.telemetry.hj212.message import Message, segment_of
from xunshui.telemetry.localtime import SECOND_US

LATE_US = 60 * SECOND_US
"""A frame that is older when it is sent is back-fill."""
SET_PATIENCE = "1000"
READY, REFUSED, DONE = "1", "2", "1"
RESULTS = {"9011": "QnRtn", "9012": "ExeRtn", "9014": "QnRtn"}


class Settled(NamedTuple):
    """A frame that needs nothing more; `refusal` is the answer of the regulator that it was passed over for."""

    outgoing: Outgoing
    refusal: str = ""


@dataclass(slots=True)
class Counts:
    """What a conversation has come to since it began."""

    acknowledged: int = 0
    resent: int = 0
    refused: int = 0
    """Frames passed over."""
    refusals: int = 0
    unknown_answers: int = 0
    answers_with_result: int = 0
    requests: int = 0


@dataclass(slots=True)
class _Entry:
    outgoing: Outgoing
    key: tuple[str, str]
    tries: int = 0
    """How often it was sent since the regulator last said anything of it, on this link."""
    times: int = 0
    """How often it was sent on this link."""
    sent_before: bool = False
    refusals: int = 0
    due: float = 0.0
    settled: Settled | None = None


class Conversation:
    """All that is under way to one regulator; outlives its connections. Times are seconds of one steady clock."""

    def __init__(self, settings: Settings) -> None:
        """Begin with nothing under way."""
        self.counts = Counts()
        self.time_out_s = settings.time_out.total_seconds()
        self.resends = settings.resends
        self.is_down = False
        self._window = settings.window
        self._marks_backfill = settings.backfill_is_marked
        self._entries: deque[_Entry] = deque()
        self._open: dict[tuple[str, str], _Entry] = {}
        self._echoes: dict[tuple[str, str], float] = {}
        self._held_until: float | None = None

    @property
    def room(self) -> int:
        """Return how many more frames may be offered."""
        return self._window - len(self._entries)

    @property
    def under_way(self) -> int:
        """Return how many frames were offered and are not forgotten."""
        return len(self._entries)

    @property
    def is_waiting(self) -> bool:
        """Return whether an answer is outstanding."""
        return bool(self._open)

    def offer(self, outgoing: Outgoing) -> None:
        """Take the next frame; its place is behind all that were offered before."""
        self._entries.append(_Entry(outgoing, (outgoing.device, outgoing.qn)))

    def due(self, now: float, *, now_us: int) -> bytes:
        """Return what is to be sent now; where the last resend stayed without an answer, `is_down` is set."""
        pieces: list[bytes] = []
        self._held_until = None
        for entry in self._entries:
            if entry.settled is not None:
                continue
            if entry.times == 0:
                if not self._is_free(entry.key, now):
                    break
            elif now < entry.due:
                continue
            elif entry.tries > self.resends:
                self.is_down = True
                break
            pieces.append(self._sent(entry, now, now_us))
        return b"".join(pieces)

    def next_due(self) -> float | None:
        """Return when `due` is to be asked again though nothing was heard."""
        times = [entry.due for entry in self._open.values()]
        if self._held_until is not None:
            times.append(self._held_until)
        return min(times, default=None)

    def hear(self, message: Message, now: float) -> bytes:
        """Take what the regulator says; return what is answered to it."""
        if message.command in ANSWERS:
            self._take_answer(message, now)
            return b""
        return self._answer(message)

    def settled(self) -> list[Settled]:
        """Return what is settled from the oldest frame on, without a gap."""
        found: list[Settled] = []
        for entry in self._entries:
            if entry.settled is None:
                break
            found.append(entry.settled)
        return found

    def forget(self, count: int) -> None:
        """Drop the oldest frames, once their place is noted; as many more may be offered."""
        for _ in range(count):
            self._entries.popleft()

    def hang_up(self) -> None:
        """Take the link for gone: what is not settled is sent again on the next, from the oldest on."""
        self.is_down = False
        self._open.clear()
        self._echoes.clear()
        for entry in self._entries:
            entry.sent_before = entry.sent_before or entry.times > 0
            entry.tries = entry.times = 0
            entry.due = 0.0

    def _is_free(self, key: tuple[str, str], now: float) -> bool:
        if key in self._open:
            return False
        if (until := self._echoes.get(key)) is not None:
            if now < until:
                self._held_until = until
                return False
            del self._echoes[key]
        return True

    def _sent(self, entry: _Entry, now: float, now_us: int) -> bytes:
        outgoing = entry.outgoing
        again = entry.sent_before or entry.times > 0
        segment = outgoing.segment
        if self._marks_backfill and (again or now_us - outgoing.received_us > LATE_US):
            segment = as_backfill(segment)
        try:
            bytes_of_frame = framed(segment)
        except ValueError as error:
            self._pass_over(entry, str(error))
            return b""
        self.counts.resent += again
        entry.tries += 1
        entry.times += 1
        entry.due = now + self.time_out_s
        self._open[entry.key] = entry
        return bytes_of_frame

    def _take_answer(self, message: Message, now: float) -> None:
        entry = self._open.get((message.device, message.fields.get("QN", "")))
        name = RESULTS.get(message.command)
        if entry is None or name is None:
            self.counts.unknown_answers += 1
            return
        result = message.value(name)
        if result not in (None, READY):
            self._refused(entry, f"{message.command} {name}={result}", now)
        elif message.command == "9014":
            self.counts.answers_with_result += result is not None
            self.counts.acknowledged += 1
            entry.settled = Settled(entry.outgoing)
            self._close(entry, now)

    def _refused(self, entry: _Entry, refusal: str, now: float) -> None:
        self.counts.refusals += 1
        entry.refusals += 1
        entry.tries = 0
        entry.due = now + self.time_out_s
        if entry.refusals > self.resends:
            self._pass_over(entry, refusal)
            self._close(entry, now)

    def _pass_over(self, entry: _Entry, refusal: str) -> None:
        self.counts.refused += 1
        entry.settled = Settled(entry.outgoing, refusal)

    def _close(self, entry: _Entry, now: float) -> None:
        del self._open[entry.key]
        if entry.times > 1:
            self._echoes[entry.key] = now + self.time_out_s
        if len(self._echoes) > self._window:
            self._echoes = {key: until for key, until in self._echoes.items() if until > now}

    def _answer(self, message: Message) -> bytes:
        self.counts.requests += 1
        if message.command in NOTICES:
            return answer(message, NOTICE_CONFIRMED, {})
        accepted = message.command == SET_PATIENCE and self._set_patience(message)
        if "Flag" in message.fields and not message.wants_answer:
            return b""
        if not accepted:
            return answer(message, "9011", {"QnRtn": REFUSED})
        return answer(message, "9011", {"QnRtn": READY}) + answer(message, "9012", {"ExeRtn": DONE})

    def _set_patience(self, message: Message) -> bool:
        """Take the time-out (1–99 s) and the number of resends that the regulator sets; all or nothing."""
        over_time, count = message.value("OverTime"), message.value("ReCount")
        told = [text for text in (over_time, count) if text is not None]
        if not told or any(not (text.isascii() and text.isdigit() and int(text) <= 99) for text in told):
            return False
        if over_time is not None:
            if int(over_time) < 1:
                return False
            self.time_out_s = float(over_time)
        if count is not None:
            self.resends = int(count)
        return True


def answer(message: Message, command: str, content: dict[str, str]) -> bytes:
    """Return the frame that answers a request: its QN, MN and version, ST=91, no answer wanted."""
    fields = {
        "QN": message.fields.get("QN", ""),
        "ST": INTERACTION,
        "CN": command,
        "PW": message.fields.get("PW", ""),
        "MN": message.device,
        "Flag": str(message.flag & ~3),
    }
    try:
        return framed(segment_of(fields, [content] if content else []))
    except ValueError:
        # What cannot be written back was not worth an answer.
        return b""
