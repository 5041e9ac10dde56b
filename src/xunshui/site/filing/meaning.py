"""What a field's id means beyond its type: codes that have a shape of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xunshui.site.credit_code import check_character
from xunshui.site.mistakes import shown


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one value, before it is known where it stands."""

    problem: str
    accepted: str = ""


def wrong_meaning(field_id: str, value: Any) -> Wrong | None:
    """Return what is wrong with the value of a field by what the field means, or None."""
    check = _CHECKS.get(field_id)
    return check(value) if check and isinstance(value, str) and value else None


def _credit_code(code: str) -> Wrong | None:
    expected = check_character(code[:17]) if len(code) == 18 else None
    if expected is None:
        return Wrong(f"“{shown(code)}”不是统一社会信用代码", "18 位数字与大写字母（不含 I、O、S、V、Z）")
    if code[17] != expected:
        return Wrong(f"“{shown(code)}”的校验位不符", f"末位应为 {expected}，请核对前 17 位")
    return None


def _industry(code: str) -> Wrong | None:
    if re.fullmatch(r"[0-9]{2,4}", code):
        return None
    return Wrong(f"“{shown(code)}”不是行业代码", "GB/T 4754 的 2–4 位数字，如 3120")


_CHECKS: dict[str, Callable[[str], Wrong | None]] = {"credit_code": _credit_code, "industry": _industry}
