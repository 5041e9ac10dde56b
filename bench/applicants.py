"""Applicants with finished drafts and open sessions, made in a folder of records for the server to be asked by.

Run as a process of its own: `python -m bench.applicants COUNT` with XUNSHUI_HOME set; prints one JSON line.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.server import environment

if TYPE_CHECKING:
    from xunshui.web.accounts.models import Person

SEED = 300


@dataclass(frozen=True, slots=True)
class Applicant:
    """One applicant's draft, ready to hand in, and the session that its signatory is in."""

    number: str
    session: str


def applicants_in(home: Path, count: int) -> list[Applicant]:
    """Return that many applicants, made in `home`, in a process of their own."""
    home.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "bench.applicants", str(count)],
        check=True,
        capture_output=True,
        env=environment(home),
        cwd=Path(__file__).resolve().parents[1],
    )
    return [Applicant(*row) for row in json.loads(made.stdout.splitlines()[-1])]


def _make(count: int) -> list[tuple[str, str]]:
    from django.db import transaction  # Django is ready now

    from xunshui.web.project.demo.calendar import day
    from xunshui.web.project.demo.filing import begin, prove
    from xunshui.web.project.demo.people import HOME_BODY, Cast
    from xunshui.web.project.demo.rounds import open_office

    with transaction.atomic():
        cast = Cast(SEED)
        office = open_office(cast, 2024, filing_at=day(2024, 9, 28, 17), recommending_at=day(2024, 10, 1, 0))
        made = []
        for _ in range(count):
            case = begin(office, HOME_BODY, template="food")
            prove(office, case)
            assert case.actor.person is not None
            made.append((case.number, _session(case.actor.person)))
    return made


def _session(person: Person) -> str:
    """Return the key of a session in which the person is logged in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from xunshui.web.accounts.views import BACKEND

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key or ""


def main() -> None:
    """Make them and print them."""
    from xunshui.cli.django_ready import home, start_django
    from xunshui.web.project.demo.calendar import MOMENT
    from xunshui.web.project.demo_clock import set_demo_clock

    set_demo_clock(home() / "demo-clock", shown=MOMENT, now=dt.datetime.now(dt.UTC))
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(_make(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
