"""Answers that are kept: worked out once for all who ask at once, the last known one while a new one is made."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from xunshui.web.console.kept import Kept


def test_many_who_ask_at_once_have_it_worked_out_once() -> None:
    answers: Kept[str, int] = Kept(most=4)
    asked = threading.Barrier(6)
    made: list[int] = []

    def work() -> int:
        made.append(1)
        return len(made)

    def ask() -> int:
        asked.wait()
        return answers.now("a", 1, work)

    with ThreadPoolExecutor(6) as crowd:
        told = [each.result() for each in [crowd.submit(ask) for _ in range(6)]]

    assert (told, made) == ([1] * 6, [1])


def test_what_failed_is_tried_again() -> None:
    answers: Kept[str, int] = Kept(most=4)

    with pytest.raises(ZeroDivisionError):
        answers.now("a", 1, lambda: 1 // 0)

    assert answers.now("a", 1, lambda: 3) == 3


def test_slow_work_shows_what_was_known_before() -> None:
    answers: Kept[str, int] = Kept(most=4)
    may_end = threading.Event()

    def slow() -> int:
        may_end.wait(10)
        return 2

    first = answers.soon("a", 1, lambda: 1, 5)
    meanwhile = answers.soon("a", 2, slow, 5)
    may_end.set()

    assert (first, meanwhile, answers.now("a", 2, lambda: 9)) == (1, 1, 2)


def test_slow_work_that_was_never_done_is_none_and_is_done_beside() -> None:
    answers: Kept[str, int] = Kept(most=4)
    may_end = threading.Event()

    assert answers.soon("a", 1, lambda: 7 if may_end.wait(10) else 0, 0.01) is None
    may_end.set()
    assert answers.now("a", 1, lambda: 9) == 7


def test_those_not_asked_for_longest_go_first() -> None:
    answers: Kept[str, int] = Kept(most=2)
    for key in ("a", "b", "a", "c"):
        answers.now(key, 1, lambda: 1)

    assert [answers.now(key, 1, lambda: 2) for key in ("a", "c", "b")] == [1, 1, 2]
