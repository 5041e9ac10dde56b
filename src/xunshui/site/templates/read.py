"""The templates that the package carries, and how one is read."""

from __future__ import annotations

from importlib.resources import files

from xunshui.site.model import Site
from xunshui.site.read import site_from_json

TITLES = {
    "steel": "钢铁联合企业",
    "petrochemical": "炼化一体化企业",
    "nonferrous": "铜冶炼厂",
    "paper": "浆纸企业",
    "textile": "印染厂",
    "food": "啤酒厂",
    "other": "其他行业（表面处理与涂装）",
    "park": "工业园区",
    "data_centre": "数据中心",
}
"""The Chinese title of every template, by its name, in the order in which they are offered."""


class UnknownTemplate(ValueError):
    """A template that does not exist; `accepted` holds the names of those that do."""

    def __init__(self, name: str) -> None:
        """Say which name was asked for and which would be accepted."""
        self.name = name
        self.accepted = names()
        offered = "、".join(f"{accepted}（{TITLES[accepted]}）" for accepted in self.accepted)
        super().__init__(f"没有名为“{name}”的模板；可选：{offered}")


def names() -> tuple[str, ...]:
    """Return the names of all templates."""
    return tuple(TITLES)


def template(name: str) -> Site:
    """Return the template of that name; raises `UnknownTemplate` with the names that exist."""
    if name not in TITLES:
        raise UnknownTemplate(name)
    file = files("xunshui.site.templates") / f"{name}.json"
    return site_from_json(file.read_bytes(), file=file.name)
