"""The form of a round: which rows it is made of, what is still wrong in an application's answers."""

from __future__ import annotations

from functools import cache

from xunshui.register import AttachmentKind, Form, application_form, attachment_kinds, register
from xunshui.site.filing import AnswerMistake, check_answers
from xunshui.site.kinds import SiteKind
from xunshui.web.programme.models import Application, Round


@cache
def form_for(notice: str) -> Form:
    """Return the form that applications of a notice are filled in by."""
    return application_form(notice)


def years_of(round_: Round) -> tuple[int, ...]:
    """Return the full calendar years that a round's ledger covers, oldest first."""
    return register(round_.notice).notice.years


def mistakes_in(application: Application, *, draft: bool = False) -> tuple[AnswerMistake, ...]:
    """Return everything that is wrong in an application's answers; a draft may lack what is required."""
    round_ = application.round
    return check_answers(
        form_for(round_.notice),
        application.answers,
        kind=SiteKind(application.kind),
        years=years_of(round_),
        draft=draft,
    )


def missing_documents(application: Application) -> tuple[AttachmentKind, ...]:
    """Return the kinds of proof that the application needs and does not have as a usable file."""
    there, joint = {row.code for row in application.usable_proofs}, bool(application.partners.all())
    return tuple(
        kind
        for kind in attachment_kinds()
        if kind.code not in there
        and kind.is_required(
            kind=SiteKind(application.kind),
            direction=application.direction,
            fast_track=application.fast_track,
            joint=joint,
        )
    )
