"""Modbus TCP: registers and bits of a device, read at a fixed pace with as few requests as possible.

>>> from xunshui.telemetry.connectors.modbus.decode import value_of
>>> flow = Register(code="flow", table="holding", address=0, type="float32", order="little")
>>> value_of(flow, [0x0000, 0x4148])
12.5
"""

from xunshui.telemetry.connectors.modbus.settings import PARTS, ModbusDevice, Register, mistakes_of

__all__ = ["PARTS", "ModbusDevice", "Register", "mistakes_of"]
