"""A bare network from JSON: {"streams": [{"id", "from", "to", "value", "sd"} …], "held": {node: …}}."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from xunshui.balance.arrays import Floats
from xunshui.balance.network import Network, NetworkMistake
from xunshui.balance.result import Balanced, balanced

REQUIRED = ("id", "from", "to")
KNOWN = {*REQUIRED, "value", "sd", "signed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A network and one reading of its meters: `values`, `sd` [streams], `held` [nodes]."""

    network: Network
    values: Floats
    sd: Floats
    held: Floats

    def balanced(self) -> Balanced:
        """Return it balanced."""
        return balanced(self.network, self.values, self.sd, self.held)


def is_bare_network(text: str) -> bool:
    """Return whether a text is meant for a bare network rather than a site: it tells nothing but flows."""
    try:
        raw = json.loads(text)
    except ValueError:
        return False
    return isinstance(raw, dict) and "streams" in raw and raw.keys() <= {"streams", "held"}


def sample_from_json(text: str) -> Sample:
    """Return the sample that a JSON text tells; raises `NetworkMistake` with all that is wrong.

    A stream without `value` is not measured; one with a value needs an `sd`, 0 where it is known exactly. `signed`
    streams may run backwards. What stays in a node (rise of storage, known losses) stands under `held`.
    """
    raw = _object(text)
    rows = raw.get("streams")
    if not isinstance(rows, list) or not rows:
        raise NetworkMistake('没有 streams：应为 {"streams": [{"id", "from", "to", "value", "sd"}, …]}')
    wrong = [told for at, row in enumerate(rows, 1) for told in _mistakes(at, row)]
    if wrong:
        raise NetworkMistake("；".join(wrong))
    network = Network.of(
        [(row["id"], row["from"], row["to"]) for row in rows],
        signed=[row["id"] for row in rows if row.get("signed")],
    )
    return Sample(
        network=network,
        values=np.array([_number(row.get("value")) for row in rows]),
        sd=np.array([_number(row.get("sd")) for row in rows]),
        held=_held(raw.get("held", {}), network),
    )


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise NetworkMistake(f"不是 JSON：{error}") from None
    if not isinstance(raw, dict):
        raise NetworkMistake("应为 JSON 对象")
    return raw


def _mistakes(at: int, row: object) -> list[str]:
    """Return everything that is wrong with a stream."""
    if not isinstance(row, dict):
        return [f"第 {at} 条水流应为对象"]
    name = f"第 {at} 条水流（{row.get('id', '没有编号')}）"
    wrong = [f"{name}缺 {key}" for key in REQUIRED if not isinstance(row.get(key), str) or not row[key]]
    wrong += [f"{name}有不认识的项 {key}；可用 {'、'.join(sorted(KNOWN))}" for key in row if key not in KNOWN]
    wrong += [
        f"{name}的 {key} 应为有限的数或 null"
        for key in ("value", "sd")
        if not _is_number_or_none(row.get(key))
    ]
    if not wrong and (row.get("value") is None) != (row.get("sd") is None):
        wrong.append(f"{name}的 value 与 sd 应同时有，或同时为 null（未计量）")
    if not wrong and (row.get("sd") or 0) < 0:
        wrong.append(f"{name}的 sd 是 {row['sd']}，应不小于零")
    return wrong


def _is_number_or_none(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _held(raw: object, network: Network) -> Floats:
    held = np.zeros(len(network.nodes))
    if not isinstance(raw, dict):
        raise NetworkMistake('held 应为 {"节点": 留在其中的量}')
    for node, amount in raw.items():
        if node not in network.nodes:
            raise NetworkMistake(f"held 中的节点 {node} 不在任何水流的两端")
        if not _is_number_or_none(amount) or amount is None:
            raise NetworkMistake(f"held 中 {node} 的量应为有限的数")
        held[network.nodes.index(node)] = amount
    return held
