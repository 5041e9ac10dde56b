"""Blocks: neighbouring registers that are read with one request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xunshui.telemetry.connectors.modbus.settings import BITS, Register

MOST_REGISTERS = 125
MOST_BITS = 2000
"""What one request may read: Modbus Application Protocol V1.1b3, 6.1 to 6.4."""


@dataclass(frozen=True, slots=True)
class Block:
    """`count` registers or bits of one table from `first` on, and what they hold."""

    table: str
    first: int
    count: int
    registers: tuple[Register, ...]


def blocks_of(registers: Iterable[Register], *, gap: int = 0) -> list[Block]:
    """Return as few blocks as hold all registers, reading at most `gap` unused ones between two.

    >>> rows = [Register(code=str(at), table="holding", address=at, type="float32") for at in (4, 0, 2, 7)]
    >>> [(block.first, block.count) for block in blocks_of(rows)]
    [(0, 6), (7, 2)]
    >>> [(block.first, block.count) for block in blocks_of(rows, gap=1)]
    [(0, 9)]
    """
    blocks: list[Block] = []
    for register in sorted(registers, key=lambda register: (register.table, register.address)):
        last = blocks[-1] if blocks else None
        if last is not None and _fits(last, register, gap):
            count = max(last.count, register.address + register.words - last.first)
            blocks[-1] = Block(last.table, last.first, count, (*last.registers, register))
        else:
            blocks.append(_alone(register))
    return blocks


def split(block: Block) -> list[Block]:
    """Return one block for each register: which of them does the device refuse?"""
    return [_alone(register) for register in block.registers]


def _alone(register: Register) -> Block:
    return Block(register.table, register.address, register.words, (register,))


def _fits(block: Block, register: Register, gap: int) -> bool:
    most = MOST_BITS if block.table in BITS else MOST_REGISTERS
    return (
        register.table == block.table
        and register.address <= block.first + block.count + gap
        and register.address + register.words - block.first <= most
    )
