"""Read a site from a file: JSON or the Chinese workbook."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from xunshui.site.assemble import site_of
from xunshui.site.mistakes import Mistake, SiteFileInvalid, shown
from xunshui.site.model import Site

LARGEST_FILE_BYTES = 64 * 1024 * 1024
LONGEST_NUMBER = 80
SUFFIXES = (".json", ".xlsx")


def read_site(path: str | Path) -> Site:
    """Return the site in the file at `path` (.json or .xlsx).

    Raises `SiteFileInvalid` with every mistake, each with its place in the file.
    """
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        _refuse(file.name, f"不支持的文件类型“{file.suffix}”", "、".join(SUFFIXES))
    try:
        if file.stat().st_size > LARGEST_FILE_BYTES:
            _refuse(file.name, "文件超过 64 MB", "只保留本系统模板的工作表")
        if file.suffix.lower() == ".xlsx":
            from xunshui.site.workbook.read import read_workbook  # slow import

            return read_workbook(file)
        return site_from_json(file.read_bytes(), file=file.name)
    except OSError as error:
        _refuse(file.name, f"打不开文件（{error.strerror}）", "检查路径和权限")


def site_from_json(text: str | bytes, *, file: str = "JSON") -> Site:
    """Return the site that a JSON text describes; numbers keep the digits that were written."""
    try:
        raw = json.loads(
            text,
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_each_once,
        )
    except json.JSONDecodeError as error:
        _refuse(
            file,
            f"第 {error.lineno} 行第 {error.colno} 列不是 JSON：{error.msg}",
            "xunshui schema site 给出的结构",
        )
    except UnicodeDecodeError:
        _refuse(file, "文件不是 UTF-8 文本", "以 UTF-8 保存的 JSON")
    except ValueError as error:
        _refuse(file, str(error), "每个键写一次，数字写普通的十进制数")
    except RecursionError:
        _refuse(file, "嵌套过深", "xunshui schema site 给出的结构")
    return site_of(raw, file=file)


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"有一个 {len(digits)} 位的数字")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} 不是数字")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # JSON keeps the last of two equal keys; a volume typed twice would be lost without a word.
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"键“{shown(twice)}”在同一个对象里写了两次")
    return content


def _refuse(file: str, problem: str, accepted: str) -> NoReturn:
    raise SiteFileInvalid(file, [Mistake(loc=(), place=file, problem=problem, accepted=accepted)])
