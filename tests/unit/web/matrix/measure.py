"""Ask every address as everyone, and tell what happened: shown, acted on, sent to the login, refused."""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.test import Client
from tests.unit.web.matrix.addresses import filled
from tests.unit.web.matrix.cases import make_cases
from tests.unit.web.matrix.cast import TITLES, Cast, make_cast
from tests.unit.web.matrix.expected import Row

from xunshui.simulator.points import with_points
from xunshui.site.templates import template
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership, Person
from xunshui.web.accounts.views import BACKEND
from xunshui.web.api.models import Token
from xunshui.web.api.token import make_token
from xunshui.web.console.store import store
from xunshui.web.programme import clock
from xunshui.web.programme.models import Objection, Question, Support

LOGIN = "/accounts/login/"
REFUSED = (401, 403, 404, 405)
_WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(accounts|api|programme|trail)_')


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one person got: the page, the verb, or the way to the login; `changed` although refused is a hole."""

    get: int
    post: int
    login: bool
    changed: bool = False

    @property
    def sees(self) -> bool:
        """Return whether there was a page, or the way to one's own."""
        return not self.login and self.get in (200, 302)

    @property
    def acts(self) -> bool:
        """Return whether the verb was reached; it may still have refused the state or what was typed."""
        return not self.login and self.post not in REFUSED


class Site:
    """A site with its cast and cases, asked by one client each."""

    def __init__(self) -> None:
        """Make everything that is asked for."""
        cast = make_cast()
        self._cases = {state: case.parts() for state, case in make_cases(cast).items()}
        self._client = Client(raise_request_exception=False)
        self._cookies = {who: _cookies(person) for who, person in cast.people.items()}
        self._fixed = _fixed_parts(cast)

    def path(self, row: Row) -> str:
        """Return the path that a row asks for."""
        return row.path or filled(row.route, self._fixed | self._cases.get(row.state, {}))

    def answers(self, row: Row) -> dict[str, Answer]:
        """Return what everyone gets at an address."""
        return {who: self._answer(row, who) for who in TITLES}

    def _answer(self, row: Row, who: str) -> Answer:
        path = self.path(row)
        got, _, to_login = self._ask(who, "get", path, {})
        if got in (200, 302) and not to_login and not row.acting:
            return Answer(get=got, post=405, login=to_login)
        posted, changed, post_to_login = self._ask(who, "post", path, row.post)
        refused = post_to_login or posted in REFUSED
        return Answer(get=got, post=posted, login=to_login and post_to_login, changed=refused and changed)

    def _ask(self, who: str, method: str, path: str, data: dict[str, str]) -> tuple[int, bool, bool]:
        """Return status, whether any record changed, and whether the answer leads to the login; nothing stays."""
        self._client.cookies = SimpleCookie(self._cookies.get(who, ""))
        writes = _Writes()
        with _nothing_stays(), connection.execute_wrapper(writes):
            response = getattr(self._client, method)(path, data)
            if response.streaming:
                deque(response, maxlen=0)  # read to its end, which closes the file
        return response.status_code, bool(writes.seen), response.headers.get("Location", "").startswith(LOGIN)


def measured(rows: Iterable[Row]) -> Iterator[tuple[Row, dict[str, Answer]]]:
    """Yield every row with what everyone got. A document is not drawn forty times to learn who may have it."""
    with patch("xunshui.web.programme.filing_files.filing_bytes", return_value=b"drawn"):
        site = Site()
        for row in rows:
            yield row, site.answers(row)


class _Writes:
    """Notes what is written to the house's own tables while it stands around the database."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.seen: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note a statement that writes, and let it through."""
        if _WRITES.match(sql):
            self.seen.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def _nothing_stays() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _token(of: Membership) -> Token:
    actor = Actor(person=of.person, organisation=of.organisation, signs=True)
    life = dt.timedelta(days=30)
    return make_token(name="读取", scopes=[], lifetime=life, actor=actor, now=clock.now()).token


def _cookies(person: Person) -> str:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client.cookies.output(attrs=[], header="", sep=";")


def _fixed_parts(cast: Cast) -> dict[str, Any]:
    membership = cast.people["owner"].memberships.get()
    actor = Actor(person=membership.person, organisation=membership.organisation, signs=True)
    plant = with_points(template("steel"))
    return {
        "pk": store(plant, membership.organisation, actor=actor, now=clock.now()).pk,
        "point_id": plant.points[0].id,
        "at_us": 0,
        "year": 2024,
        "section": "applicant",
        "suffix": ".docx",
        "period": "2023",
        "expert_id": cast.experts["assigned"].pk,
        "token_id": _token(membership).pk,
        "membership_id": membership.pk,
        "receipt": Objection.objects.get().receipt,
        "question_id": Question.objects.get().pk,
        "support_id": Support.objects.get().pk,
    }
