"""An application (申报): from draft to a published case, notice 三（一）–（三）."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from xunshui.review.deadline import Deadline
from xunshui.review.machine import Machine, Step
from xunshui.review.role import Role


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECOMMENDED = "recommended"
    SCREENED_OUT = "screened_out"
    IN_REVIEW = "in_review"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    ON_NOTICE = "on_notice"
    STRUCK = "struck"
    PUBLISHED = "published"
    DELISTED = "delisted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """What the steps of an application depend on; the deadlines are those of its body, extensions included."""

    now: dt.datetime
    filing: Deadline | None = None
    recommending: Deadline | None = None
    mistakes: int = 0
    committed: bool = False
    unconfirmed_partners: tuple[str, ...] = ()
    fast_track: bool = False
    pilot_accepted: bool = False
    truth_checked: bool = False
    indicators_checked: bool = False
    opinion_written: bool = False
    reason: str = ""
    reviews_missing: int = 0
    in_submitted_table: bool = False
    objection_upheld: bool = False
    notice_over: bool = False
    open_objections: int = 0


def _filing_open(facts: ApplicationFacts) -> str | None:
    if facts.filing is None:
        return "本轮征集没有在受理申报"
    return None if facts.filing.is_open(facts.now) else f"申报已于 {facts.filing.text} 截止；请与推荐单位联系"


def _recommending_open(facts: ApplicationFacts) -> str | None:
    if facts.recommending is None:
        return "本轮征集没有在受理推荐"
    open_still = facts.recommending.is_open(facts.now)
    return None if open_still else f"推荐已于 {facts.recommending.text} 截止"


def _complete(facts: ApplicationFacts) -> str | None:
    return f"申报书还有 {facts.mistakes} 处要补，见“核对答案”" if facts.mistakes else None


def _committed(facts: ApplicationFacts) -> str | None:
    return None if facts.committed else "还没有签署真实性承诺"


def _partners(facts: ApplicationFacts) -> str | None:
    names = "、".join(facts.unconfirmed_partners)
    return f"联合申报单位尚未确认：{names}" if names else None


def _pilot_proven(facts: ApplicationFacts) -> str | None:
    missing = facts.fast_track and not facts.pilot_accepted
    return "直通申报须附 2022 年试点评估验收结果（P19）" if missing else None


def _is_fast_track(facts: ApplicationFacts) -> str | None:
    return None if facts.fast_track else "只有通过评估验收的 2022 年试点可以直接转交"


def _checked(facts: ApplicationFacts) -> str | None:
    missing = [
        name
        for name, done in (("真实性", facts.truth_checked), ("指标符合性", facts.indicators_checked))
        if not done
    ]
    return f"尚未核查{'、'.join(missing)}" if missing else None


def _opinion(facts: ApplicationFacts) -> str | None:
    return None if facts.opinion_written else "还没有写推荐意见"


def _reason(facts: ApplicationFacts) -> str | None:
    return None if facts.reason.strip() else "请写明理由，申报单位会看到"


def _reviewed(facts: ApplicationFacts) -> str | None:
    return f"还缺 {facts.reviews_missing} 份专家评分" if facts.reviews_missing else None


def _in_table(facts: ApplicationFacts) -> str | None:
    return None if facts.in_submitted_table else "推荐表还没有提交"


def _upheld(facts: ApplicationFacts) -> str | None:
    return None if facts.objection_upheld else "没有成立的异议"


def _undisputed(facts: ApplicationFacts) -> str | None:
    if facts.objection_upheld:
        return "异议成立，应撤下而不是公布"
    return f"还有 {facts.open_objections} 件异议没有办结" if facts.open_objections else None


def _notice_over(facts: ApplicationFacts) -> str | None:
    return None if facts.notice_over else "公示期还没有结束"


_S = ApplicationState
_HAND_IN = (_filing_open, _complete, _committed, _partners, _pilot_proven)

APPLICATION: Machine[ApplicationFacts] = Machine(
    name="application",
    title="申报",
    initial=_S.DRAFT,
    states={
        _S.DRAFT: "填写中",
        _S.SUBMITTED: "已提交",
        _S.RETURNED: "退回补正",
        _S.ACCEPTED: "省级审核通过",
        _S.DECLINED: "不予推荐",
        _S.RECOMMENDED: "已推荐",
        _S.SCREENED_OUT: "形式审查未通过",
        _S.IN_REVIEW: "专家评审",
        _S.SELECTED: "拟入选",
        _S.NOT_SELECTED: "未入选",
        _S.ON_NOTICE: "公示中",
        _S.STRUCK: "公示撤下",
        _S.PUBLISHED: "已公布",
        _S.DELISTED: "已移出",
    },
    steps=(
        Step(
            event="submit",
            title="提交申报",
            before=(_S.DRAFT,),
            after=_S.SUBMITTED,
            who=(Role.APPLICANT,),
            guards=_HAND_IN,
            effects=("答案、规则版本与评估结果一并封存", "推荐单位收到"),
        ),
        Step(
            event="resubmit",
            title="补正后提交",
            before=(_S.RETURNED,),
            after=_S.SUBMITTED,
            who=(Role.APPLICANT,),
            guards=_HAND_IN,
            effects=("封存新的一版，旧版保留",),
        ),
        Step(
            event="withdraw",
            title="撤回",
            before=(_S.SUBMITTED,),
            after=_S.DRAFT,
            who=(Role.APPLICANT,),
            guards=(_filing_open,),
            effects=("可以继续修改，截止前须重新提交",),
        ),
        Step(
            event="return",
            title="退回补正",
            before=(_S.SUBMITTED, _S.ACCEPTED),
            after=_S.RETURNED,
            who=(Role.PROVINCE,),
            guards=(_recommending_open, _reason),
            effects=("申报单位看到理由", "申报截止按补正期限延长"),
        ),
        Step(
            event="accept",
            title="审核通过",
            before=(_S.SUBMITTED,),
            after=_S.ACCEPTED,
            who=(Role.PROVINCE,),
            guards=(_checked, _opinion),
            effects=("列入推荐表",),
        ),
        Step(
            event="decline",
            title="不予推荐",
            before=(_S.SUBMITTED, _S.ACCEPTED),
            after=_S.DECLINED,
            who=(Role.PROVINCE,),
            guards=(_reason,),
            effects=("申报单位看到理由",),
        ),
        Step(
            event="reconsider",
            title="重新审核",
            before=(_S.DECLINED,),
            after=_S.SUBMITTED,
            who=(Role.PROVINCE,),
            guards=(_recommending_open,),
        ),
        Step(
            event="recommend",
            title="推荐",
            before=(_S.ACCEPTED,),
            after=_S.RECOMMENDED,
            who=(Role.PROVINCE,),
            guards=(_recommending_open, _in_table),
            effects=("随推荐表报送工业和信息化部",),
        ),
        Step(
            event="forward",
            title="直接转交",
            before=(_S.SUBMITTED,),
            after=_S.RECOMMENDED,
            who=(Role.PROVINCE,),
            guards=(_recommending_open, _is_fast_track, _pilot_proven),
            effects=("不经排序，转交工业和信息化部（节能与综合利用司）",),
        ),
        Step(
            event="screen_in",
            title="形式审查通过",
            before=(_S.RECOMMENDED,),
            after=_S.IN_REVIEW,
            who=(Role.MINISTRY,),
            effects=("可以分配专家",),
        ),
        Step(
            event="screen_out",
            title="形式审查不通过",
            before=(_S.RECOMMENDED,),
            after=_S.SCREENED_OUT,
            who=(Role.MINISTRY,),
            guards=(_reason,),
        ),
        Step(
            event="select",
            title="拟入选",
            before=(_S.IN_REVIEW,),
            after=_S.SELECTED,
            who=(Role.MINISTRY,),
            guards=(_reviewed,),
            effects=("随名单一次公开，此前不可见",),
        ),
        Step(
            event="pass_over",
            title="不入选",
            before=(_S.IN_REVIEW,),
            after=_S.NOT_SELECTED,
            who=(Role.MINISTRY,),
            guards=(_reviewed,),
            effects=("随名单一次公开，此前不可见",),
        ),
        Step(
            event="announce",
            title="公示",
            before=(_S.SELECTED,),
            after=_S.ON_NOTICE,
            who=(Role.MINISTRY,),
        ),
        Step(
            event="strike",
            title="公示撤下",
            before=(_S.ON_NOTICE,),
            after=_S.STRUCK,
            who=(Role.MINISTRY,),
            guards=(_upheld, _reason),
        ),
        Step(
            event="publish",
            title="公布",
            before=(_S.ON_NOTICE,),
            after=_S.PUBLISHED,
            who=(Role.MINISTRY,),
            guards=(_notice_over, _undisputed),
            effects=("进入公开案例库，编号不变",),
        ),
        Step(
            event="delist",
            title="移出",
            before=(_S.PUBLISHED,),
            after=_S.DELISTED,
            who=(Role.MINISTRY,),
            guards=(_reason,),
            effects=("案例页留下说明，地址不变",),
        ),
    ),
)
"""The table of an application."""
