"""Accounts of officials: made by whoever runs the installation, never through a page."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from xunshui.web.accounts.models import Membership, Organisation, Part, Person


@transaction.atomic
def add_official(
    *, kind: str, organisation: str, region: str, username: str, name: str, password: str
) -> Membership:
    """Add a person who signs for an organisation, which is made where there is none of that name and kind.

    Raises Django's `ValidationError` for a login that exists and for a weak password.
    """
    if Person.objects.filter(username=username).exists():
        raise ValidationError(f"账号“{username}”已有人使用，请换一个")
    person = Person(username=username, name=name)
    person.full_clean(exclude=["password"])
    validate_password(password, person)
    person.set_password(password)
    person.save()
    body, _ = Organisation.objects.get_or_create(
        kind=kind, name=organisation, region=region, defaults={"verified": True}
    )
    return Membership.objects.create(person=person, organisation=body, part=Part.SIGNATORY)
