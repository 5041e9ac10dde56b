"""The programme's rules of conduct: who may do what, in which state, until when. Plain Python, no clock, no Django.

Each thing that moves through the programme (a round, an application, a recommendation, an expert's review,
an objection) has one table of steps; the table is what the web enforces, the manual prints and the tests walk.

>>> import datetime as dt
>>> deadline = Deadline(at=dt.datetime.fromisoformat("2024-10-01T00:00:00+08:00"))
>>> deadline.is_open(dt.datetime.fromisoformat("2024-09-30T15:59:59.999+00:00"))
True
>>> [offer.step.event for offer in APPLICATION.offers("draft", Role.APPLICANT)]
['submit']
"""

from xunshui.review.application import APPLICATION, ApplicationFacts, ApplicationState
from xunshui.review.deadline import Deadline
from xunshui.review.machine import Machine, Offer, Step, StepRefused
from xunshui.review.objection import OBJECTION, ObjectionFacts, ObjectionState
from xunshui.review.recommendation import RECOMMENDATION, RecommendationFacts, RecommendationState
from xunshui.review.role import ROLE_TITLES, Role
from xunshui.review.round import ROUND, RoundFacts, RoundState
from xunshui.review.scoring import SCORING, ScoringFacts, ScoringState

MACHINES = (ROUND, APPLICATION, RECOMMENDATION, SCORING, OBJECTION)

__all__ = [
    "APPLICATION",
    "MACHINES",
    "OBJECTION",
    "RECOMMENDATION",
    "ROLE_TITLES",
    "ROUND",
    "SCORING",
    "ApplicationFacts",
    "ApplicationState",
    "Deadline",
    "Machine",
    "ObjectionFacts",
    "ObjectionState",
    "Offer",
    "RecommendationFacts",
    "RecommendationState",
    "Role",
    "RoundFacts",
    "RoundState",
    "ScoringFacts",
    "ScoringState",
    "Step",
    "StepRefused",
]
