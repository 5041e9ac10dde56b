"""Write docs/reference/permissions.md: who may see and act at every address, as the site itself answers.

python -m tools.write_permissions            asks a site built for it and writes the page
python -m tools.write_permissions --check    asks it and tells whether the page is out of date, exit code 1
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import click

FILE = Path(__file__).parents[1] / "docs" / "reference" / "permissions.md"
WRITTEN = "<!-- 由 tools/write_permissions.py 生成，请勿手改；改后运行 python -m tools.write_permissions -->"
_ABOUT = """# 权限表

每个地址由每种身份访问一遍，记下网站的回答；不是手写的说明。应当怎样，由人写在
`tests/unit/web/matrix/expected.yaml`，两者不一致时测试不通过；新增的地址没有写明权限，测试也不通过。

* **看**：GET 得到页面、文件，或转到自己的工作页。
* **办**：POST 能够办理；是否允许这一步还取决于状态、期限和内容。
* **登录**：转到登录页。
* **—**：拒绝（403，或如同不存在的 404）；提交的内容不起作用，记录没有变化。

办理的前提还有：部、省、专家须设置两步验证，没有设置的先转到设置页；签署和提交由负责人办理。
`/api/` 另有说明和测试。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: an address with a case in one state, and a word for each who asks."""

    part: str
    route: str
    state: str
    words: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` only tell whether it is out of date."""
    with tempfile.TemporaryDirectory() as home:
        text = page(_measured(home))
    outdated = not FILE.exists() or FILE.read_text(encoding="utf-8") != text
    if "--check" in arguments:
        if outdated:
            click.echo(
                "docs/reference/permissions.md 已过时；运行 python -m tools.write_permissions", err=True
            )
        return int(outdated)
    FILE.write_text(text, encoding="utf-8")
    click.echo("docs/reference/permissions.md：" + ("已更新" if outdated else "没有变化"))
    return 0


def told_by_hand() -> list[Line]:
    """Return the lines as expected.yaml tells them; the tests compare them with the answers of the site."""
    from tests.unit.web.matrix.cast import TITLES, VISITOR  # needs Django to be set up
    from tests.unit.web.matrix.expected import expected_rows

    return [
        _line(
            row.part,
            row.route,
            row.state,
            [_word(who in row.sees, who in row.acts, who == VISITOR and not row.public) for who in TITLES],
        )
        for row in expected_rows()
    ]


def page(lines: Iterable[Line]) -> str:
    """Return the page: one table for each part of the site; states with the same answers share a line."""
    from tests.unit.web.matrix.cast import TITLES  # needs Django to be set up

    text = [WRITTEN, _ABOUT]
    for part, rows in groupby(lines, key=lambda line: line.part):
        text += [
            f"## {part}",
            "",
            f"| 地址 | 案例 | {' | '.join(TITLES.values())} |",
            f"|{'---|' * (2 + len(TITLES))}",
        ]
        text += [*_table(rows), ""]
    return "\n".join(text).rstrip() + "\n"


def _measured(home: str) -> list[Line]:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "xunshui.web.project.settings", "XUNSHUI_HOME": home}
    os.environ |= {"XUNSHUI_DEMO": "0", "XUNSHUI_DATABASE": ""}
    import django  # slow import

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings, setup_test_environment
    from tests.unit.web.matrix.expected import expected_rows
    from tests.unit.web.matrix.measure import measured

    setup_test_environment()
    call_command("migrate", verbosity=0)
    plain = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with override_settings(SECOND_FACTOR=False, STORAGES=plain, LOGGING_CONFIG=None):
        return [
            _line(
                row.part,
                row.route,
                row.state,
                [_word(answer.sees, answer.acts, answer.login) for answer in answers.values()],
            )
            for row, answers in measured(expected_rows())
        ]


def _line(part: str, route: str, state: str, words: Sequence[str]) -> Line:
    return Line(part=part, route=route, state=state, words=tuple(words))


def _word(sees: bool, acts: bool, login: bool) -> str:
    if login:
        return "登录"
    return f"{'看' if sees else ''}{'办' if acts else ''}" or "—"


def _table(lines: Iterable[Line]) -> Iterator[str]:
    from tests.unit.web.matrix.cases import STATES  # needs Django to be set up

    for (route, words), rows in groupby(lines, key=lambda line: (line.route, line.words)):
        states = "、".join(STATES[row.state] for row in rows if row.state in STATES)
        shown = route.replace("|", "\\|")
        yield f"| `/{shown}` | {states} | {' | '.join(words)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
