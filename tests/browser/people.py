"""Run in a process of its own: a home folder with one round in preparation and one person for each part."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from xunshui.web.accounts.actor import Actor
    from xunshui.web.accounts.models import Person


def code(number: int) -> str:
    """Return a valid credit code that nobody has."""
    from xunshui.site.credit_code import check_character

    first = f"91000000MA{number:07d}"
    return f"{first}{check_character(first)}"


def main(now: dt.datetime) -> None:
    """Make the people, the organisations and the round."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from xunshui.web.accounts.models import OrganisationKind as Kind
    from xunshui.web.programme.models import Expert

    ministry = _member("ministry", "赵部员", "工业和信息化部节能与综合利用司", Kind.MINISTRY)
    _member("province", "钱处长", "示例河北省工业和信息化厅", Kind.PROVINCE, region="13")
    _member("applicant", "孙工", "示例钢铁厂", Kind.ENTERPRISE, number=1, region="13")
    _member("park", "周主任", "示例化工园区", Kind.PARK, number=2, region="13")
    _member("partner", "吴经理", "示例水务装备公司", Kind.PROVIDER, number=3, region="11")
    _member("association", "郑秘书", "示例钢铁工业协会", Kind.ASSOCIATION)
    expert = _member("expert", "王教授", "示例评审专家库", Kind.EXPERT_POOL)
    Expert.objects.create(
        person=_person(expert),
        employer="示例大学",
        employer_code=code(9),
        province="32",
        directions=["D1"],
        industries=["31"],
    )
    _round(ministry, now)


def _member(
    username: str, name: str, organisation: str, kind: str, *, number: int = 0, region: str = ""
) -> Actor:
    from xunshui.web.accounts.actor import Actor
    from xunshui.web.accounts.models import Membership, Organisation, Part, Person

    row, _ = Organisation.objects.get_or_create(
        name=organisation,
        defaults={"kind": kind, "credit_code": code(number) if number else None, "region": region},
    )
    person = Person.objects.create_user(username=username, name=name)
    Membership.objects.create(person=person, organisation=row, part=Part.SIGNATORY)
    return Actor(person=person, organisation=row, signs=True)


def _person(actor: Actor) -> Person:
    assert actor.person is not None
    return actor.person


def _round(ministry: Actor, now: dt.datetime) -> None:
    from xunshui.web.programme.models.round import Level
    from xunshui.web.programme.open_round import prepare_round, set_deadline

    deadline = now + dt.timedelta(days=10)
    round_ = prepare_round("miit-2024-280", filing_at=deadline, actor=ministry, now=now)
    round_.experts_per_case = 1
    round_.save()
    set_deadline(round_, Level.RECOMMENDING, now + dt.timedelta(days=20), actor=ministry, now=now)


if __name__ == "__main__":
    main(dt.datetime.fromisoformat(sys.argv[1]))
