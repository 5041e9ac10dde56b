"""`xunshui restore`: a backup put back into empty folders, proven before it takes its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from xunshui.cli.django_ready import home, start_django
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.sensing_beside import sensing_folder


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="IN.zip")
@click.option("--verify", is_flag=True, help="另外核验数据库完整性、全部哈希链与不变式、逐批报文的摘要")
def command(archive: Path, verify: bool) -> None:
    """把 IN.zip 恢复到 XUNSHUI_HOME（须为空）；逐个文件重算摘要，不符则什么也不留下。

    采集的数据恢复到其中的 sensing，或 XUNSHUI_SENSING 所指的文件夹（也须为空）。
    """
    targets = (home(), sensing_folder())
    for target in targets:
        if target.exists() and any(target.iterdir()):
            raise UsersMistake(
                f"{target} 不是空文件夹；恢复不覆盖任何数据，请把 XUNSHUI_HOME、XUNSHUI_SENSING 指到新的文件夹"
            )
    with users_mistake():
        _restore(archive, *targets, verify=verify)


def _restore(archive: Path, target: Path, sensing_target: Path, *, verify: bool) -> None:
    """Unpack beside the targets and move there at the end, so that a refused backup leaves nothing behind."""
    from xunshui.telemetry.check import SensingDamaged  # slow import
    from xunshui.web.project.backup import SENSING, BackupRefused, unpack

    beside = _beside(target)
    is_inside = sensing_target == target / SENSING
    sensing = beside / SENSING if is_inside else _beside(sensing_target)
    beside.mkdir(parents=True)
    try:
        kept = unpack(archive, beside, sensing)
        told = list(_proofs(beside, sensing if kept.sensing else None, verify=verify))
        if kept.sensing and not is_inside:
            _take_place(sensing, sensing_target)
        _take_place(beside, target)
    except (BackupRefused, SensingDamaged) as error:
        raise UsersMistake(str(error)) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(sensing, ignore_errors=True)
    for line in told:
        click.echo(line)
    click.echo(f"已恢复 {kept.files} 个文件，{kept.bytes / 1048576:.1f} MB，到 {target}；运行 xunshui up")


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.restoring")


def _take_place(unpacked: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()
    unpacked.rename(target)


def _proofs(place: Path, sensing: Path | None, *, verify: bool) -> Iterator[str]:
    """Check what was unpacked; with `verify` to the last; raise what is wrong as a refusal."""
    from xunshui.telemetry.check import check_frames, check_spool  # slow import
    from xunshui.web.project.backup import RECORDS, check_records

    check_records(place / RECORDS)
    if sensing is not None:
        yield f"● 采集的数据到第 {check_spool(sensing)} 批"
    if not verify:
        return
    yield from _proofs_of_records(place)
    if sensing is not None:
        yield f"● {check_frames(sensing)} 批报文与摘要相符"


def _proofs_of_records(place: Path) -> Iterator[str]:
    """Verify every chain and every invariant of the records in `place`."""
    from xunshui.web.project.backup import BackupRefused  # slow import

    os.environ["XUNSHUI_HOME"] = str(place)
    start_django()
    from django.db import connections

    from xunshui.web.programme.invariants import violations
    from xunshui.web.trail.record import chains, verify_chain

    for chain in chains():
        found = verify_chain(chain)
        if found is not None:
            raise BackupRefused(f"哈希链 {chain} {found}")
        yield f"● 哈希链 {chain} 完整"
    wrong = list(violations())
    if wrong:
        raise BackupRefused(f"有 {len(wrong)} 处不符：{wrong[0]}")
    yield "● 不变式全部成立"
    connections.close_all()
