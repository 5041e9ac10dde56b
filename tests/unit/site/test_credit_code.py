"""Credit codes by GB 32100: worked by hand, position weights 3^0, 3^1, 3^2 … modulo 31."""

from __future__ import annotations

import pytest

from xunshui.site.credit_code import check_character

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("first_17", "check"),
    [
        pytest.param("0" * 17, "0", id="all_zero"),
        pytest.param("1" + "0" * 16, "Y", id="weight_1"),  # 31 − 1 = 30, the 31st character
        pytest.param("01" + "0" * 15, "W", id="weight_3"),  # 31 − 3 = 28
        pytest.param("1A" + "0" * 15, "0", id="sum_31"),  # 1 × 1 + 10 × 3 = 31
        pytest.param("0" * 16 + "1", "3", id="last_weight"),  # 3^16 mod 31 = 28, 31 − 28 = 3
        # 9×1 + 1×3 + 3×9 + 5×27 + 1×26 + M 20×21… : 1640 mod 31 = 28, 31 − 28 = 3
        pytest.param("91350100M000100Y4", "3", id="example_of_the_standard"),
    ],
)
def test_check_character_is_the_complement_of_the_weighted_sum(first_17: str, check: str) -> None:
    assert check_character(first_17) == check


@pytest.mark.parametrize(
    "first_17",
    [
        pytest.param("", id="empty"),
        pytest.param("9" * 16, id="too_short"),
        pytest.param("9" * 18, id="too_long"),
        pytest.param("9135010OM000100Y4", id="letter_o"),
        pytest.param("91350100m000100Y4", id="lower_case"),
    ],
)
def test_check_character_refuses_what_is_no_code(first_17: str) -> None:
    assert check_character(first_17) is None


@pytest.mark.parametrize("place", range(17))
def test_check_character_notices_a_wrong_character_anywhere(place: int) -> None:
    code = "91350100M000100Y4"
    wrong = code[:place] + ALPHABET[ALPHABET.index(code[place]) - 1] + code[place + 1 :]

    assert check_character(wrong) != check_character(code)
