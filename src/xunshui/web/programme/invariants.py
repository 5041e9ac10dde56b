"""What must hold of the records at any moment, whoever wrote them: one small function for each law.

A violation is a sentence that names the thing; `manage check_invariants` tells them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, cast

from django.db.models.fields.files import FieldFile

from xunshui.review import (
    APPLICATION,
    OBJECTION,
    RECOMMENDATION,
    ROUND,
    SCORING,
    ApplicationState,
    Machine,
    RecommendationState,
    ScoringState,
)
from xunshui.seal import canonical_bytes, digest, digest_of_stream
from xunshui.web.programme.models import (
    Application,
    Attachment,
    Objection,
    Recommendation,
    Round,
    Scoring,
    Submission,
)
from xunshui.web.programme.models.application import HANDED_IN
from xunshui.web.programme.permissions import SHOWN_TO_PUBLIC
from xunshui.web.programme.score import weighted_total
from xunshui.web.trail.models import Entry

Law = Callable[[], Iterator[str]]


def violations() -> Iterator[str]:
    """Return every violation of every law, as sentences."""
    for law in LAWS:
        yield from law()


def handed_in_has_a_version() -> Iterator[str]:
    """An application that is or was handed in has a submitted version."""
    for row in Application.objects.filter(state__in=HANDED_IN, submissions__isnull=True):
        yield f"申报 {row.number} 是“{row.get_state_display()}”，却没有提交过的版本"


def versions_recompute() -> Iterator[str]:
    """The digest of each submitted version follows from its answers, its site and its files of that moment."""
    for row in Submission.objects.select_related("application").iterator():
        content = {
            "number": row.application.number,
            "answers": row.answers,
            "site": row.site,
            "files": _files_at(row),
        }
        if digest(canonical_bytes(content)) != row.digest:
            yield f"申报 {row.application.number} 第 {row.no} 版：内容与摘要不符"


def ranks_are_whole() -> Iterator[str]:
    """The cases of a table are ranked 1 to n, each place once."""
    ranked: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = Application.objects.filter(rank__isnull=False).values_list("round__year", "body", "rank")
    for year, body, place in rows:
        ranked[year, body].append(place or 0)
    for (year, body), places in ranked.items():
        if sorted(places) != list(range(1, len(places) + 1)):
            yield f"{year} 年推荐单位 {body} 的排序应为 1–{len(places)}，现为 {sorted(places)}"


def tables_are_recommended() -> Iterator[str]:
    """A table that was handed in holds no case that still waits to be recommended."""
    for table in Recommendation.objects.filter(state=RecommendationState.SUBMITTED).select_related("round"):
        waiting = Application.objects.filter(
            round=table.round, body=table.body, state=ApplicationState.ACCEPTED
        )
        for row in waiting:
            yield f"申报 {row.number} 审核通过，推荐表已报送，却没有随表推荐"


def totals_recompute() -> Iterator[str]:
    """The total of each review follows from its scores and the round's rubric."""
    rows = Scoring.objects.filter(state=ScoringState.SCORED).select_related(
        "application__round", "expert__person"
    )
    for row in rows:
        if row.total != weighted_total(row):
            yield f"{row}：总分 {row.total}，由各项重算为 {weighted_total(row)}"


def published_were_on_notice() -> Iterator[str]:
    """A published case was announced, and published when the notice was over."""
    announced = set(Entry.objects.filter(act="application.announce").values_list("subject", flat=True))
    for row in Application.objects.filter(state__in=SHOWN_TO_PUBLIC).select_related("round"):
        over = row.round.notice_to
        if row.subject not in announced:
            yield f"申报 {row.number} 已公布，却没有公示过"
        if over is None or row.published_at is None or row.published_at < over:
            yield f"申报 {row.number} 在公示结束前公布"


def trail_leads_to_states() -> Iterator[str]:
    """Whoever follows the acts of a thing in the trail arrives at the state that is recorded."""
    acts = _acts_by_subject()
    for machine, rows in _things():
        after = {step.event: step.after for step in machine.steps}
        for row in rows:
            state = str(machine.initial)
            for act in acts.get(row.subject, ()):
                kind, _, event = act.partition(".")
                state = after.get(event, state) if kind == machine.name else state
            if state != row.state:
                told, found = machine.states[row.state], machine.states[state]
                yield f"{row.subject} 记为“{told}”，审计记录却到“{found}”为止"


def files_are_there() -> Iterator[str]:
    """Each file that a record names is there, with the digest that was kept."""
    for row in Attachment.objects.select_related("application").iterator():
        yield from _file(f"申报 {row.application.number} 的 {row.code}", row.file, row.digest)
    for table in Recommendation.objects.exclude(seal="").select_related("round"):
        yield from _file(f"{table.subject} 的盖章件", table.seal, table.seal_digest)


LAWS: tuple[Law, ...] = (
    handed_in_has_a_version,
    versions_recompute,
    ranks_are_whole,
    tables_are_recommended,
    totals_recompute,
    published_were_on_notice,
    trail_leads_to_states,
    files_are_there,
)


def _files_at(version: Submission) -> list[str]:
    """Return the digests of the files that an application had when a version was handed in."""
    rows = Attachment.objects.filter(application=version.application, uploaded_at__lte=version.at)
    return sorted(row.digest for row in rows if row.removed_at is None or row.removed_at > version.at)


def _acts_by_subject() -> dict[str, list[str]]:
    acts = defaultdict(list)
    for subject, act in Entry.objects.order_by("chain", "seq").values_list("subject", "act").iterator():
        acts[subject].append(act)
    return acts


def _things() -> Iterator[tuple[Machine[Any], Iterable[Any]]]:
    yield ROUND, Round.objects.all()
    yield APPLICATION, Application.objects.select_related("round")
    yield RECOMMENDATION, Recommendation.objects.select_related("round")
    yield SCORING, Scoring.objects.select_related("application")
    yield OBJECTION, Objection.objects.select_related("application")


def _file(what: str, file: FieldFile, sealed: str) -> Iterator[str]:
    try:
        with file.open("rb") as stream:
            found = digest_of_stream(cast("BinaryIO", stream))
    except OSError:
        yield f"{what}：文件 {file.name} 不在"
        return
    if found != sealed:
        yield f"{what}：文件 {file.name} 与记下的摘要不符"
