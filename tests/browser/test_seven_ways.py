"""What goes wrong in a round, in a real browser: late, twice, together, returned, fast, disputed, in conflict."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Browser, expect
from tests.browser.conftest import START, Person, Platform
from tests.browser.filling import hand_in, upload
from tests.browser.people import code

NUMBER = "2024-0001"
DEADLINE = START + dt.timedelta(days=10)


def test_submission_in_the_last_second_is_taken_and_one_after_it_is_refused(
    platform: Platform, browser: Browser
) -> None:
    platform.make("drafted")
    platform.at(DEADLINE - dt.timedelta(minutes=1))
    applicant = Person(browser, platform, "applicant")
    applicant.goto(f"/apply/{NUMBER}/check/")
    applicant.press("text=以负责人身份签署承诺")
    page = applicant.goto(f"/apply/{NUMBER}/check/")

    platform.at(DEADLINE)
    applicant.press("button.primary[type=submit]")

    expect(page.locator(".note.bad").first).to_contain_text("截止")
    expect(applicant.goto(f"/apply/{NUMBER}/").locator("h1 + p")).to_contain_text("填写中")

    platform.at(DEADLINE - dt.timedelta(seconds=40))
    hand_in(applicant, NUMBER)
    expect(applicant.goto(f"/apply/{NUMBER}/").locator("h1 + p")).to_contain_text("已提交")


def test_submitting_twice_keeps_one_version(platform: Platform, browser: Browser) -> None:
    platform.make("drafted")
    first, second = Person(browser, platform, "applicant"), Person(browser, platform, "applicant")
    first.goto(f"/apply/{NUMBER}/check/")
    first.press("text=以负责人身份签署承诺")
    for window in (first, second):
        window.goto(f"/apply/{NUMBER}/check/")

    first.press("button.primary[type=submit]")
    second.press("button.primary[type=submit]")

    rows = second.goto(f"/apply/{NUMBER}/").locator("table:has-text('版次') tbody tr")
    expect(rows).to_have_count(1)


def test_two_editors_see_each_others_words_and_lose_none(platform: Platform, browser: Browser) -> None:
    platform.make("drafted")
    address = f"/apply/{NUMBER}/s/project/"
    first, second = Person(browser, platform, "applicant"), Person(browser, platform, "applicant")
    for window in (first, second):
        window.goto(address)
    _type(first, "investment_wan_yuan", "6100")
    expect(first.page.locator("#saved .saved")).to_contain_text("已保存")

    _type(second, "investment_wan_yuan", "7300")

    clash = second.page.locator("#saved")
    expect(clash).to_contain_text("6100")
    expect(clash).to_contain_text("7300")
    second.press("text=用我写的覆盖")
    expect(first.goto(address).locator("[name=investment_wan_yuan]")).to_have_value("7300")


def test_returned_application_is_corrected_and_its_first_version_kept(
    platform: Platform, browser: Browser
) -> None:
    platform.make("submitted")
    province, applicant = Person(browser, platform, "province"), Person(browser, platform, "applicant")
    page = province.goto(f"/province/{NUMBER}/")
    page.click("#refuse summary")
    page.fill("#reason", "投资额与合同不符，请更正。")
    province.press("button[name=act][value=return]")

    expect(applicant.goto(f"/apply/{NUMBER}/").locator(".note.warn")).to_contain_text("投资额与合同不符")
    applicant.goto(f"/apply/{NUMBER}/s/project/").fill("[name=investment_wan_yuan]", "4900")
    applicant.press("text=保存并到下一节")
    hand_in(applicant, NUMBER)

    rows = applicant.goto(f"/apply/{NUMBER}/").locator("table:has-text('版次') tbody tr")
    expect(rows).to_have_count(2)
    expect(province.goto(f"/province/{NUMBER}/").locator("main")).to_contain_text("4900")


def test_fast_track_needs_its_proof_and_goes_straight_to_the_ministry(
    platform: Platform, browser: Browser
) -> None:
    platform.make("pilot")
    applicant = Person(browser, platform, "applicant")
    applicant.goto(f"/apply/{NUMBER}/check/")
    applicant.press("text=以负责人身份签署承诺")
    expect(applicant.page.locator("main")).to_contain_text("P19")
    expect(applicant.page.locator("button.primary[type=submit]")).to_be_disabled()
    upload(applicant, NUMBER, ("P19",))
    hand_in(applicant, NUMBER)

    province = Person(browser, platform, "province")
    province.goto(f"/province/{NUMBER}/")
    province.press("button[name=act][value=forward]")

    screening = Person(browser, platform, "ministry").goto("/ministry/2024/screening/")
    expect(screening.locator("main")).to_contain_text("2022 年试点直通")


def test_upheld_objection_strikes_the_case(platform: Platform, browser: Browser) -> None:
    platform.make("on_notice")
    public = browser.new_context(locale="zh-CN").new_page()
    public.goto(f"{platform.url}/calls/2024/notice/{NUMBER}/object/")
    public.fill("[name=name]", "陈某某")
    public.fill("[name=employer]", "示例河流域志愿者协会")
    public.fill("[name=contact]", "13800000001")
    public.fill("[name=facts]", "再生水合同系伪造：对方单位 2023 年并无再生水外供资质，可向其查证。")
    public.check("[name=signed]")
    with public.expect_navigation():
        public.click("main button[type=submit]")
    found = re.search(r"YY2024-\w{12}", public.locator("main").inner_text())
    assert found is not None

    ministry = Person(browser, platform, "ministry")
    for event, words in (("admit", ""), ("uphold", "经核查属实。")):
        page = ministry.goto(f"/ministry/objections/{found[0]}/")
        page.fill("#answer", words)
        ministry.press(f"button[name=event][value={event}]")

    public.goto(f"{platform.url}/calls/2024/notice/")
    expect(public.locator("main")).to_contain_text("撤下")
    assert public.goto(f"{platform.url}/catalogue/{NUMBER}/").status == 404  # type: ignore[union-attr]


def test_conflict_found_late_stops_the_expert_and_shows_at_the_ministry(
    platform: Platform, browser: Browser
) -> None:
    platform.make("in_review")
    ministry, expert = Person(browser, platform, "ministry"), Person(browser, platform, "expert")
    page = ministry.goto("/ministry/experts/")
    ministry.press("a:has-text('王教授')")
    page.fill("[name=employer_code]", code(1))
    ministry.press("main form[method=post] button.primary")

    page = expert.goto("/expert/")
    expert.press(f"tr:has-text('{NUMBER}') a, li:has-text('{NUMBER}') a")
    expect(page.locator("main")).to_contain_text("利益")
    expect(page.locator("button[name=act][value=hand_in]")).to_be_disabled()

    late = ministry.goto("/ministry/2024/assignment/").locator("main")
    expect(late).to_contain_text("王教授")
    expect(late).to_contain_text("示例大学")


def _type(person: Person, name: str, text: str) -> None:
    box = person.page.locator(f"[name={name}]")
    box.fill(text)
    box.dispatch_event("change")
