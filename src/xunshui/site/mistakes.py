"""Mistakes in a site's file: where, what is wrong, and what would be accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Loc = tuple[str | int, ...]
"""Where a value stands in the model: ("streams", 3, "to")."""

Locate = Callable[[Loc], str]
"""Tells a person where in their own file a value stands: a cell of a sheet, or a path in JSON."""

MOST_CHOICES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong in a site's file."""

    loc: Loc
    problem: str
    accepted: str = ""
    place: str = ""

    def __str__(self) -> str:
        """Say it in one line: place, problem, what would be accepted."""
        end = f"；可填：{self.accepted}" if self.accepted else ""
        return f"{self.place or json_place(self.loc)}：{self.problem}{end}"


class SiteFileInvalid(ValueError):
    """A site's file with mistakes; `mistakes` holds all of them."""

    def __init__(self, file: str, mistakes: Iterable[Mistake]) -> None:
        """Keep the name of the file and every mistake found in it."""
        self.file = file
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  {mistake}" for mistake in self.mistakes)
        super().__init__(f"{file} 有 {len(self.mistakes)} 处需要改正：\n{lines}")


def json_place(loc: Loc) -> str:
    """Return the path of a value as it is written for JSON.

    >>> json_place(("streams", 3, "to"))
    'streams[3].to'
    """
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return steps.lstrip(".") or "文件"


def choices(names: Iterable[str]) -> str:
    """Return names as a list a person can pick from, cut after a dozen."""
    listed = list(names)
    text = "、".join(listed[:MOST_CHOICES])
    return f"{text} 等 {len(listed)} 个" if len(listed) > MOST_CHOICES else text or "（无）"


def shown(value: object) -> str:
    """Return what the user typed, short enough to stand in a message and safe to print."""
    text = str(value).encode("utf-8", "backslashreplace").decode()
    text = "".join(character if character.isprintable() else "·" for character in text)
    return text if len(text) <= 40 else f"{text[:37]}…"
