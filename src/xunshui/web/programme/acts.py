"""The acts of the trail in words: the steps of the tables by their titles, the rest by this list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xunshui.review import MACHINES
from xunshui.web.trail.models import Entry

_OTHERS = {
    "application.start": "新建申报",
    "application.commit": "签署承诺",
    "application.check": "核查",
    "attachment.add": "上传材料",
    "attachment.remove": "移除材料",
    "attachment.read": "打开材料",
    "evidence.replay": "复算证据包",
    "expert.add": "加入专家库",
    "expert.change": "修改专家",
    "objection.file": "提出异议",
    "read.case": "查阅申报",
    "read.expert": "查阅专家信息",
    "read.objection": "查阅异议人信息",
    "recommendation.rank": "排序",
    "recommendation.seal": "上传盖章件",
    "recommendation.write": "编制推荐表",
    "round.assign": "分配专家",
    "round.assign_one": "单独分配专家",
    "round.deadline": "设定截止时刻",
    "round.extend": "延期",
    "round.minutes": "写会议纪要",
    "round.prepare": "筹备轮次",
    "round.settle": "设定评审",
    "token.fill": "用令牌填写",
    "token.make": "生成接口令牌",
    "token.revoke": "吊销接口令牌",
    "token.use": "使用接口令牌",
    "trail.export": "导出审计记录",
}
_STEPS = {f"{machine.name}.{step.event}": step.title for machine in MACHINES for step in machine.steps}
_STATES = {machine.name: machine.states for machine in MACHINES}
_KEYS = {
    "after": "改后",
    "answer": "处理意见",
    "because": "为什么",
    "before": "改前",
    "bound": "匹配度上限",
    "case": "案例",
    "cases": "案例",
    "code": "类别",
    "digest": "摘要",
    "expert": "专家",
    "file": "文件",
    "opinion": "意见",
    "order": "次序",
    "pairs": "分配",
    "reason": "理由",
    "scores": "各项",
    "text": "内容",
    "total": "合计",
}


def act_title(act: str) -> str:
    """Return an act in words, or its code where none is known."""
    return _OTHERS.get(act) or _STEPS.get(act, act)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the trail as a person reads it."""

    entry: Entry

    @property
    def title(self) -> str:
        """Return the act in words."""
        return act_title(self.entry.act)

    @property
    def detail(self) -> str:
        """Return what else was kept of the act, in one line; empty where nothing was."""
        told = dict(self.entry.body.get("detail", {}))
        moved = _moved(self.entry.act, told)
        rest = [
            f"{_KEYS.get(key, key)} {_short(value)}" for key, value in told.items() if value or value == 0
        ]
        return "；".join([*moved, *rest])


def lines_of(chain: str, subject: str) -> list[Line]:
    """Return what was done to one thing, newest first; who only read it stands in the trail itself."""
    rows = Entry.objects.filter(chain=chain, subject=subject).exclude(act__startswith="read.")
    return as_lines(rows.order_by("-seq"))


def as_lines(rows: Iterable[Entry]) -> list[Line]:
    """Return rows as a person reads them."""
    return [Line(row) for row in rows]


def _moved(act: str, told: dict[str, Any]) -> list[str]:
    """Return the step from state to state in words, and take it out of what is told."""
    states = _STATES.get(act.partition(".")[0], {})
    before, after = told.get("before"), told.get("after")
    if not isinstance(before, str) or not isinstance(after, str):
        return []
    del told["before"], told["after"]
    return [f"{states.get(before, before)} → {states.get(after, after)}"]


def _short(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and all(isinstance(row, dict) and "score" in row for row in value.values()):
        return "、".join(str(row["score"]) for row in value.values())
    return json.dumps(value, ensure_ascii=False)
