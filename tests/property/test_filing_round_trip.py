"""What a form can hold comes back from it: a site's gates rest on the same figures after it was filed."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.plants import few, plants
from tests.spec.given import YEARS, Raw, site_of_given

from xunshui.assess import assess
from xunshui.register import application_form
from xunshui.site import Site, SiteFileInvalid
from xunshui.site.filing import answers_from_site, check_answers, not_held, site_from_answers
from xunshui.site.kinds import CONVENTIONAL

FORM = application_form()
HELD = (
    "reuse_rate",
    "park_reuse_rate",
    "unit_product_withdrawal",
    "reclaimed_share",
    "water_per_value_added",
    "wue",
    "condensate_recovery_rate",
)


def filed(site: Site) -> Site:
    answers = answers_from_site(FORM, site)
    return site_from_answers(FORM, answers, site_id="A", kind=site.kind, years=YEARS)


def figures(site: Site) -> dict[tuple[str, str], Fraction | None]:
    """Return the values that gates rest on, by period and indicator."""
    found = assess(site).values
    return {
        (period, value.key): value.value
        for period, values in found.items()
        for value in values.values()
        if value.key in HELD
    }


@few
@given(plants(), st.randoms(use_true_random=False))
def test_indicators_are_the_same_after_filing(plant: Raw, random: Any) -> None:
    for row in plant["streams"]:
        if row["kind"] in set(CONVENTIONAL):
            row["production"] = random.random() < 0.7
    site = site_of_given(plant)

    assert not_held(FORM, site) == ()
    for key, value in figures(site).items():
        # Without a stream of its kind an indicator may be silent where the form's zero lets it speak.
        assert figures(filed(site)).get(key) == value or value is None


@few
@given(plants())
def test_prefilled_answers_have_no_mistake(plant: Raw) -> None:
    site = site_of_given(plant)

    assert check_answers(FORM, answers_from_site(FORM, site), kind=site.kind, years=YEARS, draft=True) == ()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["2023", "surface", "1e9"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["2023", "name", "number", "output", "unit"]) | st.text(max_size=4), inner
        )
    ),
    max_leaves=6,
)
ANSWERS = st.dictionaries(
    st.sampled_from([section.id for section in FORM.sections]) | st.text(max_size=4),
    st.dictionaries(
        st.sampled_from([field.id for section in FORM.sections for field in section.fields]), JSON, max_size=4
    )
    | JSON,
    max_size=4,
)


@given(ANSWERS, st.sampled_from(["enterprise", "park", "data_centre"]))
def test_any_answers_are_checked_and_judged_without_a_traceback(answers: Any, kind: str) -> None:
    for mistake in check_answers(FORM, answers, kind=kind, years=YEARS):
        str(mistake)
    with contextlib.suppress(SiteFileInvalid):
        assess(site_from_answers(FORM, answers, site_id="A", kind=kind, years=YEARS))
