"""Simulated analysers: water quality published over MQTT, one JSON message a device."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping

from aiomqtt import Client, MqttError

from xunshui.simulator.field import TOPIC, Address, device_and_code, points_of
from xunshui.simulator.plant import load
from xunshui.site import Site
from xunshui.telemetry.localtime import local_datetime

EVERY_S = 12.0
RETRY_S = 2.0
USUAL = {"ph": 7.6, "cod": 38.0, "nh3n": 2.4, "tn": 9.5, "tp": 0.31}
"""What a well-run works sends out; invented, below the usual limits."""
SWING = {"ph": 0.05, "cod": 1.6, "nh3n": 2.4, "tn": 1.2, "tp": 1.8}
"""How strongly a parameter follows the load of the plant."""


async def publish(site: Site, address: Address) -> None:
    """Publish what every analyser measures until cancelled; a broker that is away is waited for."""
    codes: dict[str, list[str]] = defaultdict(list)
    for device, code in map(device_and_code, points_of(site, "mqtt")):
        codes[device].append(code)
    while True:
        try:
            async with Client(address[0], port=address[1], identifier="xunshui-simulator") as client:
                await _publish_all(client, codes)
        except (MqttError, OSError):
            await asyncio.sleep(RETRY_S)


async def _publish_all(client: Client, codes: Mapping[str, list[str]]) -> None:
    while True:
        for device, told in codes.items():
            await client.publish(f"{TOPIC}/{device}", _message(told), qos=1)
        await asyncio.sleep(EVERY_S)


def _message(codes: list[str]) -> str:
    now_us = time.time_ns() // 1000
    above = load(now_us) - 1
    values = {code: round(USUAL[code] * (1 + SWING[code] * above), 3) for code in codes}
    return json.dumps({"at": local_datetime(now_us).isoformat(timespec="milliseconds"), **values})
