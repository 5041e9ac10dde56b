"""What a devices file says of a Modbus TCP device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from xunshui.site.mistakes import Mistake
from xunshui.telemetry.connectors.settings import Code, Host, Name, Port, empty, repeated, setting
from xunshui.telemetry.connectors.tls import Tls, mistakes_of_tls

Table = Literal["holding", "input", "coil", "discrete"]
Type = Literal["int16", "uint16", "int32", "uint32", "float32", "int64", "uint64", "float64", "bool"]
BITS = ("coil", "discrete")
WORDS = {
    "int16": 1,
    "uint16": 1,
    "int32": 2,
    "uint32": 2,
    "float32": 2,
    "int64": 4,
    "uint64": 4,
    "float64": 4,
}
LAST = 65_535
PORT, PORT_OF_TLS = 502, 802
Finite = Annotated[float, Field(allow_inf_nan=False)]


@setting
class Register:
    """One value in a device: `address` counts from 0 as on the wire; the value is number × `scale` + `offset`.

    `order` is the order of the registers of a longer number, high word first where ``big``; within a register
    the high byte comes first, as the standard says (Modbus Application Protocol V1.1b3, 4.2).
    """

    code: Code
    table: Table
    address: Annotated[int, Field(ge=0, le=LAST)]
    type: Type
    order: Literal["big", "little"] = "big"
    scale: Finite = 1.0
    offset: Finite = 0.0

    @property
    def words(self) -> int:
        """Return how many registers, or bits, it takes."""
        return WORDS.get(self.type, 1)


@setting
class ModbusDevice:
    """A device that is asked every `every_s` seconds. Unused registers up to `gap` are read along.

    `framing` is how requests stand on the connection: ``tcp`` as Modbus TCP has it, ``rtu`` as on a serial line, for
    converters that pass bytes on as they are.
    """

    name: Name
    protocol: Literal["modbus"]
    host: Host
    registers: tuple[Register, ...]
    port: Port | None = None
    unit: Annotated[int, Field(ge=0, le=255)] = 1
    every_s: Annotated[float, Field(ge=0.1, le=86_400)] = 5.0
    timeout_s: Annotated[float, Field(ge=0.1, le=60)] = 3.0
    gap: Annotated[int, Field(ge=0, le=124)] = 0
    framing: Literal["tcp", "rtu"] = "tcp"
    tls: Tls | None = None

    @property
    def address(self) -> str:
        """Return where it is, for people."""
        return f"{self.host}:{self.listens_at} unit {self.unit}"

    @property
    def listens_at(self) -> int:
        """Return the port: the one given, else that of Modbus TCP or of Modbus over TLS."""
        return self.port or (PORT if self.tls is None else PORT_OF_TLS)


PARTS: dict[str, type] = {"registers": Register, "tls": Tls}


def mistakes_of(device: ModbusDevice) -> Iterator[Mistake]:
    """Yield what cannot hold between the attributes of a device."""
    yield from empty(device.registers, "registers")
    yield from repeated((register.code for register in device.registers), "registers", "code")
    yield from mistakes_of_tls(device.tls)
    if device.tls is not None and device.framing == "rtu":
        yield Mistake(loc=("framing",), problem="加密的连接没有 rtu 的写法", accepted="tcp")
    for row, register in enumerate(device.registers):
        if (register.type == "bool") != (register.table in BITS):
            accepted = "bool" if register.table in BITS else "、".join(WORDS)
            problem = f"{register.table} 里没有 {register.type}"
            yield Mistake(loc=("registers", row, "type"), problem=problem, accepted=accepted)
        if register.address + register.words - 1 > LAST:
            problem = f"{register.type} 从 {register.address} 起要 {register.words} 个寄存器，超出 {LAST}"
            accepted = f"0 到 {LAST - register.words + 1}"
            yield Mistake(loc=("registers", row, "address"), problem=problem, accepted=accepted)
        if register.scale == 0:
            yield Mistake(
                loc=("registers", row, "scale"), problem="系数为 0，读数恒等", accepted="不为 0 的数"
            )
