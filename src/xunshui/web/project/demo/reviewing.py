"""What the demo's ministry and experts do: screen, assign, score, decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xunshui.review import ScoringState
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.assign import assign_round
from xunshui.web.programme.decide import stage, standings, write_minutes
from xunshui.web.programme.models import Expert, Round, Scoring
from xunshui.web.programme.score import hand_in, save_scores
from xunshui.web.programme.screen import screen
from xunshui.web.project.demo.filing import Case, Office

SCREENED_OUT = "推荐表未载明该案例排序，且缺少近三年无超计划用水证明原件。"
MINUTES = (
    "评审会于示例会议中心召开，应到专家全部到会。会议按加权平均分排序，逐案讨论线上线下案例，"
    "对分差较大的案例作了复议，一致同意下列名单。"
)
_REASONS = {
    "effect": "台账三年数据连续，改善幅度与水表一致",
    "innovation": "对堵点有针对性，单元组合有新意",
    "evidence": "主要数值能追到水表和票据",
    "spread": "同类单位条件相近，可以照做",
    "synergy": "能耗与排放同步下降，有核算",
}


class Experts:
    """The pool with the actor of each of its members."""

    def __init__(self, pool: Sequence[tuple[Actor, Expert]]) -> None:
        """Keep the actors by the expert's id."""
        self.pool = list(pool)
        self._actors = {expert.pk: actor for actor, expert in pool}

    def actor(self, scoring: Scoring) -> Actor:
        """Return who holds a review."""
        return self._actors[scoring.expert_id]


def screen_all(office: Office, cases: Sequence[Case], *, out: int) -> None:
    """Let the cases into the review, all but the last `out`."""
    for place, case in enumerate(cases):
        passes = place < len(cases) - out
        reason = "" if passes else SCREENED_OUT
        screen(
            case.number, passes=passes, reason=reason, actor=office.cast.ministry, now=office.calendar.later()
        )


def assign_all(office: Office) -> None:
    """Assign every case in review."""
    round_ = Round.objects.get(pk=office.round.pk)
    assign_round(round_, actor=office.cast.ministry, now=office.calendar.later(60))


def score(office: Office, experts: Experts, scoring: Scoring, *, finished: bool = True) -> None:
    """Score a case by its rubric and hand it in; an unfinished one has the first two criteria only."""
    random = office.cast.random
    level = random.randint(66, 88)
    rubric = [row["id"] for row in office.round.rubric][: None if finished else 2]
    scores = {
        key: {"score": str(min(level + random.randint(-6, 9), 100)), "reason": _REASONS[key]}
        for key in rubric
    }
    actor = experts.actor(scoring)
    comment = "总体可信，建议补充浓水去向的长期数据。" if finished else ""
    save_scores(scoring.pk, scores, comment=comment, actor=actor, now=office.calendar.later(3))
    if finished:
        hand_in(scoring.pk, actor=actor, now=office.calendar.later(3))


def waiting(office: Office, numbers: Iterable[str] | None = None) -> list[Scoring]:
    """Return the reviews of a round that are not handed in, of these cases or of all."""
    rows = Scoring.objects.filter(application__round=office.round, state=ScoringState.ASSIGNED)
    if numbers is not None:
        rows = rows.filter(application__number__in=list(numbers))
    return list(rows.select_related("expert__person", "application").order_by("application__number", "pk"))


def decide_all(office: Office, *, selected: int) -> list[str]:
    """Stage the outcomes: the best `selected` are in. Returns their numbers, best first."""
    chosen = []
    for place, standing in enumerate(standings(office.round)):
        number, is_in = standing.application.number, place < selected
        stage(
            number,
            selected=is_in,
            reason="评审得分居前，会议同意" if is_in else "得分在线下",
            actor=office.cast.ministry,
            now=office.calendar.later(2),
        )
        chosen += [number] if is_in else []
    write_minutes(office.round, MINUTES, actor=office.cast.ministry, now=office.calendar.later())
    return chosen
