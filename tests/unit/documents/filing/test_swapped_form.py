"""Another annex is another file: titles, columns, order and the mark follow its rows, and no code is touched."""

from __future__ import annotations

import io
import shutil
import textwrap
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from tests.unit.documents.filing.printed import EVERY_FORM, needs_pdf, squeezed, tables_of, text_of, written

from xunshui.documents.filing import application_content, filing_bytes, recommendation_content
from xunshui.register import Form, application_form, form_from, recommendation_form, register

ROOT = Path(__file__).resolve().parents[4]
OURS = Path(str(files("xunshui.register"))) / "rows" / "forms"
RECOMMENDATION, APPLICATION = "miit-2024-280-recommendation.yaml", "miit-2024-280-application.yaml"
HEADER = {"body": "示例省厅", "round": "2025", "opinion": "同意。"}
CASES = [{"rank": "1", "applicant": "甲厂", "case_name": "案例一"}]
UNOFFICIAL = "非官方表样"


def copied(folder: Path, name: str) -> Any:
    """Return the rows of a temporary copy of one of our forms, to be changed."""
    shutil.copy(OURS / name, folder / name)
    return yaml.safe_load((folder / name).read_text(encoding="utf-8"))


def swapped(folder: Path, name: str, rows: Any) -> Form:
    """Return the form as it is after its file was replaced."""
    return form_from(written(folder, name, yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)))


def official_table(folder: Path) -> Form:
    """Return an authority's own table: another title, fewer columns in another order, an unknown one among them."""
    rows = copied(folder, RECOMMENDATION)
    rows |= {"title": "2025 年推荐汇总表（附件 2）", "official": True, "note": "", "version": "2025-1"}
    fields = {field["id"]: field for field in rows["sections"][1]["fields"]}
    fields["case_name"]["title"] = "项目/案例[全称]"
    rows["sections"][1]["fields"] = [
        fields["case_name"],
        {"id": "approved_by", "title": "批准文号"},
        fields["applicant"],
        fields["rank"],
    ]
    return swapped(folder, RECOMMENDATION, rows)


@pytest.mark.parametrize("suffix", [".html", ".docx", ".xlsx"])
def test_columns_follow_the_swapped_table(tmp_path: Path, suffix: str) -> None:
    (table,) = tables_of(recommendation_content(official_table(tmp_path), HEADER, CASES), suffix)

    assert table == [
        ["项目/案例[全称]", "批准文号", "申报单位", "排序"],
        ["案例一", "", "甲厂", "1"],
    ]


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_swapped_table_bears_its_title_and_no_mark_where_it_is_official(tmp_path: Path, suffix: str) -> None:
    text = text_of(recommendation_content(official_table(tmp_path), HEADER, CASES), suffix)

    assert "2025年推荐汇总表（附件2）" in text
    assert UNOFFICIAL not in text
    assert squeezed(recommendation_form().title) not in text


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_derived_forms_say_so_in_every_form(suffix: str) -> None:
    table = recommendation_content(recommendation_form(), HEADER, CASES)
    application = application_content(application_form(), {}, kind="enterprise", years=(2023,), facts=[])

    for filing, form in ((table, recommendation_form()), (application, application_form())):
        assert f"{UNOFFICIAL}：{squeezed(form.note)}" in text_of(filing, suffix)


def test_mark_is_printed_on_every_sheet_of_a_workbook() -> None:
    table = recommendation_content(recommendation_form(), HEADER, CASES)

    sheets = load_workbook(io.BytesIO(filing_bytes(table, ".xlsx"))).worksheets

    heads = [head.left.text for sheet in sheets if (head := sheet.oddHeader) and head.left]
    assert [UNOFFICIAL in (head or "") for head in heads] == [True, True]


def test_mark_stands_also_where_the_form_says_nothing_more(tmp_path: Path) -> None:
    rows = copied(tmp_path, RECOMMENDATION) | {"note": ""}

    filing = recommendation_content(swapped(tmp_path, RECOMMENDATION, rows), HEADER, CASES)

    assert filing.mark == UNOFFICIAL


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_sections_and_fields_follow_the_swapped_application(tmp_path: Path, suffix: str) -> None:
    rows = copied(tmp_path, APPLICATION) | {"title": "申报表（附件 1）", "official": True}
    sections = {section["id"]: section for section in rows["sections"]}
    sections["narrative"] |= {"title": "项目陈述", "fields": sections["narrative"]["fields"][:2][::-1]}
    rows["sections"] = [sections["narrative"], sections["applicant"], sections["declaration"]]
    form = swapped(tmp_path, APPLICATION, rows)

    filing = application_content(
        form, {"narrative": {"practice": "做法在前"}}, kind="enterprise", years=(2024,), facts=[]
    )

    text = text_of(filing, suffix)
    assert [part.title for part in filing.parts] == ["项目陈述", "申报单位", "声明", "附件"]
    assert text.index("做法在前") < text.index("案例背景与问题") < text.index("统一社会信用代码")
    assert "申报表（附件1）" in text
    assert UNOFFICIAL not in text


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_title_with_signs_of_a_style_sheet_is_printed_as_it_is(tmp_path: Path, suffix: str) -> None:
    title = '推荐表 "A" \\2 & </style><b>'
    rows = copied(tmp_path, RECOMMENDATION) | {"title": title, "official": True}

    filing = recommendation_content(swapped(tmp_path, RECOMMENDATION, rows), HEADER, CASES)

    text = text_of(filing, suffix)
    assert squeezed(title) in text
    if suffix == ".pdf":  # once as the title, and at the head of the page
        assert text.count(squeezed(title)) >= 2


def test_header_may_be_of_several_sections_in_any_place(tmp_path: Path) -> None:
    rows = copied(tmp_path, RECOMMENDATION)
    header, cases = rows["sections"]
    first = {"id": "first", "title": "单位", "fields": header["fields"][:1]}
    last = {"id": "last", "title": "意见", "fields": [header["fields"][4]]}
    rows["sections"] = [first, cases, last]

    filing = recommendation_content(swapped(tmp_path, RECOMMENDATION, rows), HEADER, CASES)

    assert filing.facts == (("推荐单位", "示例省厅"), ("推荐意见", "同意。"))


def test_version_names_the_very_rows_and_rules_stay_the_same(tmp_path: Path) -> None:
    before = register().version

    form = official_table(tmp_path)

    assert form.version.startswith("2025-1+")
    assert form.version.partition("+")[2] != recommendation_form().version.partition("+")[2]
    assert register().version == before


@needs_pdf
def test_guide_to_swapping_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (ROOT / "docs" / "how-to" / "swap-the-form.md").read_text(encoding="utf-8")
    code = textwrap.dedent(guide.partition("```python\n")[2].partition("```")[0])
    shutil.copy(OURS / RECOMMENDATION, tmp_path / "附件2.yaml")
    monkeypatch.chdir(tmp_path)

    exec(compile(textwrap.dedent(code), "看.py", "exec"), {})

    for line in capsys.readouterr().out.splitlines():
        assert line in guide
    assert sorted(file.suffix for file in tmp_path.glob("推荐表.*")) == [".docx", ".html", ".pdf", ".xlsx"]
