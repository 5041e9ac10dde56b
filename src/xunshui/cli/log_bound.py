"""No flood in the log: of one event and one device only so many lines a minute, and how many were left out."""

from __future__ import annotations

import logging
import sys
import threading
import time
from dataclasses import dataclass

WINDOW_S = 60.0
MOST_OF_ONE, MOST_OF_ALL = 20, 600
MOST_KINDS = 10_000
"""How many events and devices are told apart; those beyond are counted as one."""
SUBJECTS = ("device", "child", "to", "peer")
ALL = ("", "")


@dataclass(slots=True)
class _Count:
    until: float
    passed: int = 0
    left_out: int = 0


class Bounded(logging.Handler):
    """Writes to stderr; what is left out is counted, and the count told with the next of its kind or a minute later."""

    def __init__(self, is_json: bool) -> None:
        """Write as `setFormatter` says; `is_json` lets what only machines read pass."""
        super().__init__(logging.DEBUG if is_json else logging.INFO)
        self._counts: dict[tuple[str, str], _Count] = {}
        self._later: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it."""
        now = time.monotonic()
        kind = _kind(record)
        if kind not in self._counts and len(self._counts) >= MOST_KINDS:
            kind = ("", "others")
        of_one, of_all = self._count(kind, now), self._count(ALL, now)
        if of_one.passed >= MOST_OF_ONE or of_all.passed >= MOST_OF_ALL:
            # With too many devices at once they are not told apart: the counts would be a flood themselves.
            counted = of_one if of_all.passed < MOST_OF_ALL else self._count((kind[0], ""), now)
            counted.left_out += 1
            self._tell_later()
            return
        of_one.passed += 1
        of_all.passed += 1
        record.left_out, of_one.left_out = of_one.left_out, 0
        self._write(record)

    def close(self) -> None:
        """Tell what was left out, and end."""
        with self.lock or threading.RLock():
            if self._later is not None:
                self._later.cancel()
                self._later = None
            for kind in list(self._counts):
                self._tell_left_out(kind)
        super().close()

    def _count(self, kind: tuple[str, str], now: float) -> _Count:
        found = self._counts.get(kind)
        if found is None or now >= found.until:
            left_out = found.left_out if found else 0
            found = self._counts[kind] = _Count(now + WINDOW_S, left_out=left_out)
        return found

    def _tell_later(self) -> None:
        if self._later is None:
            self._later = threading.Timer(WINDOW_S, self._sweep)
            self._later.daemon = True
            self._later.start()

    def _sweep(self) -> None:
        with self.lock or threading.RLock():
            self._later = None
            now = time.monotonic()
            for kind, count in list(self._counts.items()):
                self._tell_left_out(kind)
                if now >= count.until:
                    del self._counts[kind]

    def _tell_left_out(self, kind: tuple[str, str]) -> None:
        count = self._counts[kind]
        if not count.left_out:
            return
        event, subject = kind
        about = f"{subject} 的 " if subject else ""
        words = f"{about}{event}：另有 {count.left_out} 条没有写出"
        record = logging.LogRecord("xunshui", logging.WARNING, "", 0, words, None, None)
        record.event = "lines_left_out"
        record.facts = {"of": event, "subject": subject, "lines": count.left_out}
        count.left_out = 0
        self._write(record)

    def _write(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            # Whoever read it has gone; the work goes on.
            return


def _kind(record: logging.LogRecord) -> tuple[str, str]:
    facts = getattr(record, "facts", {})
    subject = next((str(facts[name]) for name in SUBJECTS if facts.get(name)), "")
    return getattr(record, "event", record.name), subject
