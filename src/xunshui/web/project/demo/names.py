"""Names that nobody can take for real: people after the ten stems, companies with 示例 in their name."""

from __future__ import annotations

from itertools import count, product

from xunshui.site.credit_code import check_character

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_WORDS = (
    "白鹭", "青禾", "云岫", "松涛", "石泉", "望舒", "清渠", "长汀", "雁来", "芦荻", "漱玉", "沧浪",
    "听泉", "鹤鸣", "澄江", "兰渚", "溪山", "晴川", "枕流", "观澜", "碧涧", "南浦", "柳塘", "寒潭",
)  # fmt: skip
_TRADES = {
    "steel": "钢铁",
    "petrochemical": "石化",
    "nonferrous": "铜业",
    "paper": "纸业",
    "textile": "印染",
    "food": "啤酒",
    "other": "汽车零部件",
}
_OTHER_KINDS = {"park": "示例工业园区管理委员会", "data_centre": "示例数据中心有限公司"}
_people = [f"{surname}{stem}" for stem, surname in product(_STEMS, _SURNAMES)]


class Names:
    """Gives every name and number once, always in the same order."""

    def __init__(self) -> None:
        """Begin at the first."""
        self._people = iter(_people * 10)
        self._codes = count(1)
        self._words = count()

    def person(self) -> str:
        """Return the next person's name."""
        return next(self._people)

    def applicant(self, template: str, place: str) -> str:
        """Return the next applicant's name for a trade and a place."""
        word = _WORDS[next(self._words) % len(_WORDS)]
        tail = _OTHER_KINDS.get(template, f"示例{_TRADES.get(template, '')}有限公司")
        return f"{place}{word}{tail}"

    def credit_code(self, region: str, *, registry: str = "91") -> str:
        """Return the next credit code of a region, with its check character (GB 32100-2015)."""
        first = f"{registry}{region.ljust(6, '0')}MAXX{next(self._codes):05}"
        return f"{first}{check_character(first)}"
