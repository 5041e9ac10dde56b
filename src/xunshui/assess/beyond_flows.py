"""Of which indicators a reconciled water network cannot say how sure they are, and why."""

from __future__ import annotations

from xunshui.indicators import Value

TOLD_SHARE = "按文件所填的分摊水量或用量计算，不随水流校正"
TOLD_PART = "达标水量按文件所填，不随水流校正"
MEMBERS = "含成员内部的水量，不在本站点的水网之内"
COUNTS = "是个数之比，与水量无关"
UNTOLD = "所需的水流既无读数，也不能由平衡推算"
_COUNT = "条"
_TELLS_A_PART = "compliance_rate"


def beyond_flows(value: Value, *, is_told: bool) -> str:
    """Return why the flows do not tell this indicator's uncertainty, empty where they do.

    `is_told` says whether the reconciled flows give it a value and a variance.
    """
    if not is_told:
        return value.reason or UNTOLD
    if value.key == _TELLS_A_PART:
        return TOLD_PART
    if any(term.unit == _COUNT for term in value.terms):
        return COUNTS
    summed = [name for term in value.terms for name in term.streams]
    if not summed:
        return TOLD_SHARE
    return MEMBERS if any("/" in name for name in summed) else ""
