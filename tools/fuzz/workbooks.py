"""Damaged workbooks: broken packages, parts that are missing or twice, and cells that hold what they should not."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from tools.fuzz.json_files import cut, flipped

_SHEET = r"worksheets/sheet\d+\.xml$"
Parts = list[tuple[str, bytes]]
"""The parts of a package by name, in their order; a name may stand there twice."""

CONTENTS = (
    *(
        b"0",
        b"-1",
        b"1e400",
        b"1E999",
        b"NaN",
        b"INF",
        b"",
        b" ",
        b"abc",
        b"#REF!",
        b"#N/A",
        b"#DIV/0!",
        b"TRUE",
    ),
    *(b"99999999999", b"2958466", b"-2958466", b"1e308", b"0.1", b"97.0", b"45291.5", b"60", b"2023-12-31"),
    *(b"&lt;b&gt;", b"&#x202e;", "汉".encode() * 9000, b"9" * 400, b"_x0000_", b"1,234.5", b"12:30", b"20%"),
    *("外部".encode(), "是".encode(), "缺测".encode(), "循环水".encode(), "１２".encode(), "WT、WT".encode()),
)
NUMBERS = (
    *(
        b"0",
        b"-0",
        b"-1",
        b"1",
        b"1e400",
        b"NaN",
        b"1e308",
        b"1e-320",
        b"0.1",
        b"97.0",
        b"60",
        b"45291",
        b"45291.5",
    ),
    *(b"2958466", b"-2958466", b"99999999999", b"9" * 400, b"0." + b"3" * 90),
)
BROKEN_CONTENTS = (b"&#xD800;", b"&#0;", b"\xff\xfe", b"&nbsp;", b"<v>1</v>", b"]]>")
CELL_TYPES = (b"n", b"s", b"b", b"e", b"str", b"d", b"inlineStr", b"", b"x")
REFERENCES = (b"A0", b"", b"XFD1048576", b"XFE1", b"AAAA1", b"A1048577", b"1A", b"a1", b"B2", b"A1", b"$A$1")
RANGES = (b"A1", b"A1:XFD1048576", b"A1:ZZZZ9", b"", b"B2:A1", b"1:1", b"A:A")
SHEET_NAMES = (
    *(b"", b"Sheet1", "水流".encode(), "单元 ".encode(), "成员".encode(), "时期".encode(), b"a" * 40),
    *("水流（2）".encode(), "说明".encode(), b"[x]", b"../x"),
)
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "%s"><!ENTITY c "%s"><!ENTITY d "%s">]>' % (
    b"&a;" * 50,
    b"&b;" * 50,
    b"&c;" * 50,
)


def damaged_workbook(random: Random, workbook: bytes) -> bytes:
    """Return the workbook with one to six kinds of damage."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    # Half of the files stay workbooks that open, so that their cells are read.
    damages = random.choice((_OF_CELLS, _OF_CELLS + _OF_THE_PACKAGE))
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        random.choice(damages)(random, parts)
    if damages is _OF_CELLS:
        return _packed(random, parts)
    content = _packed(random, parts)
    return random.choice((flipped, cut, _mixed))(random, content) if random.random() < 0.15 else content


