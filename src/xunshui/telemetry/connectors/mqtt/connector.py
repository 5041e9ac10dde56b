"""The running connector of an MQTT broker."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from xunshui.telemetry.connectors.handshake import trouble_of
from xunshui.telemetry.connectors.mqtt.json_template import read_json
from xunshui.telemetry.connectors.mqtt.reading import Part, Reading, Unreadable
from xunshui.telemetry.connectors.mqtt.settings import MqttDevice, SparkplugTopic, matches
from xunshui.telemetry.connectors.mqtt.sparkplug_host import NAMESPACE, Host, rebirth_of
from xunshui.telemetry.connectors.passwords import password_of
from xunshui.telemetry.connectors.supervise import DeviceState, DeviceTrouble
from xunshui.telemetry.connectors.tls import TlsUnusable, context_of
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.sample import Arrival

if TYPE_CHECKING:
    import ssl

    from aiomqtt import Client, Message

MOST_WAITING = 20_000
SETTLE_S = 5.0
"""How long the end waits for what was received to be kept and acknowledged."""
KEEPALIVE_S = 30
HANDSHAKE_S = 10.0
REFUSED = 0x80
"""From this return code on a subscription was refused (MQTT 3.1.1, 3.9.3)."""


class Pending:
    """Messages that were given to the committer and are not acknowledged yet."""

    def __init__(self) -> None:
        """Start with none."""
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def one_more(self) -> None:
        """Note a message."""
        self._count += 1
        self._none.clear()

    def one_less(self) -> None:
        """Note an acknowledgement."""
        self._count -= 1
        if not self._count:
            self._none.set()

    async def settle(self) -> None:
        """Return once all are acknowledged, or after a while."""
        try:
            async with asyncio.timeout(SETTLE_S):
                await self._none.wait()
        except TimeoutError:
            # The broker sends them again to the next session.
            return


class MqttConnector:
    """Listens to a broker. A message of quality of service 1 is acknowledged once it is on disk."""

    def __init__(self, device: MqttDevice) -> None:
        """Take the broker's settings."""
        self.device = device
        self._host = Host()

    async def run(self, committer: Committer, state: DeviceState) -> None:
        """Keep what comes until cancelled. Raises where the connection fails."""
        from aiomqtt import MqttError  # slow import

        state.counts = self._host.counts
        try:
            await self._listen(self._client(), committer, state)
        except MqttError as error:
            raise DeviceTrouble(await self._why(error)) from None

    async def _why(self, error: Exception) -> str:
        device = self.device
        trouble = ""
        if device.tls is not None:
            trouble = await trouble_of(device.tls, device.host, device.listens_at, HANDSHAKE_S)
        return trouble or f"连不上、被拒绝或连接断开（{error}）"

    async def _listen(self, client: Client, committer: Committer, state: DeviceState) -> None:
        pending = Pending()
        async with client:
            await self._subscribe(client)
            state.linked()
            try:
                async for message in client.messages:
                    # Past a full queue aiomqtt drops messages; after a new start what was not acknowledged comes again.
                    if len(client.messages) >= MOST_WAITING:
                        raise DeviceTrouble("磁盘来不及写，消息太多，重新连接")
                    await committer.room()
                    await self._take(client, message, committer, state, pending)
            except asyncio.CancelledError:
                await pending.settle()
                raise

    def _client(self) -> Client:
        import aiomqtt  # slow import

        # What it would log is in the device's state.
        logging.getLogger("mqtt").setLevel(logging.CRITICAL)
        device = self.device
        client = aiomqtt.Client(
            device.host,
            device.listens_at,
            username=device.username,
            password=password_of(device),
            tls_context=_context_of(device),
            identifier=device.session,
            # The broker keeps the session, and with it what was not acknowledged.
            clean_session=False,
            keepalive=KEEPALIVE_S,
            max_queued_incoming_messages=2 * MOST_WAITING,
        )
        # aiomqtt has no acknowledgement by hand; the paho client under it has (aiomqtt 2.5.1, paho 2.2.0).
        client._client.manual_ack_set(True)
        return client

    async def _subscribe(self, client: Client) -> None:
        topics = [topic.topic for topic in self.device.topics]
        codes: Any = await client.subscribe([(topic, 1) for topic in topics])
        refused = [
            topic
            for topic, code in zip(topics, codes, strict=True)
            if int(getattr(code, "value", code)) >= REFUSED
        ]
        if refused:
            raise DeviceTrouble(f"服务器拒绝订阅 {'、'.join(refused)}")

    async def _take(
        self, client: Client, message: Message, committer: Committer, state: DeviceState, pending: Pending
    ) -> None:
        topic, payload = str(message.topic), message.payload
        content = payload if isinstance(payload, bytes) else str(payload).encode()
        received_us = time.time_ns() // 1000
        try:
            reading = self._read(topic, content, received_us, retained=message.retain)
        except Unreadable as error:
            state.refused += 1
            reading = Reading(parts=[Part(self.device.name, [])], trouble=f"{topic}：{error}")
        pending.one_more()

        def acknowledge() -> None:
            pending.one_less()
            state.heard(sum(len(part.samples) for part in reading.parts))
            if reading.trouble:
                state.troubled(reading.trouble)
            paho = client._client
            if paho.is_connected():
                paho.ack(message.mid, message.qos)

        if not reading.parts:
            acknowledge()
            return
        # Where a topic ends cannot be mistaken: it has no zero byte (MQTT 3.1.1, 1.5.3).
        raw = topic.encode() + b"\0" + content
        arrivals = [Arrival("mqtt", part.device, received_us, raw, part.samples) for part in reading.parts]
        for arrival in arrivals[:-1]:
            committer.add(arrival, _nothing)
        committer.add(arrivals[-1], acknowledge)
        if reading.rebirth is not None:
            group, node = reading.rebirth
            await client.publish(f"{NAMESPACE}/{group}/NCMD/{node}", rebirth_of(received_us))

    def _read(self, topic: str, content: bytes, received_us: int, *, retained: bool) -> Reading:
        template = next((row for row in self.device.topics if matches(topic, row.topic)), None)
        if template is None:
            # The broker remembers what an earlier devices file asked for.
            return Reading()
        if isinstance(template, SparkplugTopic):
            return self._host.take(topic, content, received_us) or Reading()
        return read_json(
            template,
            topic,
            content,
            device=self.device.name,
            received_us=received_us,
            retained=retained,
        )


def _nothing() -> None:
    """Tell nobody."""


def _context_of(device: MqttDevice) -> ssl.SSLContext | None:
    try:
        return None if device.tls is None else context_of(device.tls)
    except TlsUnusable as error:
        raise DeviceTrouble(str(error)) from None
