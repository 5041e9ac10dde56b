"""`xunshui assess`: one file to a verdict and reports, or a folder to a table."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

from xunshui.assess import Assessment, as_json, assess, assess_many, uncertain
from xunshui.assess.many import settle_worker
from xunshui.cli.metering import metered_site
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.paths import ExistingPath
from xunshui.cli.summary import json_line, plain_line, print_many, print_one
from xunshui.register import Overlay, read_overlay
from xunshui.site import Site, read_site
from xunshui.site.read import SUFFIXES


@click.command("assess")
@click.argument("path", type=ExistingPath())
@click.option("--json", "as_text", is_flag=True, help="输出 JSON（文件夹则每行一个站点）")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写出报告，可重复：.html .pdf .docx .xlsx",
)
@click.option(
    "--option", "options", multiple=True, metavar="名=值", help="改用某个释义选项，见 xunshui rules readings"
)
@click.option("--overlay", type=ExistingPath(), help="省级加严表（YAML）")
@click.option(
    "--from-lake",
    "spool",
    type=ExistingPath(),
    help="水量取自网关文件夹里的读数，不用填写的数；与 --period 同用",
)
@click.option("--period", "metered_period", metavar="时期", help="哪个时期的水量取自读数，如 2023")
@click.option("--jobs", type=click.IntRange(1), default=None, help="评估文件夹时的进程数，默认用全部处理器")
def command(
    path: Path,
    as_text: bool,
    reports: tuple[Path, ...],
    options: tuple[str, ...],
    overlay: Path | None,
    spool: Path | None,
    metered_period: str | None,
    jobs: int | None,
) -> None:
    """评估 PATH（.json、.xlsx 或装有它们的文件夹）。

    退出码：0 已给出结论（包括“无法判定”），2 文件或参数有误。
    """
    if (spool is None) != (metered_period is None):
        raise click.BadParameter("--from-lake 与 --period 要一起写", param_hint="--period")
    with users_mistake():
        readings = _readings(options)
        tightening = read_overlay(overlay) if overlay else None
        if path.is_dir():
            if spool:
                raise click.BadParameter("只用于单个文件", param_hint="--from-lake")
            _assess_folder(
                path, as_text=as_text, reports=reports, readings=readings, overlay=tightening, jobs=jobs
            )
        else:
            _refuse_unknown_forms(reports)
            site = read_site(path)
            if spool and metered_period:
                site = metered_site(site, metered_period, spool)
            _assess_site(site, as_text=as_text, reports=reports, readings=readings, overlay=tightening)


def _readings(options: Sequence[str]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    for name, equals, _ in pairs:
        if not equals:
            raise click.BadParameter(f"“{name}”应写作 名=值，如 deciding_year=every", param_hint="--option")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _refuse_unknown_forms(reports: Sequence[Path]) -> None:
    """Refuse a form that cannot be written before anything is assessed."""
    if not reports:
        return
    from xunshui.documents.write import FORMS  # slow import

    for report in reports:
        if report.suffix.lower() not in FORMS:
            raise click.BadParameter(
                f"不能写成“{report.suffix}”，可写：{' '.join(FORMS)}", param_hint="--report"
            )


def _assess_site(
    site: Site, *, as_text: bool, reports: Sequence[Path], readings: dict[str, str], overlay: Overlay | None
) -> None:
    assessment = assess(site, readings=readings, overlay=overlay)
    if as_text:
        click.echo(json.dumps(as_json(assessment, uncertain(assessment)), ensure_ascii=False, indent=1))
    else:
        print_one(assessment)
    for report in reports:
        _write(assessment, report, quiet=as_text)


def _write(assessment: Assessment, report: Path, *, quiet: bool) -> None:
    from xunshui.documents import PdfUnavailable, write_report  # slow import

    try:
        write_report(assessment, report, written_at=dt.datetime.now().astimezone())
    except PdfUnavailable as error:
        raise UsersMistake(str(error)) from None
    if not quiet:
        click.echo(f"报告已写入 {report}")


def _assess_folder(
    folder: Path,
    *,
    as_text: bool,
    reports: Sequence[Path],
    readings: dict[str, str],
    overlay: Overlay | None,
    jobs: int | None,
) -> None:
    if reports:
        raise click.BadParameter("文件夹不写报告；请对单个文件使用", param_hint="--report")
    files = sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in SUFFIXES and not file.name.startswith("~$")
    )
    if not files:
        raise click.BadParameter(f"文件夹“{folder}”中没有 {'、'.join(SUFFIXES)} 文件", param_hint="PATH")
    # A reading that does not exist is told once, before any file is opened.
    _check_choices(readings, overlay)
    with (
        ProcessPoolExecutor(max_workers=jobs or os.cpu_count(), initializer=settle_worker) as executor,
        click.progressbar(length=len(files), label="评估", file=sys.stderr) as bar,
    ):
        shape = json_line if as_text else plain_line
        lines = assess_many(files, executor, shape, readings=readings, overlay=overlay, told=bar.update)
        faulty = print_many(lines)
    if faulty:
        raise click.exceptions.Exit(2)


def _check_choices(readings: dict[str, str], overlay: Overlay | None) -> None:
    from xunshui.register import register
    from xunshui.rules import choose

    rows = register()
    choose(rows.tightened(overlay) if overlay else rows, readings)
