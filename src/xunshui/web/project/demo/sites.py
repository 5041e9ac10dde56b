"""Answers of invented sites: the package's own templates, grown or shrunk, with figures that still balance."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from xunshui.register import Form
from xunshui.site.filing import answers_from_site
from xunshui.site.templates import template
from xunshui.web.accounts.actor import Actor
from xunshui.web.project.demo.words import STORIES

Answers = dict[str, dict[str, Any]]

ENTERPRISES = ("steel", "petrochemical", "nonferrous", "paper", "textile", "food", "other")
TEMPLATES = (*ENTERPRISES, "park", "data_centre")
_INTAKES = ("surface", "ground", "public_supply")
_PLANNED = (*_INTAKES, "non_production")
_REUSED = (
    "circulating_direct",
    "circulating_indirect",
    "circulating_process",
    "series",
    "reuse",
    "condensate",
)
_FRESH = (
    *_INTAKES,
    "purchased_steam",
    "purchased_hot_water",
    "municipal_reclaimed",
    "other_reclaimed",
    "desalinated",
    "rain",
    "mine",
    "brackish",
)
M3_PER_WAN_M3 = 10_000
TEMPLATE_YEAR = 2024
"""The call that the templates' figures are of."""

_YEAR = re.compile(r"20\d\d")
_DATE = re.compile(r"(20\d\d)(-\d\d-\d\d)")


def invented_answers(
    form: Form, name: str, actor: Actor, *, year: int, direction: str, city: str, random: Random, contact: str
) -> Answers:
    """Return the whole answers of an invented site of a template's trade, as of a call of `year`."""
    answers = _scaled(moved(_template_answers(form, name), year - TEMPLATE_YEAR), random)
    answers["applicant"] = answers["applicant"] | _applicant(actor, city, contact, random)
    answers["base"] = answers["base"] | {"legal_entity": True, "query_date": f"{year}-08-20"}
    answers["indicators"] = {"reuse_rate": _declared_rates(answers["ledger"], random)}
    saved = _saved_m3(answers["ledger"], random)
    answers["narrative"] = _narrative(direction, saved)
    answers["project"] = _project(saved, year, random)
    answers["declaration"] = {"truth": True, "consent": True}
    if name == "park":
        answers["park"] = answers["park"] | {
            "management_body": str(actor.organisation),
            "has_management": True,
        }
    return answers


@cache
def _template_answers(form: Form, name: str) -> Answers:
    return answers_from_site(form, template(name))


def moved(told: Any, years: int) -> Any:
    """Return what was told, `years` later: every yearly figure and every date in it."""
    if isinstance(told, dict):
        return {
            str(int(key) + years) if _YEAR.fullmatch(key) else key: moved(value, years)
            for key, value in told.items()
        }
    if isinstance(told, list):
        return [moved(value, years) for value in told]
    date = _DATE.fullmatch(told) if isinstance(told, str) else None
    return f"{int(date[1]) + years}{date[2]}" if date else told


def _scaled(answers: Answers, random: Random) -> Answers:
    """Return the answers at another size, the intake a little off from year to year; discharge follows it."""
    size = Decimal(random.randint(35, 260)) / 100
    scaled = {section: dict(told) for section, told in answers.items()}
    scaled["ledger"] = {key: _times(row, size) for key, row in answers["ledger"].items()}
    _vary_intake(scaled["ledger"], random)
    _vary_reuse(scaled["ledger"], random)
    scaled["base"]["plan_m3"] = _plan(scaled["ledger"], random)
    scaled["base"]["permits"] = [
        permit | {"licensed_m3_per_year": _enough(scaled["ledger"], random)}
        for permit in scaled["base"].get("permits", [])
    ]
    for product in scaled.get("production", {}).get("products", []):
        product |= {"output": _times(product["output"], size)}
    for key in ("it_energy_kwh", "total_energy_kwh"):
        if key in scaled.get("data_centre", {}):
            scaled["data_centre"][key] = _times(scaled["data_centre"][key], size)
    for key in ("output_value_wan_yuan", "value_added_wan_yuan", "steam_produced_t"):
        if key in scaled.get("production", {}):
            scaled["production"][key] = _times(scaled["production"][key], size)
    return scaled


def _times(row: dict[str, str], factor: Decimal) -> dict[str, str]:
    return {year: f"{(Decimal(text) * factor).quantize(Decimal(1)):f}" for year, text in row.items()}


def _vary_intake(ledger: dict[str, dict[str, str]], random: Random) -> None:
    main = max(_INTAKES, key=lambda key: sum(map(Decimal, ledger.get(key, {}).values()), Decimal(0)))
    for year, text in ledger[main].items():
        change = int(Decimal(text) * random.randint(-6, 4) / 100)
        discharge = int(Decimal(ledger["discharge"].get(year, "0")))
        change = max(change, -discharge)
        ledger[main][year] = str(int(Decimal(text)) + change)
        ledger["discharge"][year] = str(discharge + change)
        _keep_within(ledger.get("discharge_compliant", {}), year, discharge + change)


