"""Make the demo's data: all of it or, where something stops the making, none."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from xunshui.web.programme.models import Application, Round
from xunshui.web.project.demo.calendar import day
from xunshui.web.project.demo.experts import fill_pool
from xunshui.web.project.demo.past import noticed_round, published_round, reviewing_round
from xunshui.web.project.demo.people import Cast
from xunshui.web.project.demo.plant import store_plant
from xunshui.web.project.demo.present import open_round
from xunshui.web.project.demo.reviewing import Experts

SEED = 280


def is_made() -> bool:
    """Return whether there are rounds already."""
    return Round.objects.exists()


@transaction.atomic
def make_demo(tell: Callable[[str], None]) -> int:
    """Make four rounds through the verbs, telling of each; return how many cases there are.

    One transaction around everything: a demo that was interrupted is made anew, never mended.
    """
    cast = Cast(SEED)
    tell("单位与人员：工业和信息化部、37 个推荐单位、行业协会")
    experts = Experts(fill_pool(cast, day(2021, 7, 1)))
    tell("专家库：45 位专家")
    for title, made in (
        ("2021 年轮次：已公布，有年度跟踪、支持与提问", published_round),
        ("2022 年轮次：公示中，异议处于各种状态", noticed_round),
        ("2023 年轮次：评审中，部分已评分", reviewing_round),
    ):
        made(cast, experts)
        tell(title)
    open_round(cast)
    store_plant(day(2024, 9, 1))
    tell("2024 年轮次：征集中，申报处于各种状态")
    return Application.objects.count()
