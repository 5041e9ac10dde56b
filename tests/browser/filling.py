"""How an applicant fills in the form in a browser, until nothing is missing."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FilePayload, expect
from tests.browser.conftest import Person
from tests.browser.people import code

EXAMPLE = Path(__file__).parents[2] / "examples" / "steel_pass.json"
PAPERS = ("P01", "P02", "P03", "P08", "P09", "P10", "P18")
WORDS = {
    "applicant": {
        "credit_code": code(1),
        "address": "示例市示例路 1 号",
        "legal_representative": "李某",
        "contact": "孙工",
        "contact_phone": "0310-0000000",
        "contact_mobile": "13800000000",
        "profile": "长流程钢铁企业，年产粗钢 500 万吨。",
    },
    "narrative": dict.fromkeys(
        (
            "background",
            "practice",
            "innovation",
            "effect",
            "spread",
            "abstract_background",
            "abstract_practice",
            "abstract_effect",
        ),
        "浓盐水分级回用，替代新水。",
    ),
    "project": {"commissioned_on": "2022-06-30", "investment_wan_yuan": "5200", "water_saved_m3": "1886000"},
}


def pdf(name: str) -> FilePayload:
    """Return the smallest file that begins like a PDF, to be uploaded."""
    content = b"%PDF-1.4\n% " + name.encode() + b"\n%%EOF\n"
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": content}


def start(applicant: Person, case_name: str) -> str:
    """Start an application and return its number."""
    page = applicant.goto("/apply/")
    page.fill("#case_name", case_name)
    page.check("input[name=direction][value=D1]")
    applicant.press("text=新建并开始填写")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def fill_in(applicant: Person, number: str) -> None:
    """Fill every section in, upload the proof, sign."""
    page = applicant.goto(f"/apply/{number}/")
    page.set_input_files("#workbook", EXAMPLE)
    applicant.press("text=上传并填写")
    expect(page.locator(".note.good")).to_contain_text("用水台账")
    for section, words in WORDS.items():
        page = applicant.goto(f"/apply/{number}/s/{section}/")
        for name, text in words.items():
            box = page.locator(f'[name="{name}"]')
            if box.count():
                box.fill(text)
        applicant.press("text=保存并到下一节")
    page = applicant.goto(f"/apply/{number}/s/declaration/")
    for name in ("truth", "consent"):
        page.check(f"input[name={name}][value=yes]")
    applicant.press("text=保存并到下一节")
    upload(applicant, number, PAPERS)


def upload(applicant: Person, number: str, papers: tuple[str, ...]) -> None:
    """Upload a small PDF for each kind of proof."""
    for paper in papers:
        page = applicant.goto(f"/apply/{number}/files/")
        page.select_option("#code", paper)
        page.set_input_files("#file", files=[pdf(paper)])
        applicant.press("button:has-text('上传')")
        expect(page.locator("table").first).to_contain_text(f"{paper}.pdf")


def hand_in(applicant: Person, number: str) -> None:
    """Sign and submit."""
    page = applicant.goto(f"/apply/{number}/check/")
    if page.locator("text=以负责人身份签署承诺").count():
        applicant.press("text=以负责人身份签署承诺")
    applicant.press("button.primary[type=submit]")
    expect(page.locator(".note.good").last).to_contain_text("已提交")
