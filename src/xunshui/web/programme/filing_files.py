"""Files made from an application: the application itself, and the kit for filing it on the ministry's system."""

from __future__ import annotations

import csv
import io
import zipfile

from xunshui.documents.filing import application_content, filing_bytes
from xunshui.web.programme.form import form_for, years_of
from xunshui.web.programme.live import assessed
from xunshui.web.programme.models import Application

CLOCKLESS = (2024, 1, 1, 0, 0, 0)
_KIT_README = """填报工具包：{number} {name}

正式填报在“工业节能与绿色发展平台系统”（green.miit.gov.cn）进行。本包按栏目排好，便于誊录：
  1 誊录单.csv     每栏一行：章节、栏目、年份、内容，可用 Excel 或 WPS 打开，照抄即可
  2 申报书.docx/.pdf  待法定代表人签字、盖章；扫描后作为 P18 传回
  3 材料/          已上传的证明材料，文件名以类别开头
本表样由通知条款推出，不是官方附件 1；以平台系统的栏目为准。
"""


def application_file(application: Application, suffix: str) -> io.BytesIO:
    """Return the application as a document: .pdf, .docx or .html."""
    return io.BytesIO(_document(application, suffix))


def filing_kit(application: Application) -> io.BytesIO:
    """Return one archive laid out for filing: copy sheet, documents to seal, proof."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        name = {"number": application.number, "name": application.case_name}
        _put(archive, "0 说明.txt", _KIT_README.format(**name).encode())
        _put(archive, "1 誊录单.csv", _copy_sheet(application))
        for suffix in (".docx", ".pdf"):
            _put(archive, f"2 申报书{suffix}", _document(application, suffix))
        for row in application.attachments.filter(removed_at__isnull=True, state="clean"):
            with row.file.open() as stream:
                _put(archive, f"材料/{row.code}_{row.pk}_{row.file_name}", stream.read())
    out.seek(0)
    return out


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, CLOCKLESS), content, zipfile.ZIP_DEFLATED)


def _document(application: Application, suffix: str) -> bytes:
    partners = application.partners.select_related("organisation")
    files = application.attachments.filter(removed_at__isnull=True)
    content = application_content(
        form_for(application.round.notice),
        application.answers,
        kind=application.kind,
        years=years_of(application.round),
        facts=_facts(application),
        assessment=assessed(application),
        documents=[(row.code, row.title, row.file_name) for row in files],
        seals=[
            f"申报单位（盖章）{application.applicant}",
            "法定代表人（签字）",
            *(f"联合申报单位（盖章）{row.organisation}" for row in partners),
        ],
    )
    return filing_bytes(content, suffix)


def _facts(application: Application) -> list[tuple[str, str]]:
    last = application.submission
    return [
        ("案例名称", application.case_name),
        ("编号", application.number),
        ("申报单位", application.applicant.name),
        ("类别", application.get_kind_display()),
        ("申报方向", application.get_direction_display()),
        ("征集轮次", application.round.title),
        ("版本", f"第 {last.no} 版，摘要 {last.digest}" if last else "草稿，尚未提交"),
    ]


def _copy_sheet(application: Application) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["章节", "栏目", "年份或行", "内容"])
    answers = application.answers
    for section in form_for(application.round.notice).sections_for(application.kind):
        for field in section.fields:
            for where, text in _lines(answers.get(section.id, {}).get(field.id)):
                rows.writerow([section.title, field.title, where, _plain(text)])
    return out.getvalue().encode("utf-8-sig")


def _lines(value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [(str(key), str(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [
            (f"第 {number} 行 {key}", str(item))
            for number, row in enumerate(value, start=1)
            for key, item in row.items()
        ]
    if isinstance(value, bool):
        return [("", "是" if value else "否")]
    return [("", "" if value is None else str(value))]


def _plain(text: str) -> str:
    """Return the text so that a spreadsheet takes it for text and never for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
