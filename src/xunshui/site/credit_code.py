"""Unified social credit codes (统一社会信用代码), GB 32100-2015."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_character(first_17: str) -> str | None:
    """Return the check character for the first 17 characters, or None where they are not of the alphabet.

    The weighted sum with weights 3^(i-1) mod 31, complemented to 31 (GB 32100-2015, 5.4).

    >>> check_character("91350100M000100Y4")
    '3'
    """
    if len(first_17) != 17 or any(character not in _ALPHABET for character in first_17):
        return None
    total = sum(
        _ALPHABET.index(character) * weight for character, weight in zip(first_17, _WEIGHTS, strict=True)
    )
    return _ALPHABET[-total % 31]
