"""The hash chain: hashed as its docstring says, and every way to change it breaks at the row where it was changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.seal import (
    GENESIS,
    BreakKind,
    Head,
    Link,
    NotCanonical,
    first_break,
    first_link,
    head_of,
    next_link,
)

START = dt.datetime(2024, 8, 1, 1, 2, 3, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

Rows = list[Link]


def chain(length: int = 5, name: str = "round-2024") -> Rows:
    rows = [first_link(name, {"act": "open", "number": 1}, START)]
    while len(rows) < length:
        number = len(rows) + 1
        rows.append(next_link(rows[-1], {"act": "submit", "number": number}, START + number * MINUTE))
    return rows


def rehashed(row: Link, **changes: Any) -> Link:
    """Return a row changed by someone who knows how rows are hashed."""
    changed = replace(row, **changes)
    text = json.dumps(
        {
            "at": changed.at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
            "body": changed.body,
            "chain": changed.chain,
            "previous": changed.previous,
            "seq": changed.seq,
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return replace(changed, hash=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}")


def test_first_hash_is_that_of_the_text_written_by_hand() -> None:
    row = first_link("round-2024", {"number": 1, "act": "open"}, START)

    zeros = "0" * 64
    text = (
        '{"at":"2024-08-01T01:02:03Z","body":{"act":"open","number":1},"chain":"round-2024",'
        f'"previous":"sha256:{zeros}","seq":1}}'
    )
    assert row.hash == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert (row.seq, row.previous) == (1, GENESIS)


def test_every_hash_is_the_one_computed_independently() -> None:
    rows = chain()

    assert [rehashed(row).hash for row in rows] == [row.hash for row in rows]
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]


def test_whole_chain_holds_with_any_head_it_ever_had() -> None:
    rows = chain()

    assert first_break([]) is None
    assert [first_break(rows, head=head_of(row)) for row in rows] == [None] * len(rows)


def changed_body(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], body={"act": "submit", "number": 4}), *rows[3:]]


def changed_body_and_hash(rows: Rows) -> Rows:
    return [*rows[:2], rehashed(rows[2], body={"act": "submit", "number": 4}), *rows[3:]]


def changed_time(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], at=rows[2].at + dt.timedelta(microseconds=1)), *rows[3:]]


def dropped(rows: Rows) -> Rows:
    return [*rows[:2], *rows[3:]]


def dropped_first(rows: Rows) -> Rows:
    return rows[1:]


def dropped_and_renumbered(rows: Rows) -> Rows:
    return [*rows[:2], *(rehashed(row, seq=row.seq - 1) for row in rows[3:])]


def swapped(rows: Rows) -> Rows:
    return [rows[0], rows[2], rows[1], *rows[3:]]


def inserted_twice(rows: Rows) -> Rows:
    return [*rows[:2], rows[1], *rows[2:]]


def inserted(rows: Rows) -> Rows:
    extra = next_link(rows[1], {"act": "forged"}, rows[1].at)
    return [*rows[:2], extra, *rows[2:]]


def of_another_chain(rows: Rows) -> Rows:
    return [*rows[:2], rehashed(rows[2], chain="round-2025"), *rows[3:]]


def set_back(rows: Rows) -> Rows:
    return [*rows[:2], rehashed(rows[2], at=START - MINUTE)]


def without_zone(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], at=rows[2].at.replace(tzinfo=None)), *rows[3:]]


def digest_of_unknown_algorithm(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], hash=rows[2].hash.replace("sha256", "md5")), *rows[3:]]


@pytest.mark.parametrize(
    ("forge", "position", "seq", "kind"),
    [
        pytest.param(changed_body, 3, 3, BreakKind.BODY, id="changed_body"),
        pytest.param(changed_body_and_hash, 4, 4, BreakKind.PREVIOUS, id="changed_body_with_its_hash"),
        pytest.param(changed_time, 3, 3, BreakKind.BODY, id="changed_by_a_microsecond"),
        pytest.param(dropped, 3, 4, BreakKind.GAP, id="dropped"),
        pytest.param(dropped_first, 1, 2, BreakKind.GAP, id="dropped_first"),
        pytest.param(dropped_and_renumbered, 3, 3, BreakKind.PREVIOUS, id="dropped_and_renumbered"),
        pytest.param(swapped, 2, 3, BreakKind.GAP, id="swapped"),
        pytest.param(inserted_twice, 3, 2, BreakKind.GAP, id="a_row_twice"),
        pytest.param(inserted, 4, 3, BreakKind.GAP, id="inserted"),
        pytest.param(of_another_chain, 3, 3, BreakKind.CHAIN, id="of_another_chain"),
        pytest.param(set_back, 3, 3, BreakKind.TIME, id="clock_set_back"),
        pytest.param(without_zone, 3, 3, BreakKind.BODY, id="zone_removed"),
        pytest.param(digest_of_unknown_algorithm, 3, 3, BreakKind.BODY, id="digest_of_unknown_algorithm"),
    ],
)
def test_forged_chain_breaks_at_the_first_row_that_does_not_hold(
    forge: Callable[[Rows], Rows], position: int, seq: int, kind: BreakKind
) -> None:
    found = first_break(forge(chain()))

    assert found is not None
    assert (found.position, found.seq, found.kind) == (position, seq, kind)
    assert str(found).startswith(f"第 {position} 行（序号 {seq}）：")


def test_chain_written_anew_from_a_row_on_holds_in_itself_but_not_for_a_head_noted_before() -> None:
    rows = chain()
    anew = [*rows[:2], next_link(rows[1], {"act": "forged"}, rows[2].at)]
    while len(anew) < len(rows):
        anew.append(next_link(anew[-1], rows[len(anew)].body, rows[len(anew)].at))

    assert first_break(anew) is None
    assert first_break(anew, head=head_of(rows[1])) is None
    for noted in rows[2:]:
        found = first_break(anew, head=head_of(noted))
        assert found is not None
        assert (found.position, found.kind) == (noted.seq, BreakKind.HEAD)


def test_end_cut_off_shows_only_against_a_noted_head() -> None:
    rows = chain()

    found = first_break(rows[:3], head=head_of(rows[4]))

    assert first_break(rows[:3]) is None
    assert found is not None
    assert (found.position, found.seq, found.kind) == (4, 4, BreakKind.HEAD)


def test_empty_chain_breaks_against_any_noted_head() -> None:
    found = first_break([], head=Head(seq=1, hash=GENESIS))

    assert found is not None
    assert (found.position, found.kind) == (1, BreakKind.HEAD)


@given(st.lists(st.sampled_from(range(8)), min_size=1, max_size=8))
def test_any_other_order_or_choice_of_rows_is_a_break(picked: list[int]) -> None:
    rows = chain(8)

    broken = first_break([rows[number] for number in picked])

    agreed = 0
    while agreed < len(picked) and picked[agreed] == agreed:
        agreed += 1
    assert (broken.position if broken else None) == (None if agreed == len(picked) else agreed + 1)


def test_values_read_back_from_a_store_as_text_still_hold() -> None:
    row = first_link("c", {"share": Decimal("98.10"), "at": START}, START)

    stored = replace(row, body={"share": "98.10", "at": "2024-08-01T01:02:03Z"})
    rewritten = replace(row, body={"share": "98.1", "at": "2024-08-01T01:02:03Z"})

    assert first_break([stored]) is None
    assert first_break([rewritten]) is not None


def test_instant_is_the_same_in_any_zone() -> None:
    row = chain(1)[0]

    assert first_break([replace(row, at=row.at.astimezone(dt.timezone(dt.timedelta(hours=8))))]) is None


def test_row_before_its_predecessor_is_refused_and_at_the_same_instant_taken() -> None:
    row = chain(1)[0]

    with pytest.raises(ValueError, match="早于前一行"):
        next_link(row, {}, START - dt.timedelta(microseconds=1))
    assert next_link(row, {}, START).seq == 2


def test_row_that_cannot_be_sealed_is_refused() -> None:
    with pytest.raises(NotCanonical, match="没有时区"):
        first_link("c", {}, START.replace(tzinfo=None))
    with pytest.raises(NotCanonical, match="有限"):
        first_link("c", {"x": float("nan")}, START)


def test_algorithms_may_change_along_a_chain() -> None:
    first = first_link("c", {}, START)

    rows = [first, next_link(first, {}, START, algorithm="sm3")]

    assert first_break(rows) is None
    assert rows[1].hash.startswith("sm3:")
