"""Key files: the private one for its owner only, nothing overwritten, mistakes told with the file's name."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from xunshui.seal import KeyInvalid, new_key, private_pem, read_private_key, read_public_key, write_key_pair


def test_pair_is_written_and_read_back(tmp_path: Path) -> None:
    key = new_key()

    beside = write_key_pair(key, tmp_path / "province.pem", "口令")

    assert beside == tmp_path / "province.public.pem"
    assert read_public_key(beside).public_bytes_raw() == key.public_key().public_bytes_raw()
    private = read_private_key(tmp_path / "province.pem", "口令")
    assert private.private_bytes_raw() == key.private_bytes_raw()


def test_private_key_is_for_its_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_key_pair(new_key(), tmp_path / "k.pem")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "k.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["k.pem", "k.public.pem"])
def test_a_key_that_is_there_is_kept_and_no_half_pair_is_left(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("old")

    with pytest.raises(FileExistsError):
        write_key_pair(new_key(), tmp_path / "k.pem")

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {there: "old"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not_text"),
        pytest.param(b"-----BEGIN PUBLIC KEY-----\n" * 4000, id="too_large"),
        pytest.param(private_pem(new_key()).encode()[:60], id="cut_off"),
    ],
)
def test_file_that_is_no_key_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wrong.pem"
    file.write_bytes(content)

    for read in (read_public_key, read_private_key):
        with pytest.raises(KeyInvalid, match="^wrong.pem：不是 PEM"):
            read(file)
