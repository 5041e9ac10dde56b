"""The running connector of an OPC UA server."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from xunshui.telemetry.connectors.opcua.reading import Told, raw_of, samples_of
from xunshui.telemetry.connectors.opcua.security import secure
from xunshui.telemetry.connectors.opcua.settings import OpcuaDevice
from xunshui.telemetry.connectors.opcua.words import words_of
from xunshui.telemetry.connectors.passwords import password_of
from xunshui.telemetry.connectors.supervise import DeviceState, DeviceTrouble
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.sample import Arrival

if TYPE_CHECKING:
    from asyncua.client.client import Client
    from asyncua.common.subscription import Subscription

MOST_WAITING = 20_000
QUEUED_AT_SERVER = 100
"""How many changes of one variable the server keeps between two publications."""
ASK_AGAIN_S = 60.0
"""How often variables that the server refused are asked for again."""
WATCH_S = 4.0


class Changes:
    """What the subscription told and was not taken yet."""

    def __init__(self, codes: dict[str, str]) -> None:
        """Take the code of each node."""
        self._codes = codes
        self._told: list[Told] = []
        self._wake = asyncio.Event()
        self._trouble = ""

    def datachange_notification(self, node: Any, value: Any, data: Any) -> None:
        """Take a change; asyncua calls it."""
        if len(self._told) >= MOST_WAITING:
            self._end("磁盘来不及写，变化太多，重新订阅")
            return
        name, came = node.nodeid.to_string(), data.monitored_item.Value
        self._told.append(
            Told(
                code=self._codes[name],
                node=name,
                value=value,
                status=came.StatusCode.value if came.StatusCode is not None else 0,
                source=came.SourceTimestamp,
                server=came.ServerTimestamp,
            )
        )
        self._wake.set()

    def status_change_notification(self, change: Any) -> None:
        """Take the end of the subscription; asyncua calls it, also where the connection is lost."""
        if not change.Status.is_good():
            self._end(f"订阅中断（{change.Status.name}）")

    async def take(self, most_s: float) -> list[Told]:
        """Return what came, waiting for it that long. Raises `DeviceTrouble` once the subscription has ended."""
        try:
            async with asyncio.timeout(most_s):
                await self._wake.wait()
        except TimeoutError:
            return []
        self._wake.clear()
        told, self._told = self._told, []
        if self._trouble and not told:
            raise DeviceTrouble(self._trouble)
        if self._trouble:
            self._wake.set()
        return told

    def _end(self, trouble: str) -> None:
        self._trouble = trouble
        self._wake.set()


class OpcuaConnector:
    """Subscribes to a server. A lost connection is left to the supervisor, which makes a new client."""

    def __init__(self, device: OpcuaDevice) -> None:
        """Take the server's settings."""
        self.device = device
        self._last: dict[str, float] = {}

    async def run(self, committer: Committer, state: DeviceState) -> None:
        """Keep what the server tells until cancelled. Raises where the connection fails."""
        from asyncua import ua  # slow import
        from asyncua.ua.uaerrors import UaStatusCodeError

        # What it would log is in the device's state.
        logging.getLogger("asyncua").setLevel(logging.CRITICAL)
        nodes = {ua.NodeId.from_string(node.node).to_string(): node.code for node in self.device.nodes}
        try:
            await self._listen(nodes, committer, state)
        except UaStatusCodeError as error:
            raise DeviceTrouble(words_of(ua.StatusCode(error.code).name)) from None

    async def _listen(self, nodes: dict[str, str], committer: Committer, state: DeviceState) -> None:
        changes = Changes(nodes)
        async with await self._client() as client:
            subscription = await client.create_subscription(self.device.publish_ms, changes)
            refused = await _subscribe(client, subscription, list(nodes), self.device.publish_ms)
            state.linked()
            asked_at = time.monotonic()
            while True:
                if refused:
                    told_of = "；".join(f"{name}：{reason}" for name, reason in refused.items())
                    state.troubled(f"服务器拒绝订阅 {told_of}")
                told = await changes.take(ASK_AGAIN_S)
                if told:
                    await self._keep(told, committer, state)
                if refused and time.monotonic() - asked_at >= ASK_AGAIN_S:
                    refused = await _subscribe(client, subscription, list(refused), self.device.publish_ms)
                    asked_at = time.monotonic()

    async def _client(self) -> Client:
        from asyncua.client.client import Client  # slow import

        device = self.device
        client = Client(device.url, watchdog_intervall=WATCH_S)
        if device.security is not None:
            await secure(client, device.security)
        if device.username is not None:
            client.set_user(device.username)
            client.set_password(password_of(device) or "")
        return client

    async def _keep(self, told: list[Told], committer: Committer, state: DeviceState) -> None:
        now_us = time.time_ns() // 1000
        samples = samples_of(told, now_us, self._last)
        await committer.keep([Arrival("opcua", self.device.name, now_us, raw_of(told), samples)])
        state.heard(len(samples))


async def _subscribe(
    client: Client, subscription: Subscription, names: list[str], publish_ms: int
) -> dict[str, str]:
    """Ask for variables and return those that the server refused, each with its status."""
    from asyncua import ua  # slow import

    results = await subscription.subscribe_data_change(
        [client.get_node(name) for name in names],
        queuesize=QUEUED_AT_SERVER,
        sampling_interval=ua.Double(publish_ms),
    )
    return {
        name: result.name for name, result in zip(names, results, strict=True) if not isinstance(result, int)
    }
