"""Loggers that send as fast as they are answered: a process of its own, lean, so that the gateway gets the processors.

    python -m bench.hj212_load PORT CONNECTIONS WINDOW SECONDS [FIRST]

Each connection is one device. It sends WINDOW frames at once, waits for their answers, and sends the next. Every
frame and every answer has one length, so that while the clock runs nothing is parsed: the answers are kept and
compared afterwards. Ends after SECONDS or when the gateway is gone, and prints one line of JSON, see `Told`.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from dataclasses import asdict, dataclass, field

from xunshui.telemetry.hj212.frame import framed
from xunshui.telemetry.localtime import SECOND_US, digits_of_instant, instant_of_text

FACTORS = ("w01018", "w01019", "w21003", "w21011", "w21001", "w00000")
CODES = tuple(f"2011/{factor}-Rtd" for factor in FACTORS)
START_US = instant_of_text("2024-01-01")
MOST_A_SECOND = 25_000
"""How many frames a second are made ready: more than any gateway here takes."""
QN_AT, QN_LENGTH = len("##0000QN="), 17
READY = "ready"


@dataclass(slots=True)
class Told:
    """What a run came to. Of connection n the first `acknowledged[n]` frames were answered, in order."""

    seconds: float
    acknowledged: list[int]
    windows_s: list[float]
    wrong_answers: int


@dataclass(slots=True)
class Logger:
    """One connection, with the frames it will send lying ready behind one another."""

    frames: memoryview
    frame_bytes: int
    wire: socket.socket
    sent: int = 0
    sent_at: float = 0.0
    heard_bytes: int = 0
    answers: list[bytes] = field(default_factory=list)


def device_of(number: int) -> str:
    """Return the MN of a connection.

    >>> device_of(7)
    '310000000000000000000007'
    """
    return f"31{number:022d}"


def at_of(frame: int) -> int:
    """Return the instant [µs] that the values of a frame hold for: a second a frame."""
    return START_US + frame * SECOND_US


def value_of(frame: int, factor: int) -> float:
    """Return the value of one factor in a frame: no other frame of the device holds the same."""
    return (100_000 + frame) + factor / 10


def frame_of(device: str, number: int) -> bytes:
    """Return one frame of about 300 bytes: six factors with flags, an answer wanted."""
    digits = digits_of_instant(at_of(number))
    values = ";".join(
        f"{factor}-Rtd={value_of(number, place):.1f},{factor}-Flag=N" for place, factor in enumerate(FACTORS)
    )
    return framed(
        f"QN={digits}000;ST=32;CN=2011;PW=123456;MN={device};Flag=5;CP=&&DataTime={digits};{values}&&".encode()
    )


def answer_bytes(device: str) -> int:
    """Return how long the answer to one frame is."""
    return len(
        framed(f"QN={0:017d};ST=91;CN=9014;PW=123456;MN={device};Flag=4;CP=&&&&".encode()),
    )


def load(port: int, connections: int, window: int, seconds: float, first: int = 0) -> Told:
    """Return what the connections came to; the first frame of each is number `first`."""
    count = round(MOST_A_SECOND * seconds / connections) // window * window
    loggers = [_logger(device_of(number), port, first, count) for number in range(connections)]
    print(READY, flush=True)
    windows_s, taken = _run(loggers, window, seconds)
    size = answer_bytes(device_of(0))
    return Told(
        seconds=taken,
        acknowledged=[logger.heard_bytes // size for logger in loggers],
        windows_s=windows_s,
        wrong_answers=sum(_wrong(logger, size) for logger in loggers),
    )


def _logger(device: str, port: int, first: int, count: int) -> Logger:
    frames = [frame_of(device, first + number) for number in range(count)]
    whole = b"".join(frames)
    assert len(whole) == count * len(frames[0]), "every frame has one length"
    wire = socket.create_connection(("127.0.0.1", port), 10)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Logger(memoryview(whole), len(frames[0]), wire)


def _run(loggers: list[Logger], window: int, seconds: float) -> tuple[list[float], float]:
    """Return how long each window took, and how long it was from the first frame to the last answer."""
    poll = select.epoll()
    size = answer_bytes(device_of(0))
    by_number = {logger.wire.fileno(): logger for logger in loggers}
    windows_s: list[float] = []
    began = last = time.perf_counter()
    for number, logger in by_number.items():
        poll.register(number, select.EPOLLIN)
        _send(logger, window, began)
    while by_number:
        for number, _ in poll.poll(1.0):
            logger, now = by_number[number], time.perf_counter()
            heard = _receive(logger)
            if not heard:
                poll.unregister(number)
                del by_number[number]
                continue
            last = now
            if logger.heard_bytes < logger.sent * size:
                continue
            windows_s.append(now - logger.sent_at)
            if now - began >= seconds or not _send(logger, window, now):
                poll.unregister(number)
                del by_number[number]
    return windows_s, last - began


def _send(logger: Logger, window: int, now: float) -> bool:
    """Send the next window; return whether there was one and the gateway is there."""
    start, end = logger.sent * logger.frame_bytes, (logger.sent + window) * logger.frame_bytes
    if start >= len(logger.frames):
        return False
    logger.sent += window
    logger.sent_at = now
    try:
        logger.wire.sendall(logger.frames[start:end])
    except OSError:
        return False
    return True


def _receive(logger: Logger) -> bool:
    try:
        heard = logger.wire.recv(65_536)
    except OSError:
        return False
    logger.answers.append(heard)
    logger.heard_bytes += len(heard)
    return bool(heard)


def _wrong(logger: Logger, size: int) -> int:
    """Return how many answers are not those to the frames sent, in their order."""
    heard = b"".join(logger.answers)
    places = [(number * size, number * logger.frame_bytes) for number in range(len(heard) // size)]
    return sum(
        heard[answer + QN_AT : answer + QN_AT + QN_LENGTH]
        != logger.frames[frame + QN_AT : frame + QN_AT + QN_LENGTH]
        for answer, frame in places
    )


def main() -> None:
    """Run the load."""
    port, connections, window, seconds, *first = sys.argv[1:]
    told = load(int(port), int(connections), int(window), float(seconds), int(first[0]) if first else 0)
    print(json.dumps(asdict(told)))


if __name__ == "__main__":
    main()
