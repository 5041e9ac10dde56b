"""The profiles file: what it says, and every mistake of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from xunshui.telemetry.errors import ProfilesFileInvalid
from xunshui.telemetry.hj212.profile import Clock, Profile, Sm4, profiles_of
from xunshui.telemetry.hj212.read import read_profiles

MN = "010000A8900016F000169DC0"


def mistakes_of(raw: object) -> list[str]:
    """Return what is wrong in tables, one line each."""
    with pytest.raises(ProfilesFileInvalid) as caught:
        profiles_of(raw)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_all_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "profiles.yaml"
    file.write_text(
        f"""
        default: {{over_time_s: 5, clock: {{sync: false}}}}
        devices:
          {MN}:
            dialect: 2025
            password: "654321"
            sm4: {{key: 0123456789abcdeffedcba9876543210, padding: pkcs7, encoding: base64}}
            clock: {{tolerance_s: 30}}
            rtd_interval_s: 30
            minute_interval_min: 10
            resends: 2
        """,
        "utf-8",
    )

    profiles = read_profiles(file)

    assert profiles.of(MN) == Profile(
        dialect="2025",
        password="654321",
        sm4=Sm4(key="0123456789abcdeffedcba9876543210", padding="pkcs7", encoding="base64"),
        clock=Clock(tolerance_s=30),
        rtd_interval_s=30,
        minute_interval_min=10,
        over_time_s=5,
        resends=2,
    )
    assert profiles.of("other") == Profile(over_time_s=5, clock=Clock(sync=False))


def test_logger_without_profile_and_default_has_none() -> None:
    assert profiles_of({"devices": {"A": {}}}).of("B") is None


@pytest.mark.parametrize("key", ["0123456789abcdef", "30313233343536373839616263646566"])
def test_key_is_characters_or_digits(key: str) -> None:
    assert Sm4(key=key).key_bytes == b"0123456789abcdef"


def test_all_mistakes_are_told_at_once() -> None:
    told = {
        "defualt": {},
        "default": {"dialect": 2013, "pasword": "1"},
        "devices": {
            MN: {
                "password": 123456,
                "sm4": {"padding": "ansi", "key": "secret"},
                "clock": {"tolerance_s": 0, "sync": "perhaps"},
                "rtd_interval_s": 29,
                "minute_interval_min": 7,
                "over_time_s": 100,
            },
            88888880000001: {},
            "a b": [],
        },
    }

    assert mistakes_of(told) == [
        "defualt：不认识的属性“defualt”；可填：default、devices",
        "default.dialect：“2013”不在可选范围；可填：2005、2017、2025、surface_water_2017",
        "default.pasword：不认识的属性“pasword”；可填：dialect、password、sm4、clock、rtd_interval_s、"
        "minute_interval_min、over_time_s、resends、hardware",
        f"devices.{MN}.password：应为文字；可填：加引号的文字，6 个字符，不含空白和 ; , = &",
        f"devices.{MN}.sm4.key：写法不对（现有 6 个字符）；可填：16 个字符，或 32 位十六进制",
        f"devices.{MN}.sm4.padding：“ansi”不在可选范围；可填：none、zero、pkcs7、space",
        f"devices.{MN}.clock.sync：“perhaps”不是真假；可填：true、false",
        f"devices.{MN}.clock.tolerance_s：“0”应大于 0.0",
        f"devices.{MN}.rtd_interval_s：“29”不能小于 30",
        f"devices.{MN}.minute_interval_min：“7”不在可选范围；可填：1、2、3、4、5、6、10、12、15、20、30",
        f"devices.{MN}.over_time_s：“100”不能大于 99",
        "devices.88888880000001：MN 被读成了数字，开头的 0 会丢；可填：加引号的 MN",
        "devices.a b：MN 的写法不对；可填：不含空白和 ; , = & 的文字",
        "devices.a b：应为一台数采仪的属性；可填：{dialect: 2017, …}",
    ]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        pytest.param(
            [], "应为 default 与 devices 两张表；可填：devices: { MN: { … } }", id="no_mapping_at_all"
        ),
        pytest.param(
            {"devices": []}, "devices：应为“MN: 属性”的表；可填：{ MN: { … } }", id="list_of_devices"
        ),
    ],
)
def test_shape_of_the_file(raw: object, told: str) -> None:
    assert mistakes_of(raw) == [told]


def test_settings_that_cannot_go_together_are_told() -> None:
    key = {"key": "0123456789abcdef"}
    told = {
        "default": {"hardware": "1"},
        "devices": {
            "A": {"sm4": {**key, "exchange": {}}, "hardware": "S 1"},
            "B": {"sm4": {**key, "requests": "encrypted", "encoding": "bytes"}, "hardware": "S1"},
            "C": {"sm4": {**key, "requests": "plain", "exchange": {"next_key": "a=b", "separator": "|"}}},
            "D": {"hardware": "S1"},
        },
    }

    assert mistakes_of(told) == [
        "default.hardware：一台硬件只有一个 MN；可填：写在 devices 的某个 MN 下",
        "devices.A.hardware：“S 1”的写法不对；可填：不含空白和 ; , = & 的文字，最多 64 个字符",
        "devices.B.sm4.padding：none 时明文必须是 16 的倍数，下发的命令做不到；可填：zero、pkcs7、space",
        "devices.B.sm4.encoding：bytes 不能用于下发：密文里会出现“&&”；可填：hex、base64",
        "devices.C.sm4.exchange.next_key：写法不对（现有 3 个字符）；可填：16 个字符，不含空白和 ; , = &",
        "devices.C.sm4.exchange.separator：“|”不在可选范围；可填：,、;",
        "devices.B.hardware：“S1”写在 2 个 MN 下；可填：每个硬件序号只写一次",
        "devices.D.hardware：“S1”写在 2 个 MN 下；可填：每个硬件序号只写一次",
    ]


def test_key_exchange_must_say_whether_the_new_key_is_sent_plain() -> None:
    [told] = mistakes_of({"default": {"sm4": {"key": "0123456789abcdef", "exchange": {}}}})

    assert told.startswith("default.sm4.requests：缺少必填项：新密钥写在 1014 里")


def test_hardware_has_one_name() -> None:
    profiles = profiles_of({"devices": {"A": {"hardware": "S1"}, "B": {}}})

    assert (profiles.name_of("S1"), profiles.name_of("S2")) == ("A", None)


@pytest.mark.parametrize("secret", ["0123456789abcde", "hunter2-and-more"])
def test_secrets_are_not_shown(secret: str) -> None:
    told = mistakes_of({"default": {"password": secret, "sm4": {"key": secret + "!"}}})

    assert [secret in line for line in told] == [False] * len(told)


def test_key_written_twice_and_missing_file(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("devices: {A: {}, A: {}}", "utf-8")

    with pytest.raises(ProfilesFileInvalid, match="“A”写了两次"):
        read_profiles(tmp_path / "p.yaml")
    with pytest.raises(ProfilesFileInvalid, match=r"q\.yaml 有 1 处需要改正：\n  打不开文件"):
        read_profiles(tmp_path / "q.yaml")
