"""Verify: is the package whole, who signed it, and does it come out the same when it is computed again?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xunshui.evidence.archive import Contents, PackageUnreadable, contents_of
from xunshui.evidence.manifest import MANIFEST, SIGNATURE, Manifest, ManifestInvalid, Member, manifest_of
from xunshui.evidence.pack import program
from xunshui.evidence.replay import own_rules, replay
from xunshui.evidence.report import Fault, Report, Versions, signature_fault
from xunshui.evidence.signed import SignatureState, Signed, signed
from xunshui.seal import PublicKey, UnknownAlgorithm, digest, matches


def verify(package: bytes, *, trusted_keys: Mapping[str, PublicKey] | None = None) -> Report:
    """Return what is found in the bytes of a package, offline.

    `trusted_keys` are the public keys the verifier trusts, by the name under which they hold them. Sites are computed
    again even where a file is broken, so that a change is named by the value it made. Raises `PackageUnreadable` where
    the bytes are no package, are not safe to open, or are of a newer format.
    """
    contents = contents_of(package)
    if MANIFEST in contents.damaged:
        return _broken(contents.damaged[MANIFEST], b"", trusted_keys)
    if MANIFEST not in contents.files:
        raise PackageUnreadable(f"里面没有 {MANIFEST}，不是循水证据包")
    text = contents.files[MANIFEST]
    try:
        manifest = manifest_of(text)
    except ManifestInvalid as error:
        if error.newer:
            raise PackageUnreadable(f"{MANIFEST}：{error}") from None
        return _broken(str(error), text, trusted_keys)
    found = signed(text, contents.files.get(SIGNATURE), trusted_keys or {})
    return Report(
        fingerprint=digest(text),
        created_at=manifest.created_at,
        versions=_versions(manifest),
        signature=found,
        trust_asked=bool(trusted_keys),
        faults=(*signature_fault(found, SIGNATURE), *_faults(manifest, contents)),
        replays=tuple(replay(row, manifest.rules, contents.files) for row in manifest.sites),
    )


def _broken(problem: str, text: bytes, trusted_keys: Mapping[str, PublicKey] | None) -> Report:
    return Report(
        fingerprint=digest(text),
        created_at=None,
        versions=None,
        signature=Signed(state=SignatureState.INVALID, problem="没有可用的清单，签名无从核对"),
        trust_asked=bool(trusted_keys),
        faults=(Fault(path=MANIFEST, problem=problem),),
        replays=(),
    )


def _versions(manifest: Manifest) -> Versions:
    return Versions(
        packed_rules=manifest.rules.version,
        own_rules=own_rules(manifest.rules),
        packed_program=manifest.program,
        own_program=program(),
    )


def _faults(manifest: Manifest, contents: Contents) -> Iterator[Fault]:
    listed = {member.path: member for member in manifest.members}
    for path, problem in contents.damaged.items():
        yield Fault(path=path, problem=problem)
    for path, member in listed.items():
        if path not in contents.damaged:
            yield from _member_faults(member, contents.files.get(path))
    for path in contents.files:
        if path not in listed and path not in (MANIFEST, SIGNATURE):
            yield Fault(path=path, problem="清单里没有这个文件")


def _member_faults(member: Member, data: bytes | None) -> Iterator[Fault]:
    if data is None:
        yield Fault(path=member.path, problem="清单里有，包里没有")
        return
    try:
        if len(data) != member.size or not matches(data, member.digest):
            size = f"，大小 {len(data)} 字节（应为 {member.size}）" if len(data) != member.size else ""
            yield Fault(path=member.path, problem=f"内容与清单的摘要不符{size}：被改过")
    except UnknownAlgorithm as error:
        yield Fault(path=member.path, problem=f"清单所记的摘要不能核对：{error}")
