"""Fill an application from the site's own workbook: the same file that `xunshui assess` reads."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction

from xunshui.review import StepRefused
from xunshui.site import Site, SiteFileInvalid, read_site
from xunshui.site.filing import answers_from_site
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.fill import save_section
from xunshui.web.programme.form import form_for
from xunshui.web.programme.models import Application

LARGEST = 20 * 1024 * 1024


def fill_from(
    application: Application, file: File[bytes], *, actor: Actor, now: dt.datetime
) -> tuple[str, ...]:
    """Put what a site file tells into the sections; other answers stay. Returns the titles of what was filled.

    Raises `StepRefused` with every mistake in the file, by sheet, row and column.
    """
    return fill_from_site(application, _read(file), actor=actor, now=now)


@transaction.atomic
def fill_from_site(
    application: Application, site: Site, *, actor: Actor, now: dt.datetime
) -> tuple[str, ...]:
    """Put what a site tells into the sections; other answers stay. Returns the titles of what was filled."""
    form = form_for(application.round.notice)
    told = answers_from_site(form, site)
    titles = {section.id: section.title for section in form.sections}
    rows = {row.section: row for row in application.sections.all()}
    for section, answers in told.items():
        row = rows.get(section)
        merged: dict[str, Any] = {**(row.answers if row else {}), **answers}
        version = row.version if row else 0
        save_section(application.number, section, merged, version=version, actor=actor, now=now)
    return tuple(titles[section] for section in told)


def _read(file: File[bytes]) -> Site:
    suffix = Path(file.name or "").suffix.lower()
    if (file.size or 0) > LARGEST or suffix not in (".xlsx", ".json"):
        raise StepRefused("从工作簿填写", ("请选择不超过 20 MB 的 .xlsx 或 .json 站点文件",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"site{suffix}"
        path.write_bytes(file.read())
        try:
            return read_site(path)
        except SiteFileInvalid as error:
            raise StepRefused("从工作簿填写", tuple(str(error).splitlines()[:40])) from None
