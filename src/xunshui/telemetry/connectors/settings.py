"""What the settings of all connectors are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar, dataclass_transform

from pydantic import ConfigDict, Field

from xunshui.site.mistakes import Loc, Mistake

T = TypeVar("T")

NAME = r"^[^/:*?\[\]{}\s]+$"
Name = Annotated[str, Field(pattern=NAME)]
"""A device's name; a slash ends it in a channel's name."""
Code = Annotated[str, Field(pattern=r"^[^*?\[\]\s]+$")]
Host = Annotated[str, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65_535)]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def setting(cls: type[T]) -> type[T]:
    """Make a frozen dataclass of a devices file that refuses keys it does not know."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    setattr(made, "__pydantic_config__", ConfigDict(extra="forbid"))
    return made


def repeated(names: Iterable[str], table: str, key: str) -> Iterator[Mistake]:
    """Yield a mistake for each name of a list that stood there before.

    >>> [str(mistake) for mistake in repeated(["a", "b", "a"], "nodes", "code")]
    ['nodes[2].code：“a”与前面的重复；可填：每个 code 只写一次']
    """
    seen: set[str] = set()
    for row, name in enumerate(names):
        if name in seen:
            loc: Loc = (table, row, key)
            yield Mistake(loc=loc, problem=f"“{name}”与前面的重复", accepted=f"每个 {key} 只写一次")
        seen.add(name)


def empty(rows: object, table: str) -> Iterator[Mistake]:
    """Yield a mistake where a list or mapping holds nothing."""
    if not rows:
        yield Mistake(loc=(table,), problem="一项也没有", accepted="至少一项")
