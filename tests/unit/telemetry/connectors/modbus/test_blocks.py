"""Blocks read every register, no request is too long, and none could be spared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.connectors.modbus import Register
from xunshui.telemetry.connectors.modbus.blocks import MOST_BITS, MOST_REGISTERS, blocks_of, split

registers = st.lists(
    st.builds(
        Register,
        code=st.just("a"),
        table=st.sampled_from(["holding", "input"]),
        address=st.integers(0, 400),
        type=st.sampled_from(["int16", "uint32", "float64"]),
    ),
    min_size=1,
)


@given(registers, st.integers(0, 10))
def test_every_register_lies_in_one_block_of_lawful_length(rows: list[Register], gap: int) -> None:
    blocks = blocks_of(rows, gap=gap)

    assert sorted(map(id, rows)) == sorted(id(row) for block in blocks for row in block.registers)
    for block in blocks:
        assert 0 < block.count <= MOST_REGISTERS
        for row in block.registers:
            assert row.table == block.table
            assert block.first <= row.address
            assert row.address + row.words <= block.first + block.count


@given(registers)
def test_without_a_gap_nothing_unasked_is_read(rows: list[Register]) -> None:
    wanted = {(row.table, row.address + word) for row in rows for word in range(row.words)}

    read = {(block.table, block.first + word) for block in blocks_of(rows) for word in range(block.count)}

    assert read == wanted


def test_long_runs_are_cut_at_the_most_of_a_request() -> None:
    words = [Register(code=str(at), table="input", address=at, type="uint16") for at in range(300)]
    bits = [Register(code=str(at), table="coil", address=at, type="bool") for at in range(2_001)]

    assert [block.count for block in blocks_of(words)] == [MOST_REGISTERS, MOST_REGISTERS, 50]
    assert [block.count for block in blocks_of(bits)] == [MOST_BITS, 1]


def test_split_asks_for_each_register_alone() -> None:
    rows = [Register(code=str(at), table="holding", address=at, type="uint32") for at in (0, 2)]
    [block] = blocks_of(rows)

    assert [(alone.first, alone.count) for alone in split(block)] == [(0, 2), (2, 2)]
