"""The whole path of one case in a real browser: draft, submitted, recommended, scored, selected, published."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Browser, Locator, expect
from tests.browser.conftest import START, Person, Platform
from tests.browser.filling import fill_in, hand_in, pdf, start

CASE = "示例钢铁厂浓盐水分级回用"
SCORES = {"effect": "90", "innovation": "80", "evidence": "85", "spread": "70", "synergy": "60"}
TOTAL = "80.500"
"""By hand: (30·90 + 25·80 + 20·85 + 15·70 + 10·60) / 100 = 80.5."""


def test_one_case_from_draft_to_catalogue(platform: Platform, browser: Browser) -> None:
    ministry = Person(browser, platform, "ministry")
    ministry.goto("/ministry/2024/")
    ministry.press("text=启动征集")

    applicant = Person(browser, platform, "applicant")
    number = start(applicant, CASE)
    fill_in(applicant, number)
    expect(applicant.goto(f"/apply/{number}/check/").locator("#verdict")).to_contain_text("具备申报条件")
    hand_in(applicant, number)

    _recommend(Person(browser, platform, "province"), number)
    _screen_and_assign(ministry, number)
    _score(Person(browser, platform, "expert"), number)
    expect(applicant.goto(f"/apply/{number}/").locator("h1 + p")).to_contain_text("专家评审")
    _announce(ministry, number)

    platform.at(START + dt.timedelta(days=7))
    _publish(Person(browser, platform, "ministry"))

    public = browser.new_page()
    public.goto(f"{platform.url}/catalogue/{number}/")
    expect(public.locator("main")).to_contain_text(CASE)
    expect(public.locator("main")).to_contain_text("97.60")
    assert applicant.complaints == ministry.complaints == []


def _recommend(province: Person, number: str) -> None:
    page = province.goto(f"/province/{number}/")
    page.check("[name=truth]")
    page.check("[name=indicators]")
    page.fill("#opinion", "数据可追溯，同意推荐。")
    province.press("button[name=act][value=accept]")
    page = province.goto("/province/table/")
    page.fill("#opinion", "同意推荐。")
    page.fill("#contact", "钱处长")
    page.fill("#phone", "0311-0000000")
    province.press("form[action='/province/table/write/'] button")
    page.set_input_files("#seal", files=[pdf("盖章")])
    province.press("form[action='/province/table/seal/'] button")
    page.click("[data-opens=confirm]")
    typed = page.locator("#confirm-typed")
    typed.fill(typed.get_attribute("data-must-equal") or "")
    province.press("#confirm button[type=submit]")
    expect(page.locator("main")).to_contain_text("已报送")


def _screen_and_assign(ministry: Person, number: str) -> None:
    ministry.goto("/ministry/2024/")
    ministry.press("button:has-text('开始评审')")
    ministry.goto("/ministry/2024/screening/")
    ministry.press(f"form[action='/ministry/case/{number}/screen/'] button[value=pass]")
    ministry.goto("/ministry/2024/assignment/")
    ministry.press("text=试算分配")
    ministry.press("text=按此分配")


def _score(expert: Person, number: str) -> None:
    page = expert.goto("/expert/")
    expert.press(f"tr:has-text('{number}') a, li:has-text('{number}') a")
    for criterion, score in SCORES.items():
        page.fill(f"[name='score.{criterion}']", score)
        page.fill(f"[name='reason.{criterion}']", "见台账与材料。")
    expert.press("button[name=act][value=hand_in]")
    expect(page.locator("main")).to_contain_text(TOTAL.rstrip("0"))


def _announce(ministry: Person, number: str) -> None:
    page = ministry.goto("/ministry/2024/selection/")
    expect(page.locator(f"#n{number}")).to_contain_text(TOTAL)
    ministry.press(f"#n{number} button[value=select]")
    page = ministry.goto("/ministry/2024/selection/")
    page.fill("#minutes", "到会 3 人，表决一致同意。")
    ministry.press("text=保存纪要")
    page = ministry.goto("/ministry/2024/selection/")
    form = page.locator("form[action='/ministry/2024/announce/']")
    form.locator("input[name$=days]").fill("5")
    form.locator("[name$=contact]").fill("010-00000000")
    _confirm(ministry, form)
    expect(page.locator("main")).to_contain_text("公示")


def _publish(ministry: Person) -> None:
    page = ministry.goto("/ministry/2024/selection/")
    if not page.locator("#publish-typed").is_visible():
        page.click("text=正式公布…")
    _confirm(ministry, page.locator("form[action='/ministry/2024/publish/']"))
    expect(ministry.goto("/ministry/2024/").locator("main")).to_contain_text("已公布")


def _confirm(person: Person, form: Locator) -> None:
    label = form.locator("label[for$=-typed]").inner_text()
    form.locator("[name=typed]").fill(label.split("“")[1].split("”")[0])
    person.press(form.locator("button.primary"))