def _keep_within(row: dict[str, str], year: str, most: int) -> None:
    if year in row:
        row[year] = str(min(int(Decimal(row[year])), most))


def _vary_reuse(ledger: dict[str, dict[str, str]], random: Random) -> None:
    factor = Decimal(random.randint(92, 112)) / 100
    for key in _REUSED:
        ledger[key] = _times(ledger.get(key, {}), factor)


def _plan(ledger: dict[str, dict[str, str]], random: Random) -> dict[str, str]:
    """Return the planned withdrawal: above what was taken, for one applicant in twelve below it."""
    share = Decimal("0.97") if random.random() < 1 / 12 else Decimal(random.randint(102, 118)) / 100
    return _times({year: str(_sum(ledger, _PLANNED, year)) for year in ledger["surface"]}, share)


def _enough(ledger: dict[str, dict[str, str]], random: Random) -> str:
    """Return a licensed volume [m³/a]: above what was taken in every year, for one applicant in ten below it."""
    taken = max(_sum(ledger, _PLANNED, year) for year in ledger["surface"])
    return f"{taken * (90 if random.random() < 0.1 else random.randint(105, 140)) / 100:.0f}"


def _declared_rates(ledger: dict[str, dict[str, str]], random: Random) -> dict[str, str]:
    """Return the reuse rates as the applicant tells them: one in seven rounds in its own favour."""
    flattery = Decimal("1.2") if random.random() < 1 / 7 else Decimal(0)
    return {year: str(min(_rate(ledger, year) + flattery, Decimal("99.9"))) for year in ledger["surface"]}


def _rate(ledger: dict[str, dict[str, str]], year: str) -> Decimal:
    reused, fresh = _sum(ledger, _REUSED, year), _sum(ledger, _FRESH, year)
    return (100 * reused / (reused + fresh)).quantize(Decimal("0.1")) if reused + fresh else Decimal(0)


def _sum(ledger: dict[str, dict[str, str]], keys: tuple[str, ...], year: str) -> Decimal:
    return sum((Decimal(ledger.get(key, {}).get(year, "0")) for key in keys), Decimal(0))


def _saved_m3(ledger: dict[str, dict[str, str]], random: Random) -> int:
    taken = max(_sum(ledger, _INTAKES, year) for year in ledger["surface"])
    return max(int(taken * random.randint(8, 22) / 100), 1000)


def _applicant(actor: Actor, city: str, contact: str, random: Random) -> dict[str, str]:
    organisation = actor.organisation
    assert organisation is not None
    return {
        "name": organisation.name,
        "credit_code": organisation.credit_code or "",
        "city": city,
        "address": f"{city}示例路 {random.randint(1, 199)} 号",
        "legal_representative": str(actor.person),
        "enterprise_type": random.choice(("state", "private", "private", "joint_venture")),
        "staff": str(random.randint(120, 6800)),
        "contact": contact,
        "contact_department": "能源环保部",
        "contact_phone": f"0000-{random.randint(1000000, 9999999)}",
        "profile": f"{organisation.name}是演示用的虚构单位，名称、人员与数字都不对应任何真实单位。",
    }


def _narrative(direction: str, saved_m3: int) -> dict[str, str]:
    story, saved = STORIES[direction], f"{saved_m3 / M3_PER_WAN_M3:.1f}"
    effect = story.effect.format(saved=saved)
    return {
        "background": story.background,
        "practice": story.practice,
        "innovation": story.innovation,
        "effect": effect,
        "spread": story.spread,
        "next_steps": "继续完善分级计量，提高浓水资源化比例。",
        "abstract_background": story.background,
        "abstract_practice": story.practice,
        "abstract_effect": effect,
    }


def _project(saved_m3: int, call: int, random: Random) -> dict[str, str]:
    year = call - random.randint(3, 6)
    return {
        "started_on": f"{year - 1}-03-15",
        "commissioned_on": f"{year}-{random.randint(1, 12):02}-01",
        "investment_wan_yuan": str(max(saved_m3 // random.randint(150, 420), 80)),
        "capacity_m3_per_d": str(max(saved_m3 // 300, 50)),
        "running_cost_yuan_per_m3": f"{random.randint(120, 430) / 100:.2f}",
        "water_saved_m3": str(saved_m3),
        "discharge_avoided_m3": str(saved_m3 * 6 // 10),
        "cod_avoided_t": f"{saved_m3 * 5e-5:.1f}",
        "co2_avoided_t": str(max(saved_m3 // 900, 1)),
    }
