"""`xunshui evidence` as its users meet it: pack, hand on, verify; every forgery is told in words, none by a traceback."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.functional.command import refusal, xunshui
from tests.unit.evidence.packages import (
    ASSESSMENT,
    SITE,
    Files,
    edited,
    files_of,
    mill,
    relisted,
    with_manifest,
    zipped,
)

from xunshui.evidence.manifest import MANIFEST, SIGNATURE, manifest_of
from xunshui.site import write_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site, two pairs of keys and a signed package, all made by the command itself."""
    folder = tmp_path_factory.mktemp("desk")
    write_site(mill(), folder / "mill.json")
    (folder / "word.txt").write_text("一句口令\n下一行不算\n", encoding="utf-8")
    (folder / "proof.txt").write_text("原件", encoding="utf-8")
    for name in ("ours", "theirs"):
        assert xunshui("evidence", "key", "new", folder / f"{name}.pem").code == 0
    made = xunshui(
        "evidence", "pack", folder / "mill.json", "-o", folder / "p.zip", "--key", folder / "ours.pem"
    )
    assert (made.code, made.err) == (0, "")
    return folder


def verify(file: Path, *options: object) -> Any:
    return xunshui("evidence", "verify", file, *options)


def forged(desk: Path, folder: Path, forge: Callable[[Files], Files]) -> Path:
    """Return the path of a package whose files were changed."""
    file = folder / "forged.zip"
    file.write_bytes(zipped(forge(files_of((desk / "p.zip").read_bytes()))))
    return file


# There and back.


def test_package_verifies_against_the_key_it_was_signed_with(desk: Path) -> None:
    told = verify(desk / "p.zip", "--trust", desk / "ours.public.pem")

    lines = told.out.splitlines()
    assert (told.code, told.err, lines[0]) == (0, "", "完整，重算结果相同")
    assert any("可信：与你给出的" in line for line in lines)
    assert "站点 mill 示例厂：重算相同" in lines


def test_fingerprint_told_when_packing_is_the_one_told_when_verifying(desk: Path, tmp_path: Path) -> None:
    packed = xunshui("evidence", "pack", desk / "mill.json", "-o", tmp_path / "p.zip")

    told = verify(tmp_path / "p.zip")

    fingerprint = packed.out.split()[-1]
    assert fingerprint.startswith("sha256:")
    assert f"清单摘要  {fingerprint}" in told.out
    assert "没有签名" in told.out


def test_json_report_holds_the_same(desk: Path) -> None:
    told = verify(desk / "p.zip", "--json", "--trust", desk / "ours.public.pem")

    report = json.loads(told.out)
    assert (told.code, report["format"]) == (0, "xunshui-evidence-report/1")
    assert (report["level"], report["verifies"], report["faults"]) == ("replayed", True, [])
    assert [site["state"] for site in report["sites"]] == ["replayed"]


