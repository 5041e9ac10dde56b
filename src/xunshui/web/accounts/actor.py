"""The actor: a person acting for an organisation, in the part that the organisation's kind gives."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from xunshui.review import Role
from xunshui.web.accounts.models import Membership, Organisation, Part, Person

ACTING = "acting"
"""The session's key for the membership a person chose to act in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts; everyone without a membership is the public."""

    person: Person | None = None
    organisation: Organisation | None = None
    signs: bool = False

    @property
    def role(self) -> Role:
        """Return the part in which the actor acts."""
        return self.organisation.role if self.organisation else Role.PUBLIC

    @property
    def label(self) -> str:
        """Return who this is, as the trail keeps it after the account is gone."""
        if self.person is None:
            return "公众"
        return f"{self.person.name}（{self.organisation}）" if self.organisation else self.person.name


PUBLIC = Actor()


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request: the membership chosen in the session, or the person's first."""
    person = request.user
    if not isinstance(person, Person):
        return PUBLIC
    memberships = list(Membership.objects.filter(person=person).select_related("organisation").order_by("id"))
    chosen = request.session.get(ACTING)
    membership = next(
        (row for row in memberships if row.pk == chosen), memberships[0] if memberships else None
    )
    if membership is None:
        return Actor(person=person)
    return Actor(person=person, organisation=membership.organisation, signs=membership.part == Part.SIGNATORY)
