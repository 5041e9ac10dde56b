"""Tokens: made after proof of who asks, shown once, kept as a hash, ended in every way a token can end."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from pytest_django import Settings
from tests.unit.web.api.api_build import (
    Caller,
    acts,
    applicant,
    browser,
    draft,
    token,
    told,
)
from tests.unit.web.programme.ministry_build import client_of, member, organisation
from tests.unit.web.programme.province_build import open_round, province

from xunshui.review import StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership, OrganisationKind
from xunshui.web.api import flood
from xunshui.web.api.models import TOKEN_CHAIN, Token
from xunshui.web.api.scope import Scope
from xunshui.web.api.token import MOST_LIVE, hash_of, revoke_token
from xunshui.web.programme import clock
from xunshui.web.programme.permissions import NotYours
from xunshui.web.trail.record import verify_chain

pytestmark = [pytest.mark.records, pytest.mark.django_db]
FORM = {"name": "每月填报", "scopes": ["read", "fill"], "days": "30", "application": ""}


@pytest.fixture
def actor() -> Actor:
    return applicant()


def test_key_is_shown_once_and_kept_as_a_hash(actor: Actor) -> None:
    client = browser(actor)

    page = client.post("/me/tokens/new/", FORM)

    found = re.search(r'value="(xs_[^"]+)"', page.content.decode())
    assert found is not None
    row = Token.objects.get()
    assert (row.hash, row.scopes) == (hash_of(found[1]), ["read", "fill"])
    assert page["Cache-Control"] == "private, no-store"
    assert found[1] not in client.get("/me/tokens/").content.decode()
    assert Caller(found[1]).get("/applications").status_code == 200


def test_member_with_a_password_proves_it_before_making_one(actor: Actor) -> None:
    assert actor.person is not None
    actor.person.set_password("long enough 27")
    actor.person.save()
    client = client_of(actor.person)

    shown, posted = client.get("/me/tokens/new/"), client.post("/me/tokens/new/", FORM)

    assert shown["Location"].startswith("/accounts/reauthenticate/")
    assert (posted.status_code, posted["Location"]) == (302, "/me/tokens/new/")
    assert not Token.objects.exists()


def test_member_who_proved_the_password_makes_one(actor: Actor) -> None:
    assert actor.person is not None
    actor.person.set_password("long enough 27")
    actor.person.save()
    client = client_of(actor.person)

    client.post("/accounts/reauthenticate/?next=/me/tokens/new/", {"password": "long enough 27"})

    assert client.get("/me/tokens/new/").status_code == 200
    assert client.post("/me/tokens/new/", FORM).status_code == 200


def test_form_tells_what_is_wrong(actor: Actor) -> None:
    page = browser(actor).post("/me/tokens/new/", {"name": "", "days": "9999"})

    assert page.status_code == 422
    assert not Token.objects.exists()


def test_department_makes_none() -> None:
    client = province()

    assert "生成令牌</a>" not in client.get("/me/tokens/").content.decode()


def test_provider_makes_none() -> None:
    provider = organisation("示例膜业", OrganisationKind.PROVIDER, credit_code="91110108MA0PRTNR3X")
    with pytest.raises(NotYours):
        token(Actor(person=member("p", provider), organisation=provider))


def test_token_for_a_foreign_application_is_refused(actor: Actor) -> None:
    with pytest.raises(NotYours):
        token(actor, application=draft(applicant(2)))


def test_organisation_has_a_bounded_number(actor: Actor) -> None:
    for _ in range(MOST_LIVE):
        token(actor)

    with pytest.raises(StepRefused, match="最多"):
        token(actor)


def test_token_for_one_application_reaches_no_other(actor: Actor) -> None:
    round_ = open_round()
    one, other = draft(actor, round_), draft(actor, round_, "另一个案例")
    program = Caller(token(actor, application=one).secret)

    assert [row["number"] for row in told(program.get("/applications"))] == [one.number]
    assert program.get(f"/applications/{other.number}").status_code == 404


def test_unknown_key_is_refused_with_what_is_accepted() -> None:
    answer = Caller("xs_00000000_nothing").get("/applications")

    assert answer.status_code == 401
    assert "Bearer" in told(answer)["accepted"]


def test_revoked_key_is_refused_at_once(actor: Actor) -> None:
    made = token(actor)
    program = Caller(made.secret)
    assert program.get("/applications").status_code == 200

    browser(actor).post(f"/me/tokens/{made.token.pk}/revoke/")

    answer = program.get("/applications")
    assert answer.status_code == 401
    assert "已吊销" in told(answer)["detail"]


def test_expired_key_is_refused(actor: Actor) -> None:
    made = token(actor, now=clock.now() - dt.timedelta(days=91))

    answer = Caller(made.secret).get("/applications")

    assert answer.status_code == 401
    assert "到期" in told(answer)["detail"]


def test_key_ends_with_the_membership(actor: Actor) -> None:
    made = token(actor)
    Membership.objects.filter(person=actor.person).delete()

    assert Caller(made.secret).get("/applications").status_code == 401


def test_key_ends_with_the_account(actor: Actor) -> None:
    made = token(actor)
    assert actor.person is not None
    actor.person.is_active = False
    actor.person.save()

    assert Caller(made.secret).get("/applications").status_code == 401


def test_colleague_sees_and_revokes_own_only(actor: Actor) -> None:
    made = token(actor)
    colleague = applicant(username="colleague", signs=False)
    Membership.objects.filter(person=colleague.person).update(part="member")

    page = browser(colleague).get("/me/tokens/").content.decode()

    assert made.token.key not in page
    with pytest.raises(NotYours):
        revoke_token(made.token.pk, actor=colleague, now=clock.now())


def test_signatory_revokes_a_colleagues(actor: Actor) -> None:
    colleague = applicant(username="colleague", signs=False)
    made = token(colleague)

    revoke_token(made.token.pk, actor=actor, now=clock.now())

    assert not Token.objects.get().is_live(clock.now())


def test_trail_keeps_making_first_use_of_the_day_and_revoking(actor: Actor) -> None:
    made = token(actor)
    program = Caller(made.secret)
    program.get("/applications")
    program.get("/applications")
    revoke_token(made.token.pk, actor=actor, now=clock.now())

    assert acts(made.token.subject) == ["token.make", "token.use", "token.revoke"]
    assert verify_chain(TOKEN_CHAIN) is None
    assert made.secret not in str(list(Token.objects.values()))


def test_list_tells_when_a_token_was_last_used(actor: Actor) -> None:
    made = token(actor)
    assert Token.objects.get().last_used_at is None

    Caller(made.secret).get("/applications")

    assert Token.objects.get().last_used_at is not None


def test_too_many_calls_are_told_to_wait(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "TOKEN_A_MINUTE", 2)
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    program = Caller(token(actor).secret)

    answers = [program.get("/applications") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_callers_behind_one_proxy_are_counted_apart(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HTTPS = True
    monkeypatch.setattr(flood, "PUBLIC_A_MINUTE", 1)
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    callers = ("9.9.9.9, 10.0.0.1", "10.0.0.2", "8.8.8.8, 10.0.0.1")

    answers = [Client().get("/api/v1/calls", headers={"X-Forwarded-For": told}) for told in callers]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_trying_keys_is_stopped_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "REFUSED_A_MINUTE", 2)
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)

    statuses = [Caller(f"xs_{number}").get("/applications").status_code for number in range(3)]

    assert statuses == [401, 401, 429]


def test_scopes_are_kept_in_their_order(actor: Actor) -> None:
    assert token(actor, Scope.SUBMIT, Scope.READ).token.scopes == ["read", "submit"]
