"""What a devices file says of an MQTT broker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from xunshui.site.mistakes import Loc, Mistake
from xunshui.telemetry.connectors.passwords import mistakes_of_password
from xunshui.telemetry.connectors.settings import NAME, Code, Host, Name, Port, empty, repeated, setting
from xunshui.telemetry.connectors.tls import Tls, mistakes_of_tls

PORT, PORT_OF_TLS = 1883, 8883
LEVEL = re.compile(r"\{(\d+)\}")


@setting
class JsonTopic:
    """Topics whose messages are JSON.

    `device` names the device, ``{n}`` standing for the topic's level n counted from 0; without it the broker's name
    is taken. `values` gives the path of each code's value, steps parted by dots, list places as numbers; `time` the
    path of the instant: ISO 8601, or seconds, milliseconds or microseconds since 1970. Without `time` it is that of
    arrival.
    """

    topic: Annotated[str, Field(min_length=1)]
    format: Literal["json"]
    values: dict[Code, Annotated[str, Field(min_length=1)]]
    device: str = ""
    time: str = ""


@setting
class SparkplugTopic:
    """Topics whose messages are Sparkplug B."""

    topic: Annotated[str, Field(min_length=1)]
    format: Literal["sparkplug"]


@setting
class MqttDevice:
    """A broker. `client_id` names the session that it keeps for us: one gateway, one name."""

    name: Name
    protocol: Literal["mqtt"]
    host: Host
    topics: tuple[Annotated[JsonTopic | SparkplugTopic, Field(discriminator="format")], ...]
    port: Port | None = None
    tls: Tls | None = None
    username: str | None = None
    password_file: str | None = None
    password_env: str | None = None
    client_id: Annotated[str, Field(max_length=128)] = ""

    @property
    def address(self) -> str:
        """Return where it is, for people."""
        return f"{self.host}:{self.listens_at}"

    @property
    def listens_at(self) -> int:
        """Return the port: the one given, else that of MQTT or of MQTT over TLS."""
        return self.port or (PORT if self.tls is None else PORT_OF_TLS)

    @property
    def session(self) -> str:
        """Return the name of the session that the broker keeps."""
        return self.client_id or f"xunshui-{self.name}"


PARTS: dict[str, type] = {"json": JsonTopic, "sparkplug": SparkplugTopic, "tls": Tls}


def mistakes_of(device: MqttDevice) -> Iterator[Mistake]:
    """Yield what cannot hold between the attributes of a broker."""
    yield from empty(device.topics, "topics")
    yield from repeated((topic.topic for topic in device.topics), "topics", "topic")
    for row, topic in enumerate(device.topics):
        if not is_filter(topic.topic):
            problem = f"“{topic.topic}”不是主题"
            yield Mistake(
                loc=("topics", row, "topic"),
                problem=problem,
                accepted="+ 独占一级，# 独占末级，如 plant/+/flow",
            )
        if isinstance(topic, JsonTopic):
            yield from _mistakes_of_json(topic, ("topics", row))
        elif not topic.topic.startswith("spBv1.0/"):
            problem = f"“{topic.topic}”不是 Sparkplug B 的主题"
            yield Mistake(
                loc=("topics", row, "topic"), problem=problem, accepted="如 spBv1.0/+/#、spBv1.0/厂区/#"
            )
    yield from mistakes_of_password(device)
    yield from mistakes_of_tls(device.tls)


def is_filter(topic: str) -> bool:
    """Return whether a text is a topic filter (MQTT 3.1.1, 4.7).

    >>> is_filter("plant/+/flow"), is_filter("plant/#"), is_filter("plant#"), is_filter("#/a")
    (True, True, False, False)
    """
    *before, last = topic.split("/")
    return (
        "\0" not in topic
        and all("#" not in level and ("+" not in level or level == "+") for level in before)
        and (last in ("+", "#") or not {"+", "#"} & set(last))
    )


def matches(topic: str, pattern: str) -> bool:
    """Return whether a topic falls under a filter.

    >>> matches("plant/P3/flow", "plant/+/flow"), matches("plant", "plant/#"), matches("plant/P3", "plant")
    (True, True, False)
    """
    levels, wanted = topic.split("/"), pattern.split("/")
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        levels = levels[: len(wanted)]
    return len(levels) == len(wanted) and all(
        want in ("+", level) for want, level in zip(wanted, levels, strict=True)
    )


def _mistakes_of_json(topic: JsonTopic, loc: Loc) -> Iterator[Mistake]:
    for mistake in empty(topic.values, "values"):
        yield Mistake(loc=(*loc, *mistake.loc), problem=mistake.problem, accepted=mistake.accepted)
    if not topic.device:
        return
    if not re.match(NAME, LEVEL.sub("x", topic.device)):
        problem = f"“{topic.device}”不能作设备名"
        yield Mistake(loc=(*loc, "device"), problem=problem, accepted="文字与 {级号}，如 {1}、泵房-{1}")
    levels = topic.topic.split("/")
    most = max(map(int, LEVEL.findall(topic.device)), default=0)
    if most >= len(levels) and levels[-1] != "#":
        problem = f"主题只有 {len(levels)} 级，没有第 {most} 级"
        yield Mistake(
            loc=(*loc, "device"), problem=problem, accepted=f"{{0}} 到 {{{len(levels) - 1}}}，从 0 数"
        )
