"""Conflicts of interest between an expert and a case, computed and told with the facts they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

YEARS_BACK = 3
"""How long a former employer counts: the policy of large conferences, set by this project (grade D)."""


class Reason(StrEnum):
    """Why an expert may not review a case."""

    SAME_ORGANISATION = "same_organisation"
    SAME_GROUP = "same_group"
    FORMER_EMPLOYER = "former_employer"
    PROVIDER = "provider"
    SAME_PROVINCE = "same_province"
    DECLARED = "declared"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerEmployer:
    """Where an expert worked, and until when; None while nobody knows."""

    name: str
    credit_code: str
    until: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertParty:
    """An expert with what conflicts are computed from."""

    name: str
    employer: str
    credit_code: str
    group_code: str = ""
    former: tuple[FormerEmployer, ...] = ()
    province: str = ""
    declared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation that stands behind a case; `is_provider` marks those that deliver technology."""

    name: str
    credit_code: str
    group_code: str = ""
    is_provider: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with its parties and the body that recommends it."""

    number: str
    parties: tuple[Party, ...]
    body: str = ""
    body_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One conflict: why, with whom, in a sentence."""

    reason: Reason
    party: str
    text: str


def conflicts(expert: ExpertParty, case: Case, *, on: dt.date) -> tuple[Conflict, ...]:
    """Return every conflict between an expert and a case on a day; an identity that is not known is one.

    >>> expert = ExpertParty(name="甲", employer="示例院", credit_code="91350100M000100Y43")
    >>> mill = Party(name="示例厂", credit_code="91350100M000100Y43")
    >>> [str(row.reason) for row in conflicts(expert, Case(number="1", parties=(mill,)), on=dt.date(2024, 10, 8))]
    ['same_organisation']
    """
    found = [conflict for party in case.parties for conflict in _with_party(expert, party, on)]
    return (*_unresolved_expert(expert, on), *found, *_province(expert, case))


def _unresolved_expert(expert: ExpertParty, on: dt.date) -> Iterator[Conflict]:
    if not expert.credit_code:
        yield Conflict(
            reason=Reason.UNRESOLVED,
            party=expert.name,
            text=f"{expert.name}的单位“{expert.employer}”没有信用代码，无法排除利益关系；请先补登",
        )
    for job in _recent(expert, on):
        if not job.credit_code:
            text = f"{expert.name}三年内曾任职的“{job.name}”没有信用代码，无法排除利益关系；请先补登"
            yield Conflict(reason=Reason.UNRESOLVED, party=expert.name, text=text)


def _with_party(expert: ExpertParty, party: Party, on: dt.date) -> Iterator[Conflict]:
    if not party.credit_code:
        text = f"“{party.name}”没有信用代码，无法排除利益关系；请先补登"
        yield Conflict(reason=Reason.UNRESOLVED, party=party.name, text=text)
        return
    if expert.credit_code == party.credit_code:
        reason = Reason.PROVIDER if party.is_provider else Reason.SAME_ORGANISATION
        part = "本案服务商" if party.is_provider else "本案单位"
        yield Conflict(
            reason=reason, party=party.name, text=f"{expert.name}任职的“{expert.employer}”就是{part}"
        )
    elif _same_group(expert, party):
        yield Conflict(
            reason=Reason.SAME_GROUP,
            party=party.name,
            text=f"“{expert.employer}”与“{party.name}”同属一个集团",
        )
    yield from _former(expert, party, on)
    if party.credit_code in expert.declared:
        text = f"{expert.name}已申明回避“{party.name}”"
        yield Conflict(reason=Reason.DECLARED, party=party.name, text=text)


def _same_group(expert: ExpertParty, party: Party) -> bool:
    """Return whether both hang together: one group, or one is the head of the other's."""
    own = {code for code in (expert.credit_code, expert.group_code) if code}
    return bool(own & {code for code in (party.credit_code, party.group_code) if code})


def _recent(expert: ExpertParty, on: dt.date) -> Iterator[FormerEmployer]:
    since = years_before(on, YEARS_BACK)
    return (job for job in expert.former if job.until is None or job.until >= since)


def _former(expert: ExpertParty, party: Party, on: dt.date) -> Iterator[Conflict]:
    since = years_before(on, YEARS_BACK)
    for job in _recent(expert, on):
        if job.credit_code and job.credit_code in (party.credit_code, party.group_code):
            until = f"{job.until} 离任" if job.until else "离任日期未填"
            text = f"{expert.name}曾任职于“{job.name}”（{until}，{since} 起算三年内）"
            yield Conflict(reason=Reason.FORMER_EMPLOYER, party=party.name, text=text)


def _province(expert: ExpertParty, case: Case) -> Iterator[Conflict]:
    if expert.province and expert.province == case.body:
        text = f"{expert.name}所在地就是推荐单位所在的{case.body_name or case.body}"
        yield Conflict(reason=Reason.SAME_PROVINCE, party=case.body_name or case.body, text=text)


def years_before(day: dt.date, years: int) -> dt.date:
    """Return the same day some years earlier; 29 February becomes 28 February.

    >>> years_before(dt.date(2024, 2, 29), 3)
    datetime.date(2021, 2, 28)
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
