"""The link to a Modbus device over TCP or TLS: the one place that knows pymodbus."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xunshui.telemetry.connectors.handshake import trouble_of
from xunshui.telemetry.connectors.modbus.blocks import Block
from xunshui.telemetry.connectors.modbus.settings import BITS, ModbusDevice
from xunshui.telemetry.connectors.supervise import DeviceTrouble
from xunshui.telemetry.connectors.tls import TlsUnusable, context_of

if TYPE_CHECKING:
    from pymodbus.client import AsyncModbusTcpClient

EXCEPTIONS = {
    1: "不支持的功能码",
    2: "非法数据地址",
    3: "非法数据值",
    4: "从站故障",
    5: "已接受，处理中",
    6: "从站忙",
    8: "存储奇偶错误",
    10: "网关路径不可用",
    11: "网关目标无响应",
}
"""Modbus Application Protocol V1.1b3, 7."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An exception response."""

    code: int

    @property
    def concerns_address(self) -> bool:
        """Return whether a part of the registers may be readable all the same."""
        return self.code in (2, 3, 4)

    def __str__(self) -> str:
        """Say it with the standard's number."""
        return f"异常码 {self.code}（{EXCEPTIONS.get(self.code, '标准未定义')}）"


class Link:
    """One connection; used as an asynchronous context. It does not connect again by itself."""

    def __init__(self, device: ModbusDevice) -> None:
        """Take the device to ask."""
        self._device = device
        self._client: AsyncModbusTcpClient

    async def __aenter__(self) -> Link:
        """Connect. Raises `DeviceTrouble`."""
        # What it would log is in the device's state.
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
        device = self._device
        self._client = _client_of(device)
        if not await self._client.connect():
            raise DeviceTrouble(await self._of_tls() or f"连不上 {device.host}:{device.listens_at}")
        return self

    async def __aexit__(self, *reason: object) -> None:
        """Close the connection."""
        self._client.close()

    async def _of_tls(self) -> str:
        """Return what is wrong with TLS, or nothing."""
        device = self._device
        if device.tls is None:
            return ""
        return await trouble_of(device.tls, device.host, device.listens_at, device.timeout_s)

    async def read(self, block: Block) -> list[int] | Refused:
        """Return the registers or bits of a block. Raises `DeviceTrouble` where the device does not answer."""
        from pymodbus.exceptions import ModbusException  # slow import

        client = self._client
        ask = {
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
        }[block.table]
        try:
            answer = await ask(block.first, count=block.count, device_id=self._device.unit)
        except ModbusException:
            told = f"{self._device.timeout_s:g} 秒内没有回答 {block.table} {block.first}（{block.count} 个）"
            # In TLS 1.3 a server refuses our certificate only after the connection is made.
            raise DeviceTrouble(await self._of_tls() or told) from None
        if answer.isError():
            return Refused(answer.exception_code)
        words = [int(bit) for bit in answer.bits] if block.table in BITS else list(answer.registers)
        if len(words) < block.count:
            raise DeviceTrouble(f"{block.table} {block.first} 要 {block.count} 个，只给了 {len(words)} 个")
        return words[: block.count]


def _client_of(device: ModbusDevice) -> AsyncModbusTcpClient:
    from pymodbus import FramerType  # slow import
    from pymodbus.client import AsyncModbusTcpClient

    from xunshui.telemetry.connectors.modbus.tls_client import TlsClient

    if device.tls is not None:
        try:
            return TlsClient(device.host, device.listens_at, context_of(device.tls), device.timeout_s)
        except TlsUnusable as error:
            raise DeviceTrouble(str(error)) from None
    return AsyncModbusTcpClient(
        device.host,
        framer=FramerType.RTU if device.framing == "rtu" else FramerType.SOCKET,
        port=device.listens_at,
        timeout=device.timeout_s,
        retries=0,
        reconnect_delay=0,
    )
