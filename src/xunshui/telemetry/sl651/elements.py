"""What the elements of SL 651 are called, and in which unit they are told.

Names and units follow two public programs, which agree; the standard's own table was not read. They are shown and
never reckoned with: a value stays in the station's unit, and the site's points say which that is.
"""

from __future__ import annotations

from collections.abc import Iterator


def _numbered(first: int, count: int, title: str, unit: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for number in range(count):
        yield f"{first + number:02X}", (f"{title} {number + 1}", unit)


ELEMENTS: dict[str, tuple[str, str]] = {
    "01": ("断面面积", "m²"),
    "02": ("瞬时气温", "℃"),
    "03": ("瞬时水温", "℃"),
    "06": ("日蒸发量", "mm"),
    "07": ("当前蒸发", "mm"),
    "08": ("气压", "hPa"),
    "09": ("闸门开启高度", "m"),
    "0E": ("地下水瞬时埋深", "m"),
    "18": ("湿度", "%"),
    "19": ("开机台数", ""),
    "1A": ("1 小时降水量", "mm"),
    "1F": ("日降水量", "mm"),
    "20": ("当前降水量", "mm"),
    "22": ("5 分钟降水量", "mm"),
    "25": ("暴雨量", "mm"),
    "26": ("降水量累计值", "mm"),
    "27": ("瞬时流量", "m³/s"),
    **dict(_numbered(0x28, 8, "取（排）水口流量", "m³/s")),
    "30": ("总出库流量、过闸总流量", "m³/s"),
    "31": ("输水设备流量、过闸流量", "m³/s"),
    "36": ("断面平均流速", "m/s"),
    "37": ("当前瞬时流速", "m/s"),
    "38": ("电源电压", "V"),
    "39": ("瞬时水位", "m"),
    "3A": ("库（闸、站）下水位", "m"),
    "3B": ("库（闸、站）上水位", "m"),
    **dict(_numbered(0x3C, 8, "取（排）水口水位", "m")),
    "44": ("含沙量", "kg/m³"),
    "45": ("遥测站状态及报警", ""),
    "46": ("pH", ""),
    "47": ("溶解氧", "mg/L"),
    "48": ("电导率", "µS/cm"),
    "49": ("浊度", "度"),
    "4A": ("高锰酸盐指数", "mg/L"),
    "4B": ("氧化还原电位", "mV"),
    "4C": ("氨氮", "mg/L"),
    "4D": ("总磷", "mg/L"),
    "4E": ("总氮", "mg/L"),
    "4F": ("总有机碳", "mg/L"),
    **dict(_numbered(0x58, 8, "水压", "kPa")),
    **{code: (f"{title} 剩余水量", unit) for code, (title, unit) in _numbered(0x60, 8, "水表", "m³")},
    **{code: (f"{title} 每小时水量", unit) for code, (title, unit) in _numbered(0x68, 8, "水表", "m³/h")},
    "70": ("交流 A 相电压", "V"),
    "71": ("交流 B 相电压", "V"),
    "72": ("交流 C 相电压", "V"),
    "73": ("交流 A 相电流", "A"),
    "74": ("交流 B 相电流", "A"),
    "75": ("交流 C 相电流", "A"),
}


def title_of(element: str) -> str:
    """Return what an element is called, or nothing where it is not known.

    >>> title_of("69"), title_of("FF01")
    ('水表 2 每小时水量', '')
    """
    return ELEMENTS.get(element, ("", ""))[0]


def unit_of(element: str) -> str:
    """Return the unit an element is told in, or nothing where it has none or is not known."""
    return ELEMENTS.get(element, ("", ""))[1]
