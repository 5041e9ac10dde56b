"""An organisation registers with its first account."""

from __future__ import annotations

from django.db import transaction

from xunshui.web.accounts.models import Membership, Organisation, Part, Person


@transaction.atomic
def register_organisation(
    *, name: str, kind: str, credit_code: str, region: str, username: str, person_name: str, password: str
) -> Membership:
    """Make an organisation with its first member, who signs for it.

    Raises Django's `ValidationError` with all mistakes of the organisation at once.
    """
    organisation = Organisation(name=name, kind=kind, credit_code=credit_code.strip().upper(), region=region)
    organisation.full_clean()
    organisation.save()
    person = Person.objects.create_user(username=username, password=password, name=person_name)
    return Membership.objects.create(person=person, organisation=organisation, part=Part.SIGNATORY)
