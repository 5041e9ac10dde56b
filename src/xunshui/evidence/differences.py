"""Where two JSON values differ: each place by its path, with what stands there in one and in the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any, Final

from xunshui.site.mistakes import Loc, json_place


class Missing(Enum):
    """Nothing stands at a place, which is not the same as null."""

    MISSING = "（无）"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the packed and the recomputed value differ."""

    path: str
    packed: Any
    recomputed: Any


def differences(packed: Any, recomputed: Any, loc: Loc = ()) -> Iterator[Difference]:
    """Yield every place where two JSON values differ, as deep as can be told.

    >>> [found.path for found in differences({"gates": [{"value": 97}]}, {"gates": [{"value": 98}], "x": None})]
    ['gates[0].value', 'x']
    """
    if isinstance(packed, dict) and isinstance(recomputed, dict):
        for key in {**packed, **recomputed}:
            yield from differences(packed.get(key, MISSING), recomputed.get(key, MISSING), (*loc, key))
    elif isinstance(packed, list) and isinstance(recomputed, list):
        for index, pair in enumerate(zip_longest(packed, recomputed, fillvalue=MISSING)):
            yield from differences(*pair, (*loc, index))
    elif not _equal(packed, recomputed):
        yield Difference(path=json_place(loc), packed=packed, recomputed=recomputed)


def _equal(one: Any, other: Any) -> bool:
    # In Python 1 equals true; in JSON it does not.
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
