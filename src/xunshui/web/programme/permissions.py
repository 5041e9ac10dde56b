"""Who stands in which relation to what: predicates that read like the policy, and the querysets that follow.

A page or verb asks the relation; whether a step may be taken in the present state is asked of `review`.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xunshui.review import ApplicationState, Role, ScoringState
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.models import Application, Endorsement, Expert, Partner, Scoring
from xunshui.web.programme.models.application import RECOMMENDED_ON

SHOWN_TO_PUBLIC = (ApplicationState.PUBLISHED, ApplicationState.DELISTED)


class NotYours(PermissionError):
    """The actor stands in no relation to the thing that would allow the act."""


def owns(actor: Actor, application: Application) -> bool:
    """Return whether the actor's organisation is the lead applicant."""
    organisation = actor.organisation
    return (
        actor.role is Role.APPLICANT
        and organisation is not None
        and application.applicant_id == organisation.pk
    )


def applies(actor: Actor, application: Application) -> bool:
    """Return whether the actor's organisation is the lead or a joint applicant: the pages of the form are theirs."""
    return owns(actor, application) or takes_part(actor, application)


def takes_part(actor: Actor, application: Application) -> bool:
    """Return whether the actor's organisation is a joint applicant."""
    return (
        actor.organisation is not None
        and application.partners.filter(organisation=actor.organisation).exists()
    )


def recommends(actor: Actor, application: Application) -> bool:
    """Return whether the actor is the department that a submitted application goes to."""
    return (
        actor.role is Role.PROVINCE
        and actor.organisation is not None
        and actor.organisation.region == application.body
        and application.submitted_at is not None
    )


def may_endorse(actor: Actor, application: Application) -> bool:
    """Return whether the actor is an association and the application is before its province."""
    return actor.role is Role.ASSOCIATION and application.state == ApplicationState.SUBMITTED


def decides(actor: Actor, application: Application) -> bool:
    """Return whether the actor is the ministry and the application has reached it."""
    return actor.role is Role.MINISTRY and application.state in RECOMMENDED_ON


def reviews(actor: Actor, application: Application) -> bool:
    """Return whether the actor is an expert to whom the case is assigned and who has not recused."""
    return (
        expert_of(actor) is not None
        and application.scorings.exclude(state=ScoringState.CONFLICTED)
        .filter(expert__person=actor.person)
        .exists()
    )


def may_have_document(actor: Actor, application: Application) -> bool:
    """Return whether the actor may have the application as a document; what is being changed stays at home."""
    handed_in = not application.can_be_edited
    return applies(actor, application) or (
        handed_in and (recommends(actor, application) or decides(actor, application))
    )


def may_open_files(actor: Actor, application: Application) -> bool:
    """Return whether the actor may open the proof documents; an association reads the abstract only."""
    return any(holds(actor, application) for holds in (applies, recommends, decides, reviews))


def expert_of(actor: Actor) -> Expert | None:
    """Return the actor's entry in the expert pool, or None."""
    if actor.role is not Role.EXPERT or actor.person is None:
        return None
    return Expert.objects.filter(person=actor.person, active=True).first()


_RELATIONS = (
    (owns, Role.APPLICANT),
    (recommends, Role.PROVINCE),
    (decides, Role.MINISTRY),
    (reviews, Role.EXPERT),
    (may_endorse, Role.ASSOCIATION),
    (takes_part, Role.PARTNER),
)


def role_on(actor: Actor, application: Application) -> Role:
    """Return the part that the actor plays for this application; raises `NotYours` where it plays none."""
    for holds, role in _RELATIONS:
        if holds(actor, application):
            return role
    raise NotYours(f"{actor.label}与申报 {application.number} 没有可以办理的关系")


def visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the applications that the actor may read: the queryset behind every list and page."""
    return Application.objects.filter(_readable(actor))


def _readable(actor: Actor) -> Q:
    organisation = actor.organisation
    if organisation is None:
        return Q(pk__in=[])
    match actor.role:
        case Role.APPLICANT | Role.PARTNER:
            joint = Partner.objects.filter(organisation=organisation)
            return Q(applicant=organisation) | Q(pk__in=joint.values("application"))
        case Role.PROVINCE:
            return Q(body=organisation.region, submitted_at__isnull=False)
        case Role.ASSOCIATION:
            spoken_for = Endorsement.objects.filter(association=organisation)
            return Q(state=ApplicationState.SUBMITTED) | Q(pk__in=spoken_for.values("application"))
        case Role.MINISTRY:
            return Q(state__in=RECOMMENDED_ON)
        case Role.EXPERT:
            return Q(pk__in=_assigned_to(actor))
        case _:
            return Q(pk__in=[])


def _assigned_to(actor: Actor) -> QuerySet[Scoring, int]:
    assigned = Scoring.objects.exclude(state=ScoringState.CONFLICTED).filter(expert=expert_of(actor))
    return assigned.values_list("application_id", flat=True)
