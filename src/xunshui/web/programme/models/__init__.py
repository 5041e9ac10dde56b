"""The records of the programme, one file a subject."""

from xunshui.web.programme.models.application import (
    Application,
    Attachment,
    Partner,
    SectionAnswers,
    Submission,
)
from xunshui.web.programme.models.followup import FollowUp, Question, Support
from xunshui.web.programme.models.objection import Objection
from xunshui.web.programme.models.province import Endorsement, Recommendation
from xunshui.web.programme.models.round import Extension, Round, RoundDeadline
from xunshui.web.programme.models.scoring import Expert, Scoring

__all__ = [
    "Application",
    "Attachment",
    "Endorsement",
    "Expert",
    "Extension",
    "FollowUp",
    "Objection",
    "Partner",
    "Question",
    "Recommendation",
    "Round",
    "RoundDeadline",
    "Scoring",
    "SectionAnswers",
    "Submission",
    "Support",
]
