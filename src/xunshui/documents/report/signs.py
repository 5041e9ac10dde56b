"""What a state looks like on paper: a word, a shape and a tone of colour, never one of them alone.

>>> SIGNS[Outcome.NOT_MET].text
'▲ 未达到'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xunshui.assess import Severity
from xunshui.documents.typeset import shortened
from xunshui.rules import OUTCOME_TITLES, Mark, Outcome

Tone = Literal["met", "bad", "warn", "unknown", "plain"]


@dataclass(frozen=True, slots=True)
class Sign:
    """A state as it is drawn."""

    word: str
    shape: str
    tone: Tone

    @property
    def text(self) -> str:
        """Return shape and word."""
        return f"{self.shape} {self.word}"


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark that must be seen beside an outcome: a short word, and what it means here."""

    word: str
    text: str
    tone: Tone


SIGNS = {
    Outcome.MET: Sign(OUTCOME_TITLES[Outcome.MET], "●", "met"),
    Outcome.NOT_MET: Sign(OUTCOME_TITLES[Outcome.NOT_MET], "▲", "bad"),
    Outcome.NOT_APPLICABLE: Sign(OUTCOME_TITLES[Outcome.NOT_APPLICABLE], "–", "plain"),
    Outcome.CANNOT_TELL: Sign(OUTCOME_TITLES[Outcome.CANNOT_TELL], "?", "unknown"),
}
CLOSES = {True: Sign("闭合", "●", "met"), False: Sign("不闭合", "▲", "bad"), None: SIGNS[Outcome.CANNOT_TELL]}
SEVERITIES = {Severity.WARNING: Sign("须核对", "▲", "warn"), Severity.NOTE: Sign("提示", "–", "plain")}

_TAG_WORDS: dict[str, tuple[str, Tone]] = {
    "unverified": ("未核实", "warn"),
    "disputed": ("存在争议", "warn"),
    "example": ("示例值", "warn"),
    "departure": ("改用释义", "warn"),
    "user_supplied": ("申报人提供", "plain"),
    "self_classified": ("自选归类", "plain"),
    "derived": ("本项目推定", "plain"),
    "reading": ("释义", "plain"),
    "reclaimed_factor": ("再生水系数", "plain"),
}


def tag(mark: Mark) -> Tag:
    """Return the mark as a tag.

    >>> tag(Mark("unverified", "未核实"))
    Tag(word='未核实', text='', tone='warn')
    """
    word, tone = _TAG_WORDS.get(mark.code, ("注", "plain"))
    text = shortened(mark.text).removeprefix(f"{word}：")
    return Tag(word, "" if text == word else text, tone)
