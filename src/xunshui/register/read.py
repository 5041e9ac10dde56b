"""Read the register's dated rows, which are carried by the package, and a province's overlay."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from xunshui.register.form import AttachmentKind, Direction, Form, RecommendingBody
from xunshui.register.model import (
    DischargeLimit,
    GridFactor,
    Notice,
    Parameter,
    QuotaRow,
    Reading,
    Setting,
    Source,
)
from xunshui.register.overlay import Overlay, OverlayInvalid
from xunshui.register.round import Register

_ROWS = files("xunshui.register") / "rows"
_FORMS = _ROWS / "forms"
NOTICES = ("miit-2024-280",)
_YEAR = re.compile(r"2[0-9]{3}")


class FormInvalid(ValueError):
    """A file that is not a form."""


@cache
def register(notice_id: str = NOTICES[0]) -> Register:
    """Return the rows that a notice is judged by.

    `miit-2024-280@2026` are the rows of that notice applied to a call of 2026: the evidence is of 2023–2025.
    """
    return Register(
        notice=_notice(notice_id),
        readings=TypeAdapter(tuple[Reading, ...]).validate_python(_rows("readings")),
        industries=_rows("industries"),
        settings=TypeAdapter(tuple[Setting, ...]).validate_python(_rows("settings")),
        quotas=TypeAdapter(tuple[QuotaRow, ...]).validate_python(_rows("quotas")),
        sources=TypeAdapter(dict[str, Source]).validate_python(_rows("sources")),
        version=f"{notice_id}+{_fingerprint()}",
    )


def is_known(notice_id: str) -> bool:
    """Return whether `register` has rows for a notice, in its own or another year."""
    name, at, year = notice_id.partition("@")
    return name in NOTICES and (not at or _YEAR.fullmatch(year) is not None)


def _notice(notice_id: str) -> Notice:
    name, _, year = notice_id.partition("@")
    notice = TypeAdapter(Notice).validate_python(_rows(name))
    return replace(notice, id=notice_id, filing_year=int(year)) if year else notice


@cache
def parameters() -> tuple[Parameter, ...]:
    """Return the water quality parameters."""
    return TypeAdapter(tuple[Parameter, ...]).validate_python(_rows("parameters"))


@cache
def discharge_limits() -> tuple[DischargeLimit, ...]:
    """Return national discharge limits: defaults with a grade, where a site gives none from its permit."""
    return TypeAdapter(tuple[DischargeLimit, ...]).validate_python(_rows("discharge_limits"))


@cache
def grid_factors() -> tuple[GridFactor, ...]:
    """Return average grid emission factors [kg CO2/kWh]."""
    return TypeAdapter(tuple[GridFactor, ...]).validate_python(_rows("grid_factors"))


@cache
def application_form(notice_id: str = NOTICES[0]) -> Form:
    """Return the form that applications under a notice are filled in by."""
    return _form((_FORMS / f"{notice_id.partition('@')[0]}-application.yaml").read_bytes())


@cache
def recommendation_form(notice_id: str = NOTICES[0]) -> Form:
    """Return the form of the recommendation table under a notice."""
    return _form((_FORMS / f"{notice_id.partition('@')[0]}-recommendation.yaml").read_bytes())


@cache
def bodies() -> tuple[RecommendingBody, ...]:
    """Return the bodies that recommend, provinces first."""
    return TypeAdapter(tuple[RecommendingBody, ...]).validate_python(_rows("forms/bodies"))


@cache
def directions() -> tuple[Direction, ...]:
    """Return the directions of the call."""
    return TypeAdapter(tuple[Direction, ...]).validate_python(_rows("forms/directions"))


@cache
def attachment_kinds() -> tuple[AttachmentKind, ...]:
    """Return the kinds of proof documents."""
    return TypeAdapter(tuple[AttachmentKind, ...]).validate_python(_rows("forms/attachments"))


def form_from(path: str | Path) -> Form:
    """Return the form in a YAML file, as when an authority's own annex replaces ours.

    Raises `FormInvalid` with every place that does not fit.
    """
    file = Path(path)
    try:
        return _form(file.read_bytes())
    except OSError as error:
        raise FormInvalid(f"打不开 {file.name}（{error.strerror}）") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise FormInvalid(f"{file.name} 不是 YAML 文本") from None
    except ValidationError as error:
        places = "；".join(
            ".".join(map(str, detail["loc"])) + " " + detail["msg"] for detail in error.errors()[:8]
        )
        raise FormInvalid(f"{file.name} 不是表样：{places}") from None


def read_overlay(path: str | Path) -> Overlay:
    """Return the provincial overlay in a YAML file.

    Raises `OverlayInvalid` where the file is not one; whether it only tightens is checked by `Register.tightened`.
    """
    file = Path(path)
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
        return TypeAdapter(Overlay).validate_python(raw)
    except OSError as error:
        raise OverlayInvalid(f"打不开 {file.name}（{error.strerror}）") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise OverlayInvalid(f"{file.name} 不是 YAML 文本") from None
    except ValidationError as error:
        places = "；".join(
            ".".join(map(str, detail["loc"])) + " " + detail["msg"] for detail in error.errors()[:8]
        )
        raise OverlayInvalid(f"{file.name} 不是地方加严表：{places}") from None


# The C parser reads the same YAML about eight times faster; some builds of PyYAML lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _rows(name: str) -> Any:
    return yaml.load((_ROWS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_LOADER)


def _form(content: bytes) -> Form:
    """Return a form whose version names its very rows: the dated id, and a short hash."""
    form = TypeAdapter(Form).validate_python(yaml.load(content.decode("utf-8"), Loader=_LOADER))
    digest = hashlib.sha256(_with_one_line_end(content)).hexdigest()[:12]
    return replace(form, version=f"{form.version}+{digest}")


def _with_one_line_end(content: bytes) -> bytes:
    # Line ends differ between checkouts of one version; the rows do not.
    return content.replace(b"\r\n", b"\n")


def _fingerprint() -> str:
    """Return a short hash over every row file, so that a verdict names the very rows it was made by."""
    digest = hashlib.sha256()
    # Forms lie in a folder of their own with versions of their own: a new form judges nobody differently.
    for entry in sorted((row for row in _ROWS.iterdir() if row.is_file()), key=lambda row: row.name):
        digest.update(entry.name.encode() + b"\0" + _with_one_line_end(entry.read_bytes()))
    return digest.hexdigest()[:12]
