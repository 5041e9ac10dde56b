"""Damaged files end with a verdict or a message, never with a traceback: a few hundred of the fuzzer's cases.

`make bench-fuzz` runs ten thousand. A failure names its seed and number for `python -m tools.fuzz --only`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.plants import few
from tests.spec.given import raw_of_given
from tools.fuzz.run import case, run

from xunshui.assess import as_json, assess
from xunshui.site import Site, SiteFileInvalid, site_from_json
from xunshui.site.columns import accepted_keys, tables

SEED = 2
JSON_CASES = range(0, 600, 2)
WORKBOOKS_AT_ONCE = 50

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2023"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("start", [1, 101, 201, 301], ids=lambda start: f"workbooks_from_{start}")
def test_damaged_workbooks_end_without_traceback(start: int) -> None:
    tally = run(SEED, range(start, start + 2 * WORKBOOKS_AT_ONCE, 2))

    assert [(failure.case.number, failure.why) for failure in tally.failures] == []
    assert tally.codes.total() == WORKBOOKS_AT_ONCE


def test_damaged_json_files_end_without_traceback() -> None:
    tally = run(SEED, JSON_CASES)

    assert [(failure.case.number, failure.why) for failure in tally.failures] == []
    assert set(tally.codes) == {0, 2}


def test_case_is_the_same_for_the_same_seed_and_number() -> None:
    assert (case(SEED, 8), case(SEED, 9).suffix) == (case(SEED, 8), ".xlsx")


@given(key=st.sampled_from(accepted_keys(Site, None)), value=VALUES)
@few
def test_any_value_of_an_attribute_is_assessed_or_refused(key: str, value: Any) -> None:
    raw = raw_of_given({"surface": 30, "circulating_indirect": 970}) | {key: value}

    _is_assessed_or_refused(raw)


@given(data=st.data(), table=st.sampled_from(sorted(tables(Site))), value=VALUES)
@few
def test_any_value_in_a_row_of_a_table_is_assessed_or_refused(
    data: st.DataObject, table: str, value: Any
) -> None:
    raw = raw_of_given({"surface": 30, "circulating_indirect": 970})
    row = next(iter(raw.get(table) or [{}]))
    key = data.draw(st.sampled_from(accepted_keys(Site, table)))

    _is_assessed_or_refused(raw | {table: [{**row, key: value}]})


def _is_assessed_or_refused(raw: dict[str, Any]) -> None:
    try:
        site = site_from_json(json.dumps(raw))
    except SiteFileInvalid as error:
        assert error.mistakes
    else:
        assert as_json(assess(site))["eligible"]
