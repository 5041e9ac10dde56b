"""Many at the same moment, each with a connection of its own: the records stay whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.db.models import F
from pytest_django import Settings
from tests.unit.web.api.api_build import acts, applicant, complete, draft
from tests.unit.web.programme.ministry_build import member, organisation
from tests.unit.web.programme.province_build import HEBEI, handed_in, open_round

from xunshui.review import StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import OrganisationKind
from xunshui.web.programme import clock
from xunshui.web.programme.check import accept, return_for_correction
from xunshui.web.programme.models import Application, Recommendation, Round, Submission
from xunshui.web.programme.recommend import submit_table
from xunshui.web.programme.submit import sign_commitment, submit, withdraw
from xunshui.web.trail.models import ChainHead, Entry
from xunshui.web.trail.record import record, verify_chain

pytestmark = [pytest.mark.records, pytest.mark.django_db(transaction=True)]
WRITERS, LINES = 8, 5
CHAIN = "round-2024"
T = TypeVar("T")


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Return what each work gives, all of them begun together in threads."""
    begin = Barrier(len(works))

    def alone(work: Callable[[], T]) -> T:
        begin.wait(timeout=20)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


def test_lines_of_many_writers_make_one_whole_chain() -> None:
    def write(who: int) -> list[int]:
        return [
            record(CHAIN, act="test", actor=f"人 {who}", subject="round/2024", at=clock.now(), detail={}).seq
            for _ in range(LINES)
        ]

    told = at_once([lambda who=who: write(who) for who in range(WRITERS)])  # type: ignore[misc]  # a default binds it

    numbers = sorted(number for numbers in told for number in numbers)
    first = Entry.objects.earliest("seq").seq
    assert numbers == list(range(first, first + WRITERS * LINES))
    assert ChainHead.objects.get(chain=CHAIN).seq == numbers[-1]
    assert verify_chain(CHAIN) is None


def test_double_submit_gives_one_version() -> None:
    actor = applicant()
    row = complete(actor)
    sign_commitment(row.number, actor=actor, now=clock.now())

    versions = at_once([lambda: submit(row.number, actor=actor, now=clock.now())] * 2)

    assert len({version.pk for version in versions}) == 1
    assert [version.no for version in Submission.objects.all()] == [1]
    assert acts(row.subject).count("application.submit") == 1
    assert verify_chain(row.chain) is None


def test_drafts_begun_together_get_numbers_of_their_own() -> None:
    round_, actors = open_round(), [applicant(serial) for serial in range(1, WRITERS + 1)]

    rows = at_once([lambda actor=actor: draft(actor, round_) for actor in actors])  # type: ignore[misc]  # a default binds it

    assert sorted(row.number for row in rows) == [f"2024-{serial:04}" for serial in range(1, WRITERS + 1)]


def test_same_draft_begun_twice_is_one() -> None:
    round_, actor = open_round(), applicant()

    rows = at_once([lambda: draft(actor, round_)] * 2)

    assert len({row.pk for row in rows}) == 1
    assert acts(rows[0].subject) == ["application.start"]


def test_cases_accepted_together_get_ranks_of_their_own() -> None:
    round_, hebei = open_round(), _hebei()
    rows = [_checked(round_, serial) for serial in range(1, WRITERS + 1)]

    at_once([lambda row=row: accept(row.number, actor=hebei, now=clock.now()) for row in rows])  # type: ignore[misc]  # a default binds it

    ranks = Application.objects.order_by("rank").values_list("rank", flat=True)
    assert list(ranks) == list(range(1, WRITERS + 1))


def test_accepted_and_withdrawn_at_once_is_one_of_the_two() -> None:
    hebei, row = _hebei(), _checked(open_round())
    owner = Actor(organisation=row.applicant, signs=True)

    done = at_once(
        [
            lambda: tried(lambda: accept(row.number, actor=hebei, now=clock.now())),
            lambda: tried(lambda: withdraw(row.number, actor=owner, now=clock.now())),
        ]
    )

    row.refresh_from_db()
    assert sorted(done) == [False, True]
    assert row.state == ("accepted" if done[0] else "draft")
    assert len(acts(row.subject)) == 1


def test_case_returned_while_its_table_is_handed_in_is_in_or_out() -> None:
    """Handing in reads all cases, then moves them one by one: one that is returned meanwhile is not overrun."""
    hebei, table = _hebei(), _table()
    last = Application.objects.get(number=f"2024-{WRITERS:04}")

    done = at_once(
        [
            lambda: tried(lambda: submit_table(table, actor=hebei, now=clock.now())),
            lambda: tried(
                lambda: return_for_correction(last.number, reason="缺页", actor=hebei, now=clock.now())
            ),
        ]
    )

    last.refresh_from_db()
    handed_in_with = Entry.objects.get(act="recommendation.submit").body["detail"]["cases"]
    assert done == [True, last.state == "returned"]
    assert last.state == ("recommended" if last.number in handed_in_with else "returned")
    assert verify_chain(CHAIN) is None


def tried(work: Callable[[], object]) -> bool:
    """Return whether a verb was carried out; False where it was refused."""
    try:
        work()
    except StepRefused:
        return False
    return True


def _table() -> Recommendation:
    """Return a table with cases that can be handed in."""
    round_, now = open_round(), clock.now()
    for serial in range(1, WRITERS + 1):
        handed_in(round_, f"2024-{serial:04}")
    rows = Application.objects.filter(round=round_)
    rows.update(
        state="accepted", rank=F("pk"), truth_checked_at=now, indicators_checked_at=now, opinion="同意"
    )
    return Recommendation.objects.create(round=round_, body="13", opinion="同意", seal_digest="sha256:1")


def _checked(round_: Round, serial: int = 1) -> Application:
    """Return an application that its province can accept."""
    now = clock.now()
    facts = {"truth_checked_at": now, "indicators_checked_at": now, "opinion": "同意"}
    Application.objects.filter(pk=handed_in(round_, f"2024-{serial:04}").pk).update(**facts)
    return Application.objects.get(number=f"2024-{serial:04}")


def _hebei() -> Actor:
    body = organisation(HEBEI, OrganisationKind.PROVINCE, region="13")
    return Actor(person=member("hebei", body, "钱处长"), organisation=body, signs=True)
