"""Small builders for the tests of the interface: a member with a token, a draft, a draft that is all filled in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from random import Random
from typing import Any, cast

from django.http import HttpResponse
from django.test import Client
from tests.unit.web.programme.ministry_build import client_of, code, member, organisation
from tests.unit.web.programme.province_build import open_round

from xunshui.register import application_form
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import OrganisationKind, Person
from xunshui.web.api.scope import Scope
from xunshui.web.api.token import Made, make_token
from xunshui.web.programme import clock
from xunshui.web.programme.attach import attach
from xunshui.web.programme.fill import save_section
from xunshui.web.programme.form import missing_documents
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.start import start
from xunshui.web.project.demo.papers import paper
from xunshui.web.project.demo.sites import Answers, invented_answers
from xunshui.web.trail.models import Entry

STEEL = "示例钢铁"
JSON = "application/json"
PROBLEM = "application/problem+json"
LIFETIME = dt.timedelta(days=90)


def applicant(serial: int = 1, *, username: str = "", signs: bool = True) -> Actor:
    """Return a member of an enterprise in Hebei; another serial is another enterprise."""
    body = organisation(
        f"{STEEL} {serial}",
        OrganisationKind.ENTERPRISE,
        credit_code=code(f"91130200MA0EX{serial:04}"),
        region="13",
    )
    return Actor(person=member(username or f"steel-{serial}", body, "赵经办"), organisation=body, signs=signs)


def browser(actor: Actor) -> Client:
    """Return the client of a member who just logged in with no password to prove."""
    person = actor.person
    assert isinstance(person, Person)
    person.set_unusable_password()
    person.save()
    return client_of(person)


def draft(actor: Actor, round_: Round | None = None, case_name: str = "浓盐水分级回用") -> Application:
    """Return a new application of the actor."""
    return start(round_ or open_round(), case_name=case_name, direction="D1", actor=actor, now=clock.now())


def complete(actor: Actor) -> Application:
    """Return an application whose answers and documents lack nothing; the commitment is not signed."""
    row = draft(actor)
    for section, answers in full_answers(actor).items():
        save_section(row.number, section, answers, version=0, actor=actor, now=clock.now())
    for kind in missing_documents(row):
        file = paper(kind.code, f"TEST {kind.code}")
        attach(row.number, code=kind.code, title=kind.code, file=file, actor=actor, now=clock.now())
    return row


def full_answers(actor: Actor) -> Answers:
    """Return answers to all of the form."""
    return invented_answers(
        application_form(),
        "steel",
        actor,
        year=2024,
        direction="D1",
        city="示例市",
        random=Random(7),
        contact="孙联络",
    )


def token(
    actor: Actor, *scopes: Scope, application: Application | None = None, now: dt.datetime | None = None
) -> Made:
    """Return a new token; with all scopes where none is named."""
    return make_token(
        name="能源系统",
        lifetime=LIFETIME,
        scopes=scopes or list(Scope),
        application=application,
        actor=actor,
        now=now or clock.now(),
    )


class Caller:
    """A program that calls with a key, and no cookie."""

    def __init__(self, secret: str = "") -> None:
        """Take the key."""
        self._client = Client(enforce_csrf_checks=True)
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **query: Any) -> HttpResponse:
        """Read."""
        return cast("HttpResponse", self._client.get(f"/api/v1{path}", query, headers=self._headers))

    def put(self, path: str, body: Any, content_type: str = JSON) -> HttpResponse:
        """Write a body: a value as JSON, bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return cast(
            "HttpResponse",
            self._client.put(f"/api/v1{path}", data, content_type=content_type, headers=self._headers),
        )

    def post(self, path: str, form: Mapping[str, Any] | None = None) -> HttpResponse:
        """Send a form, files as multipart."""
        return cast(
            "HttpResponse", self._client.post(f"/api/v1{path}", dict(form or {}), headers=self._headers)
        )


def caller(actor: Actor, *scopes: Scope) -> Caller:
    """Return a program with a new token of the actor."""
    return Caller(token(actor, *scopes).secret)


def told(response: HttpResponse) -> Any:
    """Return the content of an answer."""
    return json.loads(response.content)


def places(response: HttpResponse) -> list[str]:
    """Return where the mistakes of a problem are."""
    return [row["where"] for row in told(response)["mistakes"]]


def acts(subject: str) -> list[str]:
    """Return what the trail keeps of a thing, in order."""
    return list(Entry.objects.filter(subject=subject).order_by("chain", "seq").values_list("act", flat=True))