def test_several_sites_of_both_forms_options_and_attachments_go_in_one_package(
    desk: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "steel.xlsx"
    assert xunshui("convert", EXAMPLES / "steel_pass.json", sheet).code == 0

    made = xunshui(
        *("evidence", "pack", desk / "mill.json", sheet, EXAMPLES / "data_centre_invented.json"),
        *("-o", tmp_path / "p.zip", "--option", "deciding_year=every", "--attach", desk / "proof.txt"),
    )

    report = json.loads(verify(tmp_path / "p.zip", "--json").out)
    assert made.out.startswith(f"证据包已写入 {tmp_path / 'p.zip'}：3 个站点，未签名")
    assert [site["state"] for site in report["sites"]] == ["replayed"] * 3
    files = files_of((tmp_path / "p.zip").read_bytes())
    assert files["files/proof.txt"].decode() == "原件"
    assert manifest_of(files[MANIFEST]).rules.readings["deciding_year"] == "every"


def test_key_shut_with_a_passphrase_signs_with_it_alone(desk: Path, tmp_path: Path) -> None:
    key, word = tmp_path / "k.pem", desk / "word.txt"
    told = xunshui("evidence", "key", "new", key, "--passphrase-file", word)
    pack = ("evidence", "pack", desk / "mill.json", "--key", key, "-o")

    assert told.code == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "已加密，需要口令" in refusal(*pack, tmp_path / "a.zip")
    assert "口令不对" in refusal(*pack, tmp_path / "b.zip", "--passphrase-file", desk / "proof.txt")
    assert xunshui(*pack, tmp_path / "c.zip", "--passphrase-file", word).code == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c.zip", "k.pem", "k.public.pem"]


# Forgeries: intact in form, so exit code 1, and each said by its file and value.


def changed_number(files: Files) -> Files:
    def edit(site: dict[str, Any]) -> None:
        site["streams"][1]["volume_m3"]["2023"] += 1

    return {**files, SITE: edited(files[SITE], edit)}


def changed_result(files: Files) -> Files:
    return {
        **files,
        ASSESSMENT: edited(files[ASSESSMENT], lambda raw: raw["gates"][0].update(outcome="met")),
    }


def changed_result_and_manifest(files: Files) -> Files:
    return relisted(changed_result(files))


def changed_manifest(files: Files) -> Files:
    return {
        **files,
        MANIFEST: edited(files[MANIFEST], lambda raw: raw["members"][0].update(digest=f"sha256:{'0' * 64}")),
    }


def missing_member(files: Files) -> Files:
    return {path: data for path, data in files.items() if path != SITE}


def missing_signature(files: Files) -> Files:
    return {path: data for path, data in files.items() if path != SIGNATURE}


def extra_member(files: Files) -> Files:
    return {**files, "files/more.txt": b"x"}


def swapped_signature(files: Files) -> Files:
    def edit(raw: dict[str, str]) -> None:
        raw["value"] = f"{'A' * 86}=="

    return {**files, SIGNATURE: edited(files[SIGNATURE], edit)}


def manifest_not_json(files: Files) -> Files:
    return {**files, MANIFEST: b"{"}


def other_rules(files: Files) -> Files:
    rules = manifest_of(files[MANIFEST]).rules
    old = {**changed_result(files), MANIFEST: files[MANIFEST]}
    changed = with_manifest(
        old, rules=type(rules)(notice=rules.notice, version="v0", readings=rules.readings)
    )
    return missing_signature(relisted(changed))


BROKEN, DIFFERS = "已损坏或被改过", "完整，但重算结果不同"


@pytest.mark.parametrize(
    ("forge", "first", "told"),
    [
        pytest.param(
            changed_number, BROKEN, [f"{SITE}：内容与清单的摘要不符", "indicators.reuse_rate"], id="number"
        ),
        pytest.param(changed_result, BROKEN, ['gates[0].outcome：包内 "met"，重算 "not_met"'], id="result"),
        pytest.param(
            changed_result_and_manifest, BROKEN, ["signature.json：签名与 manifest.json 不符"], id="relisted"
        ),
        pytest.param(
            changed_manifest, BROKEN, ["README.txt：内容与清单的摘要不符", "签名      无效"], id="hash_file"
        ),
        pytest.param(
            missing_member, BROKEN, [f"{SITE}：清单里有，包里没有", "不能重算"], id="missing_member"
        ),
        pytest.param(missing_signature, "完整，重算结果相同", ["签名      没有签名"], id="missing_signature"),
        pytest.param(extra_member, BROKEN, ["files/more.txt：清单里没有这个文件"], id="extra_member"),
        pytest.param(swapped_signature, BROKEN, ["签名与 manifest.json 不符"], id="swapped_signature"),
        pytest.param(manifest_not_json, BROKEN, ["manifest.json：值：不是 JSON"], id="manifest_not_json"),
        pytest.param(
            other_rules, DIFFERS, ["规则版本  v0；本机 miit-2024-280+", "规则版本不同"], id="other_rules"
        ),
    ],
)
def test_forgery_is_told_and_ends_with_1(
    desk: Path, tmp_path: Path, forge: Callable[[Files], Files], first: str, told: list[str]
) -> None:
    answer = verify(forged(desk, tmp_path, forge), "--trust", desk / "ours.public.pem")

    assert (answer.code, answer.err, answer.out.splitlines()[0]) == (1, "", first)
    for words in told:
        assert words in answer.out


def test_key_that_nobody_vouches_for_ends_with_1(desk: Path) -> None:
    told = verify(desk / "p.zip", "--trust", desk / "theirs.public.pem")

    assert told.code == 1
    assert "未确认可信：不在你给出的公钥之中" in told.out


def test_text_of_a_package_cannot_move_the_cursor(desk: Path, tmp_path: Path) -> None:
    def edit(raw: dict[str, Any]) -> None:
        raw["program"] = "x\x1b[2J\r完整\u202e"

    file = forged(desk, tmp_path, lambda files: {**files, MANIFEST: edited(files[MANIFEST], edit)})

    told = verify(file)

    assert told.code == 1
    assert not {"\x1b", "\r", "\u202e"} & set(told.out)


# What cannot be opened at all: exit code 2.


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(MANIFEST, bytes((64 << 20) + 1))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "开头不是 zip 的标志", id="empty"),
        pytest.param(b"not a zip", "开头不是 zip 的标志", id="not_a_zip"),
        pytest.param(zipped({MANIFEST: b"{}"})[:-5], "文件被截断", id="truncated"),
        pytest.param(bomb(), "可能是压缩炸弹，未打开", id="bomb"),
        pytest.param(zipped({"../../x": b""}), "“../../x”不是包内的相对路径", id="traversal"),
        pytest.param(zipped({"/etc/x": b""}), "“/etc/x”不是包内的相对路径", id="absolute"),
        pytest.param(zipped({"C:\\x": b""}), "不是包内的相对路径", id="drive"),
        pytest.param(zipped({"a": b""}), "里面没有 manifest.json", id="another_zip"),
        pytest.param(
            zipped({MANIFEST: b'{"format":"xunshui-evidence/7"}'}), "请用更新的循水复核", id="later_format"
        ),
    ],
)
def test_what_is_no_package_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "p.zip"
    file.write_bytes(content)

    message = refusal("evidence", "verify", file)

    assert message.startswith("p.zip：")
    assert told in message
    assert [path.name for path in tmp_path.iterdir()] == ["p.zip"]


