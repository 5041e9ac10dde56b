"""`xunshui restore`: a backup put back into an empty folder, proven before it takes its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from xunshui.cli.django_ready import home, start_django
from xunshui.cli.mistakes import UsersMistake, users_mistake


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="IN.zip")
@click.option("--verify", is_flag=True, help="另外核验数据库完整性、全部哈希链与不变式")
def command(archive: Path, verify: bool) -> None:
    """把 IN.zip 恢复到 XUNSHUI_HOME（须为空）；逐个文件重算摘要，不符则什么也不留下。"""
    target = home()
    if target.exists() and any(target.iterdir()):
        raise UsersMistake(f"{target} 不是空文件夹；恢复不覆盖任何数据，请把 XUNSHUI_HOME 指到新的文件夹")
    with users_mistake():
        _restore(archive, target, verify=verify)


def _restore(archive: Path, target: Path, *, verify: bool) -> None:
    """Unpack beside the target and move there at the end, so that a refused backup leaves nothing behind."""
    from xunshui.web.project.backup import RECORDS, BackupRefused, check_records, unpack  # slow import

    beside = target.with_name(f"{target.name}.restoring")
    beside.mkdir(parents=True)
    try:
        kept = unpack(archive, beside)
        check_records(beside / RECORDS)
        told = list(_proofs(beside)) if verify else []
    except BackupRefused as error:
        raise UsersMistake(str(error)) from None
    else:
        if target.exists():
            target.rmdir()
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    for line in told:
        click.echo(line)
    click.echo(f"已恢复 {kept.files} 个文件，{kept.bytes / 1048576:.1f} MB，到 {target}；运行 xunshui up")


def _proofs(place: Path) -> Iterator[str]:
    """Verify every chain and every invariant of the records in `place`; raise what is wrong as a refusal."""
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
