"""Chosen readings: the defaults, departures from them, and what is refused."""

from __future__ import annotations

import pytest
from tests.spec.given import site_of_given

from xunshui.assess import assess
from xunshui.register import register
from xunshui.rules import UnknownReading, choose


def test_choose_takes_the_first_option_by_default() -> None:
    chosen = choose(register())

    assert chosen == {reading.id: reading.options[0].id for reading in register().readings}


def test_choose_refuses_an_unknown_reading_and_names_those_it_knows() -> None:
    with pytest.raises(UnknownReading, match="没有名为“year”的释义选项；可选：deciding_year、"):
        choose(register(), {"year": "last"})


def test_choose_refuses_an_unknown_option_and_names_those_it_knows() -> None:
    with pytest.raises(UnknownReading, match="“deciding_year”不能取“first”；可取：last、every"):
        choose(register(), {"deciding_year": "first"})


def test_verdict_names_its_departures_only() -> None:
    chosen = {"better_than": "not_worse", "deciding_year": "last"}

    verdict = assess(site_of_given({"surface": 1}), readings=chosen).verdict

    assert verdict.departures == ("better_than",)
    assert verdict.readings["better_than"] == "not_worse"
