"""A recommendation table of 400 cases as Word file, workbook and PDF: what a province waits for before it seals."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.report import Bench, several
from xunshui.documents.filing import recommendation_document
from xunshui.register import directions, recommendation_form

CASES = 400
TARGET_S = 20.0
FORMS = ("docx", "xlsx", "pdf")
HEADER = {
    "body": "示例省工业和信息化厅",
    "round": "2024",
    "contact": "王示例",
    "phone": "000-0000000",
    "opinion": "经形式审查、现场核查，按综合得分排序推荐。",
    "date": "2024-09-20",
}


def main() -> None:
    """Run the bench."""
    bench, form, rows = Bench(), recommendation_form(), cases(CASES)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix in FORMS:
            out = Path(folder) / f"table.{suffix}"
            start = time.perf_counter()
            recommendation_document(form, HEADER, rows, out)
            seconds.append(time.perf_counter() - start)
            bench.told(f"recommendation of {CASES} cases as .{suffix}", seconds[-1], "s")
    bench.at_most(
        f"recommendation of {CASES} cases as {' + '.join(FORMS)}, together",
        sum(seconds),
        TARGET_S,
        "s",
        beside=several(seconds),
    )
    bench.end()


def cases(count: int) -> list[dict[str, str]]:
    """Return rows as long as a province writes them."""
    return [_case(number) for number in range(1, count + 1)]


def _case(number: int) -> dict[str, str]:
    direction = directions()[number % 5]
    return {
        "rank": str(number),
        "number": f"2024-37-{number:04}",
        "applicant": f"示例第{number}钢铁联合有限责任公司",
        "kind": "企业",
        "industry": ("钢铁", "石化化工", "造纸")[number % 3],
        "city": "示例市示例县",
        "case_name": f"焦化废水深度处理与梯级回用示范项目（第{number}号）",
        "direction": f"{direction.id} {direction.title}",
        "indicator": f"工业用水重复利用率 {97 + number % 20 / 10:.1f} %（要求 > 97 %）",
        "association": "是" if number % 4 == 0 else "否",
        "fast_track": "否",
        "truth": "属实",
        "conformity": "符合",
        "on_site": "已核查" if number % 2 else "未核查",
        "opinion": "水平衡测试齐全，台账可追溯，现场核查与申报一致，建议推荐。",
    }


if __name__ == "__main__":
    main()
