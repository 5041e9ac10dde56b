"""Marks that tell by which readings of the notice a gate was judged."""

from __future__ import annotations

from dataclasses import replace

from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement, Mark


def with_readings(
    ground: Ground, judgement: Judgement, *, always: tuple[str, ...], else_only: tuple[str, ...]
) -> Judgement:
    """Return the judgement marked with its readings: those of `always`, and of `else_only` where not the default is chosen."""
    marks = [_mark(ground, reading) for reading in always]
    marks += [_mark(ground, reading) for reading in else_only if _departs(ground, reading)]
    return replace(judgement, marks=(*judgement.marks, *marks)) if marks else judgement


def _departs(ground: Ground, reading_id: str) -> bool:
    return ground.readings[reading_id] != ground.register.reading(reading_id).options[0].id


def _mark(ground: Ground, reading_id: str) -> Mark:
    reading = ground.register.reading(reading_id)
    chosen = next(option for option in reading.options if option.id == ground.readings[reading_id])
    if _departs(ground, reading_id):
        return Mark("departure", f"改用释义 {reading_id}={chosen.id}：{chosen.text}")
    return Mark("reading", f"释义：{chosen.text.split('；')[0]}")
