"""The tables of steps: each state and event by each role, taken or refused as the programme says; each guard alone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests.unit.review.table import ENDS, STEPS

from xunshui.review import (
    MACHINES,
    ROLE_TITLES,
    ApplicationFacts,
    Deadline,
    Machine,
    ObjectionFacts,
    RecommendationFacts,
    Role,
    RoundFacts,
    ScoringFacts,
    StepRefused,
)

NOW = dt.datetime(2024, 9, 1, tzinfo=dt.UTC)
OPEN = Deadline(at=NOW + dt.timedelta(microseconds=1))
SHUT = Deadline(at=NOW)
BY_NAME: dict[str, Machine[Any]] = {machine.name: machine for machine in MACHINES}

READY: dict[str, Any] = {
    "round": RoundFacts(selected=1, minutes_written=True, notice_over=True),
    "application": ApplicationFacts(
        now=NOW,
        filing=OPEN,
        recommending=OPEN,
        committed=True,
        truth_checked=True,
        indicators_checked=True,
        opinion_written=True,
        reason="理由",
        in_submitted_table=True,
        notice_over=True,
        fast_track=True,
        pilot_accepted=True,
    ),
    "recommendation": RecommendationFacts(
        now=NOW,
        deadline=OPEN,
        accepted=2,
        undecided=0,
        unranked=0,
        opinion_written=True,
        sealed=True,
        reason="理由",
        quota=2,
    ),
    "scoring": ScoringFacts(reason="理由"),
    "objection": ObjectionFacts(signed=True, has_facts=True, reason="意见"),
}
"""Facts under which nothing stands in the way of any step but `strike`, which needs an upheld objection."""


def facts_for(thing: str, event: str) -> Any:
    upheld = (thing, event) == ("application", "strike")
    return replace(READY[thing], objection_upheld=True) if upheld else READY[thing]


def events(machine: Machine[Any]) -> list[str]:
    return sorted({step.event for step in machine.steps})


EVERY = [
    (thing, state, event)
    for thing, machine in BY_NAME.items()
    for state, event in product(machine.states, events(machine))
]


def test_machines_are_those_of_the_programme() -> None:
    assert set(BY_NAME) == set(ENDS) == {thing for thing, _, _ in STEPS}
    assert {(thing, event) for thing, _, event in STEPS} == {(thing, event) for thing, _, event in EVERY}


@pytest.mark.parametrize(("thing", "state", "event"), EVERY, ids=[" ".join(key) for key in EVERY])
def test_step_is_taken_by_the_named_roles_alone_and_only_from_its_states(
    thing: str, state: str, event: str
) -> None:
    after, who = STEPS.get((thing, state, event), ("", frozenset()))
    taken = {}
    for role in Role:
        try:
            step = BY_NAME[thing].take(event, state=state, role=role, facts=facts_for(thing, event))
        except StepRefused as error:
            assert error.reasons
            assert all(error.reasons)
        else:
            taken[role.value] = step.after

    assert taken == dict.fromkeys(who, after)


@pytest.mark.parametrize(("thing", "state", "event"), EVERY, ids=[" ".join(key) for key in EVERY])
def test_offers_are_the_steps_that_can_be_taken(thing: str, state: str, event: str) -> None:
    _, who = STEPS.get((thing, state, event), ("", frozenset()))

    offered = {
        role.value
        for role in Role
        for offer in BY_NAME[thing].offers(state, role, facts_for(thing, event))
        if offer.step.event == event and offer.can_be_taken
    }

    assert offered == who


@pytest.mark.parametrize("thing", BY_NAME)
def test_every_state_can_be_reached_and_only_the_ends_are_ends(thing: str) -> None:
    machine = BY_NAME[thing]
    arrows = {(before, after) for (name, before, _), (after, _) in STEPS.items() if name == thing}
    reached = {str(machine.initial)}
    while more := {after for before, after in arrows if before in reached} - reached:
        reached |= more

    assert reached == set(machine.states)
    assert set(machine.states) - {before for before, _ in arrows} == ENDS[thing]


@pytest.mark.parametrize("thing", BY_NAME)
def test_diagram_draws_every_arrow_once_and_no_other(thing: str) -> None:
    machine = BY_NAME[thing]
    lines = machine.diagram().splitlines()

    drawn = [re.fullmatch(r" {4}(\S+) --> (\S+): (.+)（(.+)）", line) for line in lines]
    arrows = sorted((found[1], found[2], found[4]) for found in drawn if found)
    expected = sorted(
        (before, after, frozenset(who)) for (name, before, _), (after, who) in STEPS.items() if name == thing
    )

    titles = {title: role.value for role, title in ROLE_TITLES.items()}
    assert [
        (before, after, frozenset(titles[name] for name in who.split("、"))) for before, after, who in arrows
    ] == expected
    assert [line for line in lines if "[*]" in line] == [f"    [*] --> {machine.initial}"]
    assert lines[0] == "stateDiagram-v2"
    assert [line for line in lines if re.fullmatch(r" {4}\w+: \S+", line)] == [
        f"    {state}: {title}" for state, title in machine.states.items()
    ]


@pytest.mark.parametrize("thing", BY_NAME)
def test_no_state_has_two_steps_of_one_event(thing: str) -> None:
    arrows = [(step.event, state) for step in BY_NAME[thing].steps for state in step.before]

    assert len(arrows) == len(set(arrows))


# Guards: one fact changed, one reason told, for these steps and no others.

SUBMITS = {"submit", "resubmit"}
GUARDS: list[tuple[str, dict[str, Any], set[str], str]] = [
    ("round", {"deadlines_set": False}, {"open"}, "先设定"),
    ("round", {"still_open_bodies": 3}, {"begin_review"}, "还有 3 个推荐单位"),
    ("round", {"undecided": 2}, {"announce"}, "还有 2 个案例没有拟定结果"),
    ("round", {"selected": 0}, {"announce"}, "没有拟入选"),
    ("round", {"minutes_written": False}, {"announce"}, "会议纪要"),
    ("round", {"notice_over": False}, {"publish"}, "公示期还没有结束"),
    ("round", {"open_objections": 1}, {"publish"}, "还有 1 件异议"),
    ("application", {"filing": SHUT}, {*SUBMITS, "withdraw"}, "申报已于"),
    ("application", {"filing": None}, {*SUBMITS, "withdraw"}, "没有在受理申报"),
    (
        "application",
        {"recommending": SHUT},
        {"return", "reconsider", "recommend", "forward"},
        "推荐已于",
    ),
    (
        "application",
        {"recommending": None},
        {"return", "reconsider", "recommend", "forward"},
        "没有在受理推荐",
    ),
    ("application", {"mistakes": 4}, SUBMITS, "还有 4 处要补"),
    ("application", {"committed": False}, SUBMITS, "真实性承诺"),
    ("application", {"unconfirmed_partners": ("甲", "乙")}, SUBMITS, "尚未确认：甲、乙"),
    ("application", {"pilot_accepted": False}, {*SUBMITS, "forward"}, "P19"),
    ("application", {"fast_track": False}, {"forward"}, "2022 年试点"),
    ("application", {"truth_checked": False}, {"accept"}, "尚未核查真实性"),
    ("application", {"indicators_checked": False}, {"accept"}, "尚未核查指标符合性"),
    ("application", {"opinion_written": False}, {"accept"}, "推荐意见"),
    (
        "application",
        {"reason": " \n"},
        {"return", "decline", "screen_out", "strike", "delist"},
        "请写明理由",
    ),
    ("application", {"reviews_missing": 1}, {"select", "pass_over"}, "还缺 1 份"),
    ("application", {"in_submitted_table": False}, {"recommend"}, "推荐表还没有提交"),
    ("application", {"objection_upheld": False}, {"strike"}, "没有成立的异议"),
    ("application", {"objection_upheld": True}, {"publish"}, "应撤下"),
    ("application", {"open_objections": 2}, {"publish"}, "还有 2 件异议"),
    ("application", {"notice_over": False}, {"publish"}, "公示期还没有结束"),
    ("recommendation", {"deadline": SHUT}, {"submit", "reopen"}, "推荐已于"),
    ("recommendation", {"deadline": None}, {"submit", "reopen"}, "没有在受理推荐"),
    ("recommendation", {"accepted": 0}, {"submit"}, "推荐表是空的"),
    ("recommendation", {"undecided": 1}, {"submit"}, "还有 1 个已提交的申报没有审核"),
    ("recommendation", {"unranked": 1}, {"submit"}, "还有 1 个案例没有排序"),
    ("recommendation", {"opinion_written": False}, {"submit"}, "推荐意见"),
    ("recommendation", {"sealed": False}, {"submit"}, "盖章"),
    ("recommendation", {"accepted": 3}, {"submit"}, "推荐 3 个，超过名额 2 个"),
    ("recommendation", {"reason": ""}, {"reopen"}, "退回的理由"),
    ("scoring", {"reviewing": False}, {"hand_in", "reopen", "recuse"}, "评审已经结束"),
    ("scoring", {"conflicts": ("同一集团",)}, {"hand_in"}, "利益冲突：同一集团"),
    ("scoring", {"unscored": ("创新",)}, {"hand_in"}, "没有打分：创新"),
    ("scoring", {"unreasoned": ("创新",)}, {"hand_in"}, "没有写依据：创新"),
    ("scoring", {"reason": ""}, {"reopen", "recuse"}, "请写明情况"),
    ("objection", {"signed": False}, {"admit"}, "真实姓名"),
    ("objection", {"has_facts": False}, {"admit"}, "事实与证明材料"),
    ("objection", {"reason": ""}, {"reject", "uphold", "dismiss"}, "处理意见"),
]


@pytest.mark.parametrize(
    ("thing", "changes", "hindered", "told"),
    GUARDS,
    ids=[f"{thing} {' '.join(changes)}={list(changes.values())[0]}" for thing, changes, _, _ in GUARDS],
)
def test_guard_hinders_its_steps_and_no_others(
    thing: str, changes: dict[str, Any], hindered: set[str], told: str
) -> None:
    found = {}
    for name, state, event in STEPS:
        if name != thing:
            continue
        who = next(iter(STEPS[name, state, event][1]))
        try:
            BY_NAME[thing].take(
                event, state=state, role=Role(who), facts=replace(facts_for(thing, event), **changes)
            )
        except StepRefused as error:
            found[event] = error.reasons

    assert set(found) == hindered
    assert all(len(reasons) == 1 and told in reasons[0] for reasons in found.values())


def test_every_guard_of_the_machines_is_walked_above() -> None:
    walked = {
        (thing, event, guard.__name__)
        for thing, changes, hindered, _ in GUARDS
        for event in hindered
        for step in BY_NAME[thing].steps
        if step.event == event
        for guard in step.guards
        if guard(replace(facts_for(thing, event), **changes))
    }
    guards = {
        (thing, step.event, guard.__name__)
        for thing, machine in BY_NAME.items()
        for step in machine.steps
        for guard in step.guards
    }

    assert guards - walked == set()


def test_refusal_tells_every_reason_at_once() -> None:
    facts = ApplicationFacts(now=NOW, filing=SHUT, mistakes=2, unconfirmed_partners=("甲",))

    with pytest.raises(StepRefused) as refused:
        BY_NAME["application"].take("submit", state="draft", role=Role.APPLICANT, facts=facts)

    assert len(refused.value.reasons) == 4
    assert str(refused.value).startswith("不能“提交申报”：申报已于 2024年9月1日 08:00（北京时间） 截止")


def test_refusal_names_who_may_and_from_where() -> None:
    machine = BY_NAME["application"]

    with pytest.raises(StepRefused, match="只有省级主管部门可以，您是申报单位"):
        machine.take("accept", state="submitted", role=Role.APPLICANT, facts=READY["application"])
    with pytest.raises(StepRefused, match="申报现在是“填写中”，这一步只能从“已提交”“省级审核通过”开始"):
        machine.take("return", state="draft", role=Role.PROVINCE, facts=READY["application"])


def test_quota_may_be_used_up_and_none_is_no_limit() -> None:
    machine = BY_NAME["recommendation"]

    for facts in (READY["recommendation"], replace(READY["recommendation"], accepted=99, quota=None)):
        step = machine.take("submit", state="draft", role=Role.PROVINCE, facts=facts)
        assert step.after == "submitted"
