"""Profiles: what a platform agreed with each logger and cannot hear from it: dialect, password, key, intervals.

A profiles file is YAML: ``default`` for all loggers, ``devices`` by MN; what a logger's own profile does not say is
taken from the default. A logger without a profile is listened to and never asked.

>>> told = {"default": {"clock": {}}, "devices": {"A": {"dialect": 2025, "rtd_interval_s": 60}}}
>>> profiles = profiles_of(told)
>>> profiles.of("A").dialect, profiles.of("A").clock, profiles.of("B").rtd_interval_s
('2025', Clock(sync=True, tolerance_s=60.0), None)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Literal, TypeGuard

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from xunshui.site.mistakes import Loc, Mistake, shown
from xunshui.telemetry.connectors.settings import setting
from xunshui.telemetry.connectors.words import mistake_of
from xunshui.telemetry.errors import ProfilesFileInvalid


def _as_text(told: object) -> object:
    return str(told) if isinstance(told, int) else told


Dialect = Literal["2005", "2017", "2025", "surface_water_2017"]
Padding = Literal["none", "zero", "pkcs7", "space"]
Encoding = Literal["hex", "base64", "bytes"]
SECRETS = {
    "password": "6 个字符，不含空白和 ; , = &",
    "key": "16 个字符，或 32 位十六进制",
    "next_key": "16 个字符，不含空白和 ; , = &",
}
"""What is never shown in a message, and how it is written."""
MN = frozenset(";,=&")


@setting
class KeyExchange:
    """That a logger gets a new key (1014): when it asks for one, and when a person does."""

    next_key: Annotated[str, Field(pattern=r"^[!-%'-+\--:<>-~]{16}$")] | None = None
    """The key it gets; one is made by chance where none stands here."""
    separator: Literal[",", ";"] = ","
    """Between SKCreateTime and NewSK; one public program and its test frame have a comma."""


@setting
class Sm4:
    """How what stands in CP is encrypted (SM4, ECB).

    The text of HJ 212-2025 was not read: how it pads the last block and writes the ciphertext down, and whether the
    platform's commands are encrypted too, is for the user to say, as the logger's maker tells it.
    """

    key: Annotated[str, Field(pattern=r"^(?:[!-~]{16}|[0-9A-Fa-f]{32})$")]
    padding: Padding = "none"
    encoding: Encoding = "hex"
    requests: Literal["plain", "encrypted"] | None = None
    """Of the platform's commands 1014, 3020 and 2000–2999; plain where nothing stands here."""
    exchange: KeyExchange | None = None

    @property
    def key_bytes(self) -> bytes:
        """Return the 16 bytes of the key."""
        return self.key.encode() if len(self.key) == 16 else bytes.fromhex(self.key)


@setting
class Clock:
    """Whether the gateway sets a logger's clock, and from which deviation on."""

    sync: bool = True
    tolerance_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 60.0


@setting
class Profile:
    """What was agreed with one logger; None is not agreed and never asked for."""

    dialect: Annotated[Dialect, BeforeValidator(_as_text)] | None = None
    """Decides before Flag does. In surface_water_2017, Flag 8 and 9 do not mean 2025."""
    password: Annotated[str, Field(pattern=r"^[^;,=&\s]{6}$")] | None = None
    sm4: Sm4 | None = None
    clock: Clock | None = None
    rtd_interval_s: Annotated[int, Field(ge=30, le=3_600)] | None = None
    minute_interval_min: Literal[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30] | None = None
    over_time_s: Annotated[int, Field(ge=1, le=99)] | None = None
    resends: Annotated[int, Field(ge=0, le=99)] | None = None
    hardware: Annotated[str, Field(pattern=r"^[^;,=&\s]{1,64}$")] | None = None
    """The serial (i23005) of the logger that is told this MN (1002) when it tells its hardware (1001)."""


PARTS: dict[str, type] = {"sm4": Sm4, "clock": Clock, "exchange": KeyExchange}


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles of a gateway."""

    default: Profile | None = None
    devices: Mapping[str, Profile] = field(default_factory=dict)

    def of(self, device: str) -> Profile | None:
        """Return a logger's profile, or None where nothing was agreed with it."""
        return self.devices.get(device, self.default)

    def name_of(self, serial: str) -> str | None:
        """Return the MN that belongs to a logger's hardware."""
        return next((name for name, each in self.devices.items() if each.hardware == serial), None)


