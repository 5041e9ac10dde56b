"""The Atom feed: what was published, and what was taken off again."""

from __future__ import annotations

import datetime as dt

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from xunshui.web.catalogue.shelf import Card, Stone, shelf

NEWEST = 60


class CasesFeed(Feed):  # type: ignore[type-arg]  # not subscriptable at run time
    """The newest cases, latest change first; an entry's id is its page's address."""

    feed_type = Atom1Feed
    title = "工业废水循环利用典型案例"
    link = "/catalogue/"
    feed_url = "/catalogue/feed.xml"
    subtitle = "新公布与移出的案例"
    author_name = "循水"

    def items(self) -> list[Card | Stone]:
        """Return the newest cards and stones."""
        stock = shelf()
        rows: list[Card | Stone] = [*stock.cards, *stock.stones]
        return sorted(rows, key=_moment, reverse=True)[:NEWEST]

    def item_title(self, item: Card | Stone) -> str:
        """Return the title of an entry."""
        return f"已移出：{item.case_name}" if isinstance(item, Stone) else item.case_name

    def item_description(self, item: Card | Stone) -> str:
        """Return the text of an entry."""
        if isinstance(item, Stone):
            return item.reason
        figure = item.figure
        told = f"{figure.title} {figure.value_text}。" if figure else ""
        return f"{item.applicant}（{item.province}，{item.direction_title}）。{told}{item.abstract}"

    def item_link(self, item: Card | Stone) -> str:
        """Return the address of the case."""
        return item.url

    def item_pubdate(self, item: Card | Stone) -> dt.datetime:
        """Return when it was published or taken off."""
        return _moment(item)

    def item_updateddate(self, item: Card | Stone) -> dt.datetime:
        """Return when it last changed."""
        return _moment(item)

    def item_categories(self, item: Card | Stone) -> list[str]:
        """Return direction, industry and province."""
        if isinstance(item, Stone):
            return ["已移出"]
        return [item.direction_title, item.industry_title, item.province]


def _moment(item: Card | Stone) -> dt.datetime:
    return item.delisted_at if isinstance(item, Stone) else item.published_at
