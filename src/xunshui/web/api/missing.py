"""What is wrong or missing in an application, as the interface tells it."""

from __future__ import annotations

from xunshui.site.filing import AnswerMistake
from xunshui.web.api.problem import MistakeOut
from xunshui.web.programme.form import missing_documents, mistakes_in
from xunshui.web.programme.models import Application


def missing_in(application: Application) -> list[MistakeOut]:
    """Return every mistake in the answers and every document that is still to come."""
    return [
        *(mistake_out(row) for row in mistakes_in(application)),
        *(
            MistakeOut(where=f"files.{kind.code}", problem=f"缺 {kind.title}", accepted=f"上传 {kind.code}")
            for kind in missing_documents(application)
        ),
    ]


def mistake_out(row: AnswerMistake) -> MistakeOut:
    """Return a mistake with its place as a path: section, field, row from 0, column, year."""
    steps = (row.section, row.field, "" if row.row is None else str(row.row), row.column, row.year)
    return MistakeOut(
        where=".".join(step for step in steps if step),
        problem=f"{row.title}：{row.problem}",
        accepted=row.accepted,
    )