def _packed(random: Random, parts: Parts) -> bytes:
    stream = io.BytesIO()
    method = random.choice(
        (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
    )
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", method, compresslevel=1) as package:
        warnings.simplefilter("ignore")  # a part that is there twice is meant
        for name, content in parts:
            package.writestr(name, content)
    return stream.getvalue()


def _mixed(random: Random, content: bytes) -> bytes:
    return random.choice(
        (b"\xd0\xcf\x11\xe0" + content, content * 2, content[::-1], b"%PDF-1.7" + content, b"PK")
    )


def _a_part(random: Random, parts: Parts, pattern: str = "") -> int | None:
    found = [number for number, (name, _) in enumerate(parts) if re.search(pattern, name)]
    # A larger part holds more to damage.
    weights = [len(parts[number][1]) + 1 for number in found] if pattern == _SHEET else None
    return random.choices(found, weights)[0] if found else None


def _drop(random: Random, parts: Parts) -> None:
    if (number := _a_part(random, parts)) is not None:
        del parts[number]


def _repeat(random: Random, parts: Parts) -> None:
    if (number := _a_part(random, parts)) is not None:
        parts.append(parts[number])


def _rename(random: Random, parts: Parts) -> None:
    if (number := _a_part(random, parts)) is not None:
        name, content = parts[number]
        parts[number] = (
            random.choice((name.upper(), f"/{name}", name.replace("/", "\\"), f"../{name}")),
            content,
        )


def _swap(random: Random, parts: Parts) -> None:
    first, second = _a_part(random, parts, "xml"), _a_part(random, parts, "xml")
    if first is not None and second is not None:
        (name, content), (other, instead) = parts[first], parts[second]
        parts[first], parts[second] = (name, instead), (other, content)


def _garble(random: Random, parts: Parts) -> None:
    number = _a_part(random, parts)
    if number is None or not parts[number][1]:
        return
    name, content = parts[number]
    others = (
        b"",
        b"<",
        b"<a/>",
        b"\x00" * 1000,
        b" " * 30_000_000,
        content[: len(content) // 2],
        _LAUGHS + b"<a>&d;</a>",
    )
    parts[number] = (name, random.choice((*others, flipped(random, content), flipped(random, content))))


def _laugh(random: Random, parts: Parts) -> None:
    _edit(random, parts, r"\.xml$", rb"(<\?xml[^>]*\?>)", lambda found: found[1] + _LAUGHS)
    _edit(
        random, parts, r"sheet\d+\.xml$|sharedStrings", rb"(<(?:t|v)[^>]*>)", lambda found: found[1] + b"&d;"
    )


Found = re.Match[bytes]


def _edit(
    random: Random, parts: Parts, where: str, pattern: bytes, change: Callable[[Found], bytes], most: int = 3
) -> None:
    """Change up to `most` places of a part that match the pattern."""
    number = _a_part(random, parts, where)
    if number is None:
        return
    name, content = parts[number]
    found = list(re.finditer(pattern, content))
    chosen = random.sample(found, min(len(found), random.randint(1, most)))
    for match in sorted(chosen, key=lambda match: -match.start()):
        content = content[: match.start()] + change(match) + content[match.end() :]
    parts[number] = (name, content)


def _cell_values(random: Random, parts: Parts) -> None:
    pattern = rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?>)<v>[^<]*</v>'
    _edit(
        random, parts, _SHEET, pattern, lambda found: found[1] + b"<v>%s</v>" % random.choice(NUMBERS), most=6
    )


def _broken_values(random: Random, parts: Parts) -> None:
    values = (*BROKEN_CONTENTS, *CONTENTS)
    _edit(random, parts, _SHEET, rb"<v>[^<]*</v>", lambda _: b"<v>%s</v>" % random.choice(values), most=6)


def _typed_cells(random: Random, parts: Parts) -> None:
    """Give cells a text, an error, a truth or a day in place of what they hold."""
    values = (
        *(b't="str"><v>%s</v>' % content for content in CONTENTS),
        *(b't="inlineStr"><is><t>%s</t></is>' % content for content in CONTENTS),
        *(
            b't="e"><v>#VALUE!</v>',
            b't="b"><v>1</v>',
            b't="b"><v>0</v>',
            b't="d"><v>2023-12-31</v>',
            b"><v>1.5</v>",
        ),
    )
    pattern = rb' t="s"[^>]*><v>\d+</v>|(?<=")><v>[^<]*</v>'
    _edit(random, parts, _SHEET, pattern, lambda _: b" " + random.choice(values), most=12)


def _other_strings(random: Random, parts: Parts) -> None:
    """Let cells show another cell's text: headers, ids and code words change places."""
    change: Callable[[Found], bytes] = lambda _: b't="s"><v>%d</v>' % random.randrange(60)  # noqa: E731
    _edit(random, parts, _SHEET, rb't="s"><v>\d+</v>', change, most=12)


def _cell_types(random: Random, parts: Parts) -> None:
    _edit(random, parts, _SHEET, rb' t="\w+"', lambda _: b' t="%s"' % random.choice(CELL_TYPES), most=6)
    _edit(random, parts, _SHEET, rb"<c r=", lambda _: b'<c t="%s" r=' % random.choice(CELL_TYPES))


def _cell_styles(random: Random, parts: Parts) -> None:
    styles = (b"0", b"1", b"7", b"12", b"20", b"30")
    _edit(random, parts, _SHEET, rb' s="\d+"', lambda _: b' s="%s"' % random.choice(styles), most=20)


def _cell_places(random: Random, parts: Parts) -> None:
    _edit(random, parts, _SHEET, rb'<c r="[A-Z0-9]+"', lambda _: b'<c r="%s"' % random.choice(REFERENCES))
    rows = (b"0", b"1048576", b"1048577", b"", b"x", b"2")
    _edit(random, parts, _SHEET, rb'<row r="\d+"', lambda _: b'<row r="%s"' % random.choice(rows), most=1)


def _formulas(random: Random, parts: Parts) -> None:
    kinds = (
        b"<f>SUM(A1:A9)</f>",
        b"<f/>",
        b'<f t="shared" si="0"/>',
        b'<f t="array" ref="A1">1</f>',
        b"<f>'x'!A1</f>",
    )
    _edit(
        random,
        parts,
        _SHEET,
        rb"<v>[^<]*</v>",
        lambda found: random.choice(kinds) + random.choice((found[0], b"")),
    )


def _strings(random: Random, parts: Parts) -> None:
    texts = (*CONTENTS, *(name for name in SHEET_NAMES if name))
    _edit(
        random,
        parts,
        "sharedStrings",
        rb"<t[^>]*>[^<]*</t>",
        lambda _: b"<t>%s</t>" % random.choice(texts),
        12,
    )


def _string_numbers(random: Random, parts: Parts) -> None:
    places = (b"-1", b"999999", b"1e3", b"0", b"x", b"")
    _edit(
        random,
        parts,
        _SHEET,
        rb't="s"><v>\d+</v>',
        lambda _: b't="s"><v>%s</v>' % random.choice(places),
        most=5,
    )


def _sheet_names(random: Random, parts: Parts) -> None:
    _edit(
        random,
        parts,
        r"xl/workbook\.xml",
        rb'name="[^"]*"',
        lambda _: b'name="%s"' % random.choice(SHEET_NAMES),
    )


def _sizes(random: Random, parts: Parts) -> None:
    _edit(
        random,
        parts,
        _SHEET,
        rb'<dimension ref="[^"]*"/>',
        lambda _: b'<dimension ref="%s"/>' % random.choice(RANGES),
    )


def _merges(random: Random, parts: Parts) -> None:
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="%s"/></mergeCells>'
    _edit(random, parts, _SHEET, rb"</sheetData>", lambda _: merged % random.choice((*RANGES, b"A2:C4")))


def _elements(random: Random, parts: Parts) -> None:
    """Drop, double or rename elements anywhere: rows, cells, relations, styles."""
    changes: tuple[Callable[[Found], bytes], ...] = (
        lambda _: b"",
        lambda found: found[0] * 2,
        lambda found: found[0].replace(b"<", b"<x", 1),
        lambda found: re.sub(rb'"[^"]*"', b'"?"', found[0], count=1),
        lambda found: found[0].replace(b"/>", b">"),
    )
    _edit(random, parts, "", rb"<\w+[^<>]*/>|<c [^>]*>.*?</c>", random.choice(changes), most=5)


def _declaration(random: Random, parts: Parts) -> None:
    names = (b"UTF-16", b"gb18030", b"ascii", b"x", b"latin-1")
    _edit(
        random,
        parts,
        r"\.xml$",
        rb"<\?xml[^>]*\?>",
        lambda _: b'<?xml version="1.0" encoding="%s"?>' % random.choice(names),
    )


Damage = Callable[[Random, Parts], None]
_OF_CELLS: tuple[Damage, ...] = (
    *(_cell_values, _cell_values, _cell_styles, _formulas, _typed_cells, _typed_cells, _other_strings),
    *(_strings, _strings, _sheet_names),
)
_OF_THE_PACKAGE: tuple[Damage, ...] = (
    *(_broken_values, _cell_types, _cell_places, _string_numbers, _sizes, _merges, _elements, _elements),
    *(_drop, _repeat, _rename, _swap, _garble, _laugh, _declaration),
)
