"""Digests: the published values, the same as another library's, and the algorithm's name never guessed."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.seal import UnknownAlgorithm, algorithm_of, digest, digest_of_stream, matches
from xunshui.seal.read import CHUNK_BYTES

# FIPS 180-4 (NIST's example) and GB/T 32905-2016, appendix A, examples 1 and 2.
SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
SM3_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
SM3_64_BYTES = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.parametrize(
    ("data", "algorithm", "published"),
    [
        pytest.param(b"abc", "sha256", SHA256_ABC, id="fips_180_4"),
        pytest.param(b"abc", "sm3", SM3_ABC, id="gb_t_32905_example_1"),
        pytest.param(b"abcd" * 16, "sm3", SM3_64_BYTES, id="gb_t_32905_example_2"),
    ],
)
def test_digest_is_the_published_one(data: bytes, algorithm: str, published: str) -> None:
    assert digest(data, algorithm) == f"{algorithm}:{published}"


@given(st.binary())
def test_digest_equals_hashlibs(data: bytes) -> None:
    assert digest(data) == f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_stream_read_piece_by_piece_has_the_digest_of_the_whole(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)

    assert digest_of_stream(io.BytesIO(data)) == f"sha256:{hashlib.sha256(data).hexdigest()}"


@given(st.binary(min_size=1), st.data())
def test_a_changed_bit_no_longer_matches(data: bytes, draw: st.DataObject) -> None:
    bit = draw.draw(st.integers(0, 8 * len(data) - 1))
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8

    for algorithm in ("sha256", "sm3"):
        labelled = digest(data, algorithm)
        assert (matches(data, labelled), matches(bytes(changed), labelled)) == (True, False)


@pytest.mark.parametrize(
    "labelled",
    [
        pytest.param(f"sha256:{SHA256_ABC.upper()}", id="upper_case"),
        pytest.param(f"sha256:{SHA256_ABC[:-1]}", id="cut_short"),
        pytest.param(f"sha256:{SHA256_ABC} ", id="with_a_blank"),
        pytest.param(f"sm3:{SHA256_ABC}", id="labelled_as_another_algorithms"),
        pytest.param("sha256:", id="empty"),
        pytest.param("sha256:摘要", id="no_digits_at_all"),
    ],
)
def test_another_text_is_not_the_digest(labelled: str) -> None:
    assert matches(b"abc", labelled) is False


@pytest.mark.parametrize("labelled", [SHA256_ABC, f"md5:{SHA256_ABC}", f"SHA256:{SHA256_ABC}", ""])
def test_unknown_algorithm_is_refused_with_those_we_know(labelled: str) -> None:
    with pytest.raises(UnknownAlgorithm, match="可用：sha256、sm3"):
        matches(b"abc", labelled)


def test_algorithm_of_a_digest_is_its_label() -> None:
    assert [algorithm_of(f"{name}:00") for name in ("sha256", "sm3")] == ["sha256", "sm3"]