def profiles_of(raw: object, *, file: str = "配置文件") -> Profiles:
    """Return the profiles that `raw` tables describe.

    Raises `ProfilesFileInvalid` with every mistake, each with its place.
    """
    if not isinstance(raw, Mapping):
        raise ProfilesFileInvalid(file, ["应为 default 与 devices 两张表；可填：devices: { MN: { … } }"])
    mistakes = [
        Mistake(loc=(str(key),), problem=f"不认识的属性“{shown(key)}”", accepted="default、devices")
        for key in raw
        if key not in ("default", "devices")
    ]
    default = raw.get("default")
    if default is not None:
        mistakes += _mistakes_in(default, ("default",))
        mistakes += _mistakes_of_shared_hardware(default)
    devices = raw.get("devices", {})
    if not isinstance(devices, Mapping):
        mistakes.append(Mistake(loc=("devices",), problem="应为“MN: 属性”的表", accepted="{ MN: { … } }"))
        devices = {}
    for device, told in devices.items():
        mistakes += _mistakes_of_name(device)
        mistakes += _mistakes_in(told, ("devices", str(device)))
    mistakes += _mistakes_of_hardware(devices)
    if mistakes:
        raise ProfilesFileInvalid(file, mistakes)
    shared = default or {}
    return Profiles(
        None if default is None else _adapter().validate_python(default),
        {device: _adapter().validate_python({**shared, **told}) for device, told in devices.items()},
    )


def _mistakes_of_name(device: object) -> Iterator[Mistake]:
    if not isinstance(device, str):
        yield Mistake(
            loc=("devices", str(device)), problem="MN 被读成了数字，开头的 0 会丢", accepted="加引号的 MN"
        )
    elif not device or MN & set(device) or any(map(str.isspace, device)):
        yield Mistake(loc=("devices", device), problem="MN 的写法不对", accepted="不含空白和 ; , = & 的文字")


def _mistakes_in(told: object, loc: Loc) -> list[Mistake]:
    if not isinstance(told, Mapping):
        return [Mistake(loc=loc, problem="应为一台数采仪的属性", accepted="{dialect: 2017, …}")]
    try:
        profile = _adapter().validate_python({str(name): value for name, value in told.items()})
        found = [] if profile.sm4 is None else list(_mistakes_of_sm4(profile.sm4))
    except ValidationError as error:
        found = [_mistake_of(detail) for detail in error.errors()]
    return [replace(mistake, loc=(*loc, *mistake.loc)) for mistake in found]


def _mistakes_of_sm4(sm4: Sm4) -> Iterator[Mistake]:
    """Yield what its settings cannot do together."""
    if sm4.exchange is not None and sm4.requests is None:
        yield Mistake(
            loc=("sm4", "requests"),
            problem="缺少必填项：新密钥写在 1014 里，要写明 1014 是否用现有的密钥加密",
            accepted="encrypted、plain（密钥以明文下发）",
        )
    if sm4.requests == "encrypted" and sm4.padding == "none":
        yield Mistake(
            loc=("sm4", "padding"),
            problem="none 时明文必须是 16 的倍数，下发的命令做不到",
            accepted="zero、pkcs7、space",
        )
    if sm4.requests == "encrypted" and sm4.encoding == "bytes":
        yield Mistake(
            loc=("sm4", "encoding"), problem="bytes 不能用于下发：密文里会出现“&&”", accepted="hex、base64"
        )


def _mistakes_of_shared_hardware(default: object) -> Iterator[Mistake]:
    if isinstance(default, Mapping) and default.get("hardware") is not None:
        yield Mistake(
            loc=("default", "hardware"), problem="一台硬件只有一个 MN", accepted="写在 devices 的某个 MN 下"
        )


def _mistakes_of_hardware(devices: Mapping[object, object]) -> Iterator[Mistake]:
    told = {device: each["hardware"] for device, each in devices.items() if _has_hardware(each)}
    counts = Counter(told.values())
    for device, serial in told.items():
        if counts[serial] > 1:
            yield Mistake(
                loc=("devices", str(device), "hardware"),
                problem=f"“{shown(serial)}”写在 {counts[serial]} 个 MN 下",
                accepted="每个硬件序号只写一次",
            )


def _has_hardware(told: object) -> TypeGuard[Mapping[str, str]]:
    return isinstance(told, Mapping) and isinstance(told.get("hardware"), str)


def _mistake_of(detail: ErrorDetails) -> Mistake:
    name = detail["loc"][-1]
    if name in SECRETS and detail["type"] == "string_pattern_mismatch":
        problem = f"写法不对（现有 {len(detail['input'])} 个字符）"
        return Mistake(loc=detail["loc"], problem=problem, accepted=SECRETS[str(name)])
    mistake = mistake_of(detail, Profile, PARTS)
    if name == "hardware" and detail["type"] == "string_pattern_mismatch":
        return replace(mistake, accepted="不含空白和 ; , = & 的文字，最多 64 个字符")
    if name in SECRETS and detail["type"] == "string_type":
        return replace(mistake, accepted=f"加引号的文字，{SECRETS[str(name)]}")
    return mistake


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(Profile)
