"""Packing: equal arguments give equal bytes, everything in it is listed, and what does not fit is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.evidence.packages import (
    ASSESSMENT,
    CREATED,
    KEY,
    SITE,
    bare_package,
    files_of,
    mill,
    signed_package,
)

from xunshui.assess import as_json, assess
from xunshui.evidence import CannotPack, pack
from xunshui.evidence.manifest import MANIFEST, README, SIGNATURE
from xunshui.seal import key_id
from xunshui.site import Site, site_from_json


def renamed(site_id: str) -> Site:
    return replace(mill(), id=site_id)


def test_equal_arguments_give_equal_bytes() -> None:
    again = pack([mill()], created_at=CREATED, key=KEY, attachments={"说明.txt": "原件".encode()})

    assert again.data == signed_package().data


def test_zone_of_the_clock_leaves_no_trace() -> None:
    beijing = CREATED.astimezone(dt.timezone(dt.timedelta(hours=8)))

    assert pack([mill()], created_at=beijing).data == bare_package().data


def test_package_holds_the_site_its_assessment_the_attachment_and_nothing_else() -> None:
    files = files_of(signed_package().data)

    assert list(files) == [MANIFEST, SIGNATURE, README, ASSESSMENT, "files/说明.txt", SITE]
    assert site_from_json(files[SITE]) == mill()
    assert json.loads(files[ASSESSMENT]) == json.loads(json.dumps(as_json(assess(mill()))))
    assert files["files/说明.txt"].decode() == "原件"
    assert "示例厂" in files[README].decode()


def test_manifest_lists_every_file_with_the_digest_computed_by_hand() -> None:
    files = files_of(signed_package().data)
    manifest = json.loads(files[MANIFEST])

    listed = {row["path"]: (row["size"], row["digest"]) for row in manifest["members"]}

    assert listed == {
        path: (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        for path, data in files.items()
        if path not in (MANIFEST, SIGNATURE)
    }
    assert signed_package().fingerprint == f"sha256:{hashlib.sha256(files[MANIFEST]).hexdigest()}"


def test_every_reading_is_written_the_defaults_too() -> None:
    chosen = pack([mill()], created_at=CREATED, readings={"deciding_year": "every"})

    readings = chosen.manifest.rules.readings

    assert readings["deciding_year"] == "every"
    assert set(readings) == set(bare_package().manifest.rules.readings)
    assert bare_package().manifest.rules.readings["deciding_year"] == "last"


def test_signature_names_its_key_and_an_unsigned_package_has_none() -> None:
    signature = json.loads(files_of(signed_package().data)[SIGNATURE])

    assert (signature["algorithm"], signature["key_id"]) == ("ed25519", key_id(KEY.public_key()))
    assert SIGNATURE not in files_of(bare_package().data)


def test_sites_are_filed_under_names_that_every_system_takes() -> None:
    package = pack([renamed("../甲厂:1"), renamed("乙 厂")], created_at=CREATED)

    assert [row.site for row in package.manifest.sites] == [
        "sites/%2E%2E%2F甲厂%3A1.json",
        "sites/乙%20厂.json",
    ]


def test_digests_may_be_of_the_national_algorithm() -> None:
    package = pack([mill()], created_at=CREATED, algorithm="sm3")

    assert {row.digest.partition(":")[0] for row in package.manifest.members} == {"sm3"}


@pytest.mark.parametrize(
    ("sites", "more", "told"),
    [
        pytest.param([], {}, "至少要有一个站点", id="no_site"),
        pytest.param(["A", "a"], {}, "每个编号用一次", id="ids_that_differ_by_case_alone"),
        pytest.param(["A"], {"attachments": {"../x": b""}}, "名字不能放进包里", id="attachment_outside"),
        pytest.param(["A"], {"attachments": {"x" * 201: b""}}, "最多 200 字", id="attachment_of_long_name"),
        pytest.param(["A"], {"attachments": {"x": b"", "X": b""}}, "两个附件", id="attachments_of_one_name"),
        pytest.param(
            ["A"], {"attachments": {"x": bytes((64 << 20) + 1)}}, "最多 64 MB", id="attachment_too_large"
        ),
        pytest.param(
            ["A"],
            {"attachments": dict.fromkeys(map(str, range(5)), bytes(50 << 20))},
            "请分成几个包",
            id="attachments_too_large_together",
        ),
    ],
)
def test_what_does_not_fit_is_refused(sites: list[str], more: dict[str, Any], told: str) -> None:
    with pytest.raises(CannotPack, match=told):
        pack([renamed(site) for site in sites], created_at=CREATED, **more)
