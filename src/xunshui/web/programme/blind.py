"""Blind review: every word by which an applicant could be known is taken out of what an expert reads.

What stands inside uploaded files cannot be taken out; the pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from xunshui.register import bodies
from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.models import Application

HIDDEN = "〔隐去〕"
HIDDEN_SECTIONS = ("applicant",)
"""Sections that say who applies are left out whole."""

IDENTITY_ANSWERS = {
    "applicant": (
        "name",
        "credit_code",
        "address",
        "legal_representative",
        "contact",
        "contact_phone",
        "contact_email",
    ),
    "park": ("management_body",),
}
IDENTITY_COLUMNS = {("base", "permits"): ("number", "authority")}
"""Answers whose words are taken out wherever they stand; codes of industries, years and volumes are not."""

_LEGAL_FORM = re.compile(r"(股份|责任|有限|控股|集团|总|分)*(公司|集团)$")
_SHORTEST = 2
_SHORTEST_FIGURE = 11  # a shorter row of digits would also be found within volumes


class Blindfold:
    """Takes the words that name an applicant out of texts and of nested data."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words; longer ones are replaced first, so that none leaves a rest behind."""
        usable = {word.strip() for word in words if _is_usable(word.strip())}
        ordered = sorted(usable, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None

    def text(self, text: str) -> str:
        """Return a text without the words."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def data(self, value: Any) -> Any:
        """Return nested answers or results without the words; keys stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return value


def blindfold_for(application: Application, answers: Mapping[str, Any]) -> Blindfold:
    """Return what hides an applicant and its partners, as records and `answers` name them."""
    partners = [row.organisation for row in application.partners.select_related("organisation")]
    words = [word for row in (application.applicant, *partners) for word in _names(row)]
    words += application.attachments.values_list("file_name", flat=True)
    return Blindfold([*words, *_told(answers)])


def short_names(name: str) -> tuple[str, ...]:
    """Return a name as running text uses it: without its legal form, and without its region.

    >>> short_names("河北示例钢铁股份有限公司")
    ('河北示例钢铁', '示例钢铁')
    """
    short = _LEGAL_FORM.sub("", name)
    regions = sorted((region for body in bodies() for region in (body.name, body.short_name)), key=len)
    region = next((region for region in reversed(regions) if short.startswith(region)), "")
    return tuple(text for text in dict.fromkeys((short, short.removeprefix(region))) if len(text) > _SHORTEST)


def _names(organisation: Organisation) -> Iterable[str]:
    yield from (organisation.name, *short_names(organisation.name))
    yield from (organisation.credit_code or "", organisation.group_code)
    for membership in organisation.memberships.select_related("person"):
        yield from (membership.person.name, membership.person.phone)


def _told(answers: Mapping[str, Any]) -> Iterable[str]:
    for section, fields in IDENTITY_ANSWERS.items():
        given = answers.get(section, {})
        yield from (str(given[field]) for field in fields if given.get(field))
    yield from short_names(str(answers.get("applicant", {}).get("name", "")))
    for (section, field), columns in IDENTITY_COLUMNS.items():
        rows = answers.get(section, {}).get(field) or []
        yield from (str(row[column]) for row in rows for column in columns if row.get(column))


def _is_usable(word: str) -> bool:
    return len(word) >= (_SHORTEST_FIGURE if word.isdecimal() else _SHORTEST)
