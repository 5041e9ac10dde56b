"""Verifying: what holds is said to hold, and every way to forge a package is named by the file and value it touched."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tests.unit.evidence.packages import (
    ASSESSMENT,
    CREATED,
    KEY,
    OTHER_KEY,
    SITE,
    Files,
    bare_package,
    edited,
    files_of,
    mill,
    relisted,
    signed_package,
    with_manifest,
    zipped,
)

from xunshui.evidence import (
    Level,
    PackageUnreadable,
    ReplayState,
    Report,
    SignatureState,
    explanation,
    pack,
    report_as_json,
    verify,
)
from xunshui.evidence.manifest import MANIFEST, SIGNATURE
from xunshui.register import Overlay
from xunshui.seal import PublicKey, canonical_bytes, sign, value_of

TRUSTED = {"province.pem": KEY.public_key()}
OTHERS = {"other.pem": OTHER_KEY.public_key()}
TIGHTER = TypeAdapter(Overlay).validate_python(
    {
        "notice": "miit-2024-280",
        "province": "示例省",
        "document": "示例〔2024〕1号",
        "rows": [
            {
                "id": "R-IND-1",
                "subject": "steel",
                "operator": ">",
                "value": "98",
                "clause": "示例",
                "source": "OWN",
                "grade": "D",
            }
        ],
    }
)


def signed_anew(files: Files) -> Files:
    """Return files signed by another key: what a forger with a key of their own does."""
    public = base64.b64encode(OTHER_KEY.public_key().public_bytes_raw()).decode()
    signature = {**asdict(sign(files[MANIFEST], OTHER_KEY)), "public_key": public}
    return {**files, SIGNATURE: canonical_bytes(signature)}


def more_water_circulates(site: dict[str, Any]) -> None:
    stream = next(row for row in site["streams"] if row["id"] == "circulating_indirect")
    stream["volume_m3"]["2023"] += 1


def gate_is_met(assessment: dict[str, Any]) -> None:
    assessment["gates"][0]["outcome"] = "met"


def eligible_is_gone(assessment: dict[str, Any]) -> None:
    del assessment["eligible"]
    assessment["more"] = None


def verified(files: Files, keys: dict[str, PublicKey] | None = None) -> Report:
    return verify(zipped(files), trusted_keys=TRUSTED if keys is None else keys)


# What holds.


def test_signed_package_verifies_and_says_whose_key_it_is() -> None:
    report = verify(signed_package().data, trusted_keys=TRUSTED)

    assert (report.level, report.verifies, report.faults) == (Level.REPLAYED, True, ())
    assert (report.signature.state, report.signature.trusted_by) == (SignatureState.VALID, "province.pem")
    assert (report.fingerprint, report.created_at) == (signed_package().fingerprint, CREATED)
    assert [row.state for row in report.replays] == [ReplayState.REPLAYED]
    assert explanation(report) == ""


def test_signature_by_a_key_nobody_vouches_for_is_valid_but_does_not_verify() -> None:
    report = verify(signed_package().data, trusted_keys=OTHERS)

    assert (report.level, report.signature.state) == (Level.REPLAYED, SignatureState.VALID)
    assert (report.signature.trusted_by, report.verifies) == (None, False)


@pytest.mark.parametrize(("keys", "verifies"), [({}, True), (TRUSTED, False)], ids=["no_key_asked", "asked"])
def test_package_without_a_signature_verifies_only_where_no_key_was_asked(
    keys: dict[str, PublicKey], verifies: bool
) -> None:
    report = verify(bare_package().data, trusted_keys=keys)

    assert (report.level, report.signature.state) == (Level.REPLAYED, SignatureState.ABSENT)
    assert report.verifies is verifies


def test_replay_goes_by_the_packed_readings_and_the_packed_overlay() -> None:
    package = pack(
        [mill()], created_at=CREATED, readings={"deciding_year": "every"}, overlay=TIGHTER, algorithm="sm3"
    )

    packed = json.loads(files_of(package.data)[ASSESSMENT])
    assert (packed["gates"][0]["threshold"], packed["rules"]["departures"]) == (98, ["deciding_year"])
    assert verify(package.data).verifies


def test_several_sites_are_replayed_each_for_itself() -> None:
    sites = [mill(), replace(mill(), id="other", name="另一厂")]
    files = files_of(pack(sites, created_at=CREATED).data)

    files[SITE] = edited(files[SITE], more_water_circulates)
    report = verified(files, {})

    assert [(row.id, row.state) for row in report.replays] == [
        ("mill", ReplayState.DIFFERS),
        ("other", ReplayState.REPLAYED),
    ]


# What was changed: the file is named, and where a value came out otherwise, the value.


def changed_site(files: Files) -> Files:
    return {**files, SITE: edited(files[SITE], more_water_circulates)}


def changed_assessment(files: Files) -> Files:
    return {**files, ASSESSMENT: edited(files[ASSESSMENT], gate_is_met)}


def changed_attachment(files: Files) -> Files:
    return {**files, "files/说明.txt": "改件".encode()}


def longer_attachment(files: Files) -> Files:
    return {**files, "files/说明.txt": files["files/说明.txt"] + b"\n"}


def missing_site(files: Files) -> Files:
    return {path: data for path, data in files.items() if path != SITE}


def missing_attachment(files: Files) -> Files:
    return {path: data for path, data in files.items() if path != "files/说明.txt"}


def extra_file(files: Files) -> Files:
    return {**files, "files/more.txt": b""}


def changed_manifest(files: Files) -> Files:
    return with_manifest(files, program="xunshui 9.9")


def changed_digest(files: Files) -> Files:
    digest = value_of(files[MANIFEST])["members"][0]["digest"]
    return {**files, MANIFEST: files[MANIFEST].replace(digest.encode(), f"sha256:{'0' * 64}".encode())}


def unknown_digest(files: Files) -> Files:
    members = value_of(files[MANIFEST])["members"]
    old = members[0]["digest"]
    return {
        **files,
        MANIFEST: files[MANIFEST].replace(old.encode(), old.replace("sha256", "crc32x").encode()),
    }


def swapped_signature(files: Files) -> Files:
    other = pack([mill()], created_at=CREATED, key=KEY)
    return {**files, SIGNATURE: files_of(other.data)[SIGNATURE]}


def signature_under_another_keys_name(files: Files) -> Files:
    ours, theirs = value_of(files[SIGNATURE]), value_of(signed_anew(files)[SIGNATURE])
    return {
        **files,
        SIGNATURE: canonical_bytes({**ours, "key_id": theirs["key_id"], "public_key": theirs["public_key"]}),
    }


def signature_of_other_form(files: Files) -> Files:
    return {**files, SIGNATURE: edited(files[SIGNATURE], lambda raw: raw.update(note="x"))}


def signature_not_json(files: Files) -> Files:
    return {**files, SIGNATURE: b"-----BEGIN"}


def signature_key_of_other_length(files: Files) -> Files:
    return {**files, SIGNATURE: edited(files[SIGNATURE], lambda raw: raw.update(public_key="AAAA"))}


def signature_key_not_base64(files: Files) -> Files:
    return {**files, SIGNATURE: edited(files[SIGNATURE], lambda raw: raw.update(public_key="钥匙"))}


def changed_and_relisted(files: Files) -> Files:
    return relisted(changed_assessment(files))


CHANGED = "内容与清单的摘要不符"
NOT_SIGNED = "签名与 manifest.json 不符"
UNREADABLE = "读不出签名"
FORGED = [
    pytest.param(changed_site, SITE, CHANGED, ReplayState.DIFFERS, id="changed_number"),
    pytest.param(changed_assessment, ASSESSMENT, CHANGED, ReplayState.DIFFERS, id="changed_result"),
    pytest.param(changed_attachment, "files/说明.txt", CHANGED, ReplayState.REPLAYED, id="attachment"),
    pytest.param(
        longer_attachment, "files/说明.txt", "大小 7 字节（应为 6）", ReplayState.REPLAYED, id="longer"
    ),
    pytest.param(missing_site, SITE, "包里没有", ReplayState.IMPOSSIBLE, id="missing_site"),
    pytest.param(missing_attachment, "files/说明.txt", "包里没有", ReplayState.REPLAYED, id="missing_file"),
    pytest.param(extra_file, "files/more.txt", "清单里没有", ReplayState.REPLAYED, id="extra_file"),
    pytest.param(changed_manifest, SIGNATURE, NOT_SIGNED, ReplayState.REPLAYED, id="changed_manifest"),
    pytest.param(changed_digest, "README.txt", CHANGED, ReplayState.REPLAYED, id="changed_digest"),
    pytest.param(unknown_digest, "README.txt", "摘要不能核对", ReplayState.REPLAYED, id="unknown_digest"),
    pytest.param(swapped_signature, SIGNATURE, NOT_SIGNED, ReplayState.REPLAYED, id="swapped_signature"),
    pytest.param(
        signature_under_another_keys_name, SIGNATURE, NOT_SIGNED, ReplayState.REPLAYED, id="renamed_key"
    ),
    pytest.param(signature_of_other_form, SIGNATURE, UNREADABLE, ReplayState.REPLAYED, id="other_form"),
    pytest.param(signature_not_json, SIGNATURE, UNREADABLE, ReplayState.REPLAYED, id="not_json"),
    pytest.param(
        signature_key_of_other_length, SIGNATURE, "32 字节，现为 3", ReplayState.REPLAYED, id="short_key"
    ),
    pytest.param(signature_key_not_base64, SIGNATURE, UNREADABLE, ReplayState.REPLAYED, id="no_base64"),
    pytest.param(changed_and_relisted, SIGNATURE, NOT_SIGNED, ReplayState.DIFFERS, id="result_relisted"),
]


@pytest.mark.parametrize(("forge", "path", "problem", "state"), FORGED)
def test_forged_package_is_broken_and_names_the_file(
    forge: Callable[[Files], Files], path: str, problem: str, state: ReplayState
) -> None:
    report = verified(forge(files_of(signed_package().data)))

    told = {fault.path: fault.problem for fault in report.faults}
    assert (report.level, report.verifies) == (Level.BROKEN, False)
    assert problem in told[path]
    assert set(told) <= {path, SIGNATURE}
    assert [row.state for row in report.replays] == [state]


def test_changed_number_is_named_by_the_values_that_it_made() -> None:
    report = verified(changed_site(files_of(signed_package().data)))

    (replay,) = report.replays
    gate = next(row for row in replay.differences if row.path == "indicators.reuse_rate.exact")

    # 970001 / (970001 + 30000) = 970001/1000001, by hand.
    assert (gate.packed, gate.recomputed) == ("97", "97000100/1000001")
    assert ("gates[0].outcome", "not_met", "met") in [
        (row.path, row.packed, row.recomputed) for row in replay.differences
    ]


def test_changed_result_is_the_only_difference() -> None:
    (replay,) = verified(changed_assessment(files_of(signed_package().data))).replays

    assert [(row.path, row.packed, row.recomputed) for row in replay.differences] == [
        ("gates[0].outcome", "met", "not_met")
    ]


def test_forger_with_a_key_of_their_own_is_caught_by_trust_and_by_the_replay() -> None:
    forged = signed_anew(relisted(changed_assessment(files_of(signed_package().data))))

    report = verified(forged)

    assert (report.level, report.faults) == (Level.DIFFERS, ())
    assert (report.signature.state, report.signature.trusted_by) == (SignatureState.VALID, None)
    assert "不是由包内的站点数据算出的" in explanation(report)


def test_forger_who_recomputes_everything_is_caught_by_trust_alone() -> None:
    forged = pack([mill()], created_at=CREATED, key=OTHER_KEY)

    assert verify(forged.data).verifies
    assert not verify(forged.data, trusted_keys=TRUSTED).verifies


@settings(max_examples=40)
@given(st.data())
def test_any_changed_byte_is_found(draw: st.DataObject) -> None:
    files = files_of(signed_package().data)
    path = draw.draw(st.sampled_from([name for name in files if name not in (SITE, ASSESSMENT)]))
    at = draw.draw(st.integers(0, len(files[path]) - 1))
    data = bytearray(files[path])
    data[at] ^= draw.draw(st.integers(1, 255))

    try:
        report = verified({**files, path: bytes(data)})
    except PackageUnreadable as error:
        assert "更新的循水" in str(error)
        return
    assert report.level is Level.BROKEN


# Versions.


def test_other_rule_version_is_named_and_is_no_difference_by_itself() -> None:
    files = files_of(bare_package().data)
    rules = bare_package().manifest.rules
    older = {
        **files,
        ASSESSMENT: files[ASSESSMENT].replace(rules.version.encode(), b"miit-2024-280+000000000000"),
    }

    report = verified(
        relisted(with_manifest(older, rules=replace(rules, version="miit-2024-280+000000000000"))), {}
    )

    assert report.versions is not None
    assert (report.versions.packed_rules, report.versions.own_rules) == (
        "miit-2024-280+000000000000",
        rules.version,
    )
    assert (report.versions.rules_differ, report.level) == (True, Level.REPLAYED)


def test_difference_under_another_rule_version_says_where_it_may_come_from() -> None:
    files = changed_assessment(files_of(bare_package().data))
    rules = replace(bare_package().manifest.rules, version="miit-2024-280+000000000000")

    report = verified(relisted(with_manifest(files, rules=rules, program="xunshui 0.0.1")), {})

    assert report.level is Level.DIFFERS
    assert explanation(report).startswith("规则版本不同、程序版本不同：")


@pytest.mark.parametrize(
    "notice", ["miit-2030-1", "", "miit-2024-280@", "miit-2024-280@0000", "miit-2024-280@２０２６", "x" * 500]
)
def test_notice_without_rules_here_cannot_be_replayed(notice: str) -> None:
    files = files_of(bare_package().data)

    report = verified(with_manifest(files, rules=replace(bare_package().manifest.rules, notice=notice)), {})

    assert [row.state for row in report.replays] == [ReplayState.IMPOSSIBLE]
    assert report.replays[0].reason.startswith("本程序没有通知")
    assert report.versions is not None
    assert report.versions.own_rules == ""


@pytest.mark.parametrize(
    ("readings", "told"),
    [
        pytest.param({"no_such": "x"}, "no_such", id="unknown_reading"),
        pytest.param({"deciding_year": "never"}, "never", id="unknown_option"),
    ],
)
def test_reading_that_is_not_known_here_cannot_be_replayed(readings: dict[str, str], told: str) -> None:
    files = files_of(bare_package().data)
    rules = replace(bare_package().manifest.rules, readings=readings)

    (replay,) = verified(with_manifest(files, rules=rules), {}).replays

    assert replay.state is ReplayState.IMPOSSIBLE
    assert told in replay.reason


# What is no package.


def test_zip_without_a_manifest_is_no_package() -> None:
    with pytest.raises(PackageUnreadable, match="里面没有 manifest.json"):
        verify(zipped({"a": b""}))


def test_format_of_a_later_program_asks_for_it() -> None:
    later = files_of(bare_package().data)[MANIFEST].replace(b"xunshui-evidence/1", b"xunshui-evidence/2")

    with pytest.raises(PackageUnreadable, match="请用更新的循水复核"):
        verify(zipped({MANIFEST: later}))


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        pytest.param(b"", "不是 JSON", id="empty"),
        pytest.param(b"[]", "格式写作", id="a_list"),
        pytest.param(b'{"format":"other/1"}', "格式写作“other/1”", id="of_another_family"),
        pytest.param(b'{ "format":"xunshui-evidence/1"}', "不是规范写法", id="not_canonical"),
        pytest.param(b'{"format":"xunshui-evidence/1"}', "不合 xunshui-evidence/1", id="nothing_in_it"),
        pytest.param(b"\xff\xfe", "不是 JSON", id="not_text"),
        pytest.param(b"[" * 10_000, "不是 JSON", id="nested_without_end"),
    ],
)
def test_manifest_that_cannot_be_used_is_a_broken_package(manifest: bytes, told: str) -> None:
    report = verify(zipped({**files_of(signed_package().data), MANIFEST: manifest}))

    assert (report.level, report.versions, report.replays) == (Level.BROKEN, None, ())
    assert [fault.path for fault in report.faults] == [MANIFEST]
    assert told in report.faults[0].problem
    assert report_as_json(report)["verifies"] is False


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        pytest.param(lambda raw: raw["members"].append(raw["members"][0]), "列了不止一次", id="file_twice"),
        pytest.param(lambda raw: raw["sites"].append(raw["sites"][0]), "列了不止一次", id="site_twice"),
        pytest.param(lambda raw: raw["sites"].clear(), "sites", id="no_site"),
        pytest.param(lambda raw: raw["members"][0].update(size=-1), "members.0.size", id="negative_size"),
        pytest.param(lambda raw: raw.update(created_at="2026-11-23T08:00:00"), "created_at", id="no_zone"),
        pytest.param(lambda raw: raw.update(more=1), "more", id="unknown_key"),
    ],
)
def test_manifest_against_its_own_rules_is_broken(edit: Callable[[Any], None], told: str) -> None:
    files = files_of(bare_package().data)

    report = verified({**files, MANIFEST: edited(files[MANIFEST], edit)}, {})

    assert report.level is Level.BROKEN
    assert told in report.faults[0].problem


@pytest.mark.parametrize(
    ("path", "data", "told"),
    [
        pytest.param(SITE, b"{", "站点数据读不出", id="site_not_json"),
        pytest.param(SITE, b'{"id": "mill"}', "站点数据读不出", id="site_incomplete"),
        pytest.param(ASSESSMENT, b"{", "不是评估结果", id="assessment_not_json"),
        pytest.param(ASSESSMENT, b'{"a": 1, "a": 2}', "同一个键写了两次", id="assessment_with_a_key_twice"),
        pytest.param(ASSESSMENT, b'{"a": NaN}', "不是有限的数", id="assessment_with_nan"),
        pytest.param(ASSESSMENT, b"[" * 50_000, "不是评估结果", id="assessment_nested_without_end"),
        pytest.param(ASSESSMENT, b"1" * 5000, "不是评估结果", id="assessment_of_five_thousand_digits"),
    ],
)
def test_site_that_cannot_be_compared_says_why(path: str, data: bytes, told: str) -> None:
    (replay,) = verified({**files_of(bare_package().data), path: data}, {}).replays

    assert replay.state is ReplayState.IMPOSSIBLE
    assert told in replay.reason


def test_site_under_another_name_than_listed_is_not_compared() -> None:
    row = bare_package().manifest.sites[0]

    report = verified(with_manifest(files_of(bare_package().data), sites=(replace(row, name="好厂"),)), {})

    assert report.level is Level.DIFFERS
    assert "清单写的是 mill 好厂" in report.replays[0].reason


def test_report_as_json_leaves_out_the_side_where_nothing_stands() -> None:
    files = files_of(bare_package().data)
    files[ASSESSMENT] = edited(files[ASSESSMENT], eligible_is_gone)

    told = report_as_json(verified(files, {}))

    found = {row["path"]: row for row in told["sites"][0]["differences"]}
    assert found["more"] == {"path": "more", "packed": None}
    assert found["eligible"] == {"path": "eligible", "recomputed": "cannot_tell"}
    assert json.loads(json.dumps(told)) == told