def test_verify_refuses_paths_that_are_no_files(desk: Path) -> None:
    assert "不存在" in refusal("evidence", "verify", desk / "none.zip")
    assert "这是文件夹" in refusal("evidence", "verify", desk)
    assert "不存在" in refusal("evidence", "verify", desk / "p.zip", "--trust", desk / "none.pem")
    assert "不是 PEM 公钥" in refusal("evidence", "verify", desk / "p.zip", "--trust", desk / "ours.pem")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("mill.json", "-o", "p.zip"), "p.zip 已存在", id="never_overwritten"),
        pytest.param(("mill.json", "-o", "none/q.zip"), "文件或文件夹不存在", id="folder_missing"),
        pytest.param(("mill.json", "mill.json", "-o", "q.zip"), "每个编号用一次", id="site_twice"),
        pytest.param(("proof.txt", "-o", "q.zip"), "proof.txt", id="not_a_site"),
        pytest.param(("none.json", "-o", "q.zip"), "不存在", id="site_missing"),
        pytest.param(("-o", "q.zip"), "缺少", id="no_site"),
        pytest.param(("mill.json",), "缺少", id="no_output"),
        pytest.param(("mill.json", "-o", "q.zip", "--option", "deciding_year"), "名=值", id="option_form"),
        pytest.param(("mill.json", "-o", "q.zip", "--option", "x=y"), "x", id="option_unknown"),
        pytest.param(("mill.json", "-o", "q.zip", "--key", "proof.txt"), "不是 PEM 私钥", id="key"),
        pytest.param(("mill.json", "-o", "q.zip", "--key", "ours.public.pem"), "不是 PEM 私钥", id="public"),
        pytest.param(
            ("mill.json", "-o", "q.zip", "--passphrase-file", "word.txt"), "没有给 --key", id="word_alone"
        ),
        pytest.param(
            ("mill.json", "-o", "q.zip", "--attach", "proof.txt", "--attach", "proof.txt"),
            "有两个附件叫 proof.txt",
            id="attachment_twice",
        ),
        pytest.param(("mill.json", "-o", "q.zip", "--overlay", "proof.txt"), "proof.txt", id="overlay"),
    ],
)
def test_pack_refuses_and_writes_nothing(
    desk: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(desk)
    before = {file.name: file.read_bytes() for file in desk.iterdir()}

    assert told in refusal("evidence", "pack", *arguments)
    assert {file.name: file.read_bytes() for file in desk.iterdir()} == before


def test_pack_into_a_folder_of_that_name_is_refused(desk: Path, tmp_path: Path) -> None:
    assert "已存在" in refusal("evidence", "pack", desk / "mill.json", "-o", tmp_path)


def test_key_is_never_overwritten(desk: Path) -> None:
    before = (desk / "ours.pem").read_bytes()

    assert "不覆盖" in refusal("evidence", "key", "new", desk / "ours.pem")
    assert (desk / "ours.pem").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "told"), [(b"\n", "第一行是空的"), (b"\xff\n", "不是 UTF-8"), (b"", "第一行是空的")]
)
def test_passphrase_that_is_none_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    word = tmp_path / "word.txt"
    word.write_bytes(content)

    assert told in refusal("evidence", "key", "new", tmp_path / "k.pem", "--passphrase-file", word)
    assert not (tmp_path / "k.pem").exists()
