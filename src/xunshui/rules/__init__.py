"""Rules: does a site meet the conditions of a programme, by what margin and on which evidence?

Every judgement is one of four outcomes and carries its inputs, its threshold, its clause and the
marks a reader must see. What cannot be told is said so.

>>> all_of([Outcome.MET, Outcome.CANNOT_TELL])
<Outcome.CANNOT_TELL: 'cannot_tell'>
"""

from xunshui.rules.judgement import Distance, Judgement, Mark
from xunshui.rules.outcome import OUTCOME_TITLES, Outcome, all_of, any_of
from xunshui.rules.readings import UnknownReading, choose
from xunshui.rules.verdict import Verdict, judge

__all__ = [
    "OUTCOME_TITLES",
    "Distance",
    "Judgement",
    "Mark",
    "Outcome",
    "UnknownReading",
    "Verdict",
    "all_of",
    "any_of",
    "choose",
    "judge",
]
