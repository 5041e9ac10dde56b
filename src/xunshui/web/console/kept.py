"""Answers that cost something, kept in this process: worked out once for all who ask, anew when they have aged.

>>> answers = Kept[str, int](most=2)
>>> answers.now("a", 1, lambda: 5), answers.now("a", 1, lambda: 6), answers.now("a", 2, lambda: 7)
(5, 5, 7)
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Slot(Generic[Answer]):
    """The answer of one age, in the making or made, and the last one that was made."""

    age: Hashable
    made: Future[Answer]
    last: Answer | None


class Kept(Generic[Key, Answer]):
    """The last answers by key; an answer is of an `age`, and asked for at another age it is worked out again."""

    def __init__(self, most: int) -> None:
        """Keep at most so many, those asked for last."""
        self._most = most
        self._slots: OrderedDict[Key, _Slot[Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def now(self, key: Key, age: Hashable, work: Callable[[], Answer]) -> Answer:
        """Return the answer; who asks while another works it out waits for that one."""
        slot, is_new = self._slot(key, age)
        if is_new:
            _make(slot, work)
        return slot.made.result()

    def soon(self, key: Key, age: Hashable, work: Callable[[], Answer], patience_s: float) -> Answer | None:
        """Return the answer if it is there in time, else the one before it, else None; work goes on beside."""
        slot, is_new = self._slot(key, age)
        if is_new:
            _beside().submit(_make, slot, work)
        with suppress(TimeoutError):
            return slot.made.result(patience_s if slot.last is None else 0)
        return slot.last

    def forget(self, key: Key) -> None:
        """Work the answer out again when it is asked for next, whatever its age."""
        with self._lock:
            self._slots.pop(key, None)

    def _slot(self, key: Key, age: Hashable) -> tuple[_Slot[Answer], bool]:
        with self._lock:
            slot = self._slots.get(key)
            is_new = slot is None or slot.age != age or _failed(slot.made)
            if slot is None or is_new:
                slot = self._slots[key] = _Slot(age, Future(), None if slot is None else _last(slot))
            self._slots.move_to_end(key)
            if len(self._slots) > self._most:
                self._slots.popitem(last=False)
            return slot, is_new


def _last(slot: _Slot[Answer]) -> Answer | None:
    return slot.made.result() if slot.made.done() and not _failed(slot.made) else slot.last


def _failed(made: Future[Answer]) -> bool:
    return made.done() and made.exception() is not None


def _make(slot: _Slot[Answer], work: Callable[[], Answer]) -> None:
    try:
        slot.made.set_result(work())
    except BaseException as error:
        slot.made.set_exception(error)


_workers: list[ThreadPoolExecutor] = []
_starting = threading.Lock()


def _beside() -> ThreadPoolExecutor:
    """Return this process's one thread for slow work, started when it is first wanted: threads live through no fork."""
    with _starting:
        if not _workers:
            _workers.append(ThreadPoolExecutor(1, "console"))
        return _workers[0]
