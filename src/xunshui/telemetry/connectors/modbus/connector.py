"""The running connector of a Modbus TCP device."""

from __future__ import annotations

import asyncio
import json
import time

from xunshui.telemetry.connectors.modbus.blocks import Block, blocks_of, split
from xunshui.telemetry.connectors.modbus.client import Link, Refused
from xunshui.telemetry.connectors.modbus.decode import Read, samples_of
from xunshui.telemetry.connectors.modbus.settings import ModbusDevice
from xunshui.telemetry.connectors.supervise import DeviceState
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.sample import Arrival


class ModbusConnector:
    """Asks a device again and again. What it does not answer gives no sample."""

    def __init__(self, device: ModbusDevice) -> None:
        """Take the device's settings."""
        self.device = device
        self._blocks = blocks_of(device.registers, gap=device.gap)

    async def run(self, committer: Committer, state: DeviceState) -> None:
        """Read at the device's pace until cancelled. Raises `DeviceTrouble` where the connection fails."""
        loop = asyncio.get_running_loop()
        async with Link(self.device) as link:
            due = loop.time()
            while True:
                reads, troubles = await self._read(link)
                await self._keep(reads, troubles, committer, state)
                # A pace that was missed is left out, not made up for.
                late = max(0, int((loop.time() - due) // self.device.every_s))
                due += (late + 1) * self.device.every_s
                await asyncio.sleep(due - loop.time())

    async def _read(self, link: Link) -> tuple[list[Read], list[str]]:
        reads: list[Read] = []
        troubles: list[str] = []
        waiting, asked = self._blocks, []
        while waiting:
            block, *waiting = waiting
            words = await link.read(block)
            if isinstance(words, Refused) and words.concerns_address and len(block.registers) > 1:
                waiting = split(block) + waiting
                continue
            asked.append(block)
            reads.append(_read_of(block, words))
            if isinstance(words, Refused):
                codes = "、".join(register.code for register in block.registers)
                troubles.append(f"{block.table} {block.first}（{codes}）：{words}")
        # What had to be split stays so until the connection is made anew.
        self._blocks = asked
        return reads, troubles

    async def _keep(
        self, reads: list[Read], troubles: list[str], committer: Committer, state: DeviceState
    ) -> None:
        samples = samples_of(self.device.registers, reads)
        if any("words" in read for read in reads):
            raw = json.dumps({"unit": self.device.unit, "reads": reads}, separators=(",", ":"))
            now_us = time.time_ns() // 1000
            await committer.keep([Arrival("modbus", self.device.name, now_us, raw.encode(), samples)])
            state.heard(len(samples))
        silent = {register.code for register in self.device.registers} - {sample.code for sample in samples}
        if troubles:
            state.troubled("；".join(troubles))
        elif silent:
            state.troubled(f"寄存器里不是数（NaN 或无穷）：{'、'.join(sorted(silent))}")


def _read_of(block: Block, words: list[int] | Refused) -> Read:
    read: Read = {"table": block.table, "address": block.first, "at_us": time.time_ns() // 1000}
    if isinstance(words, Refused):
        return read | {"exception": words.code}
    return read | {"words": words}
