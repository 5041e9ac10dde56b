"""The README.txt of a package: what it is and how to verify it, for whoever opens the zip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xunshui.evidence.manifest import PackedSite

_TEXT = """\
循水证据包

制作时间（世界时）：{created_at}
站点：
{sites}

这是什么
  sites/        站点数据：水网图、计量与各时期水量
  assessments/  由站点数据算出的评估：指标、逐条结论、差距
  meters/       水量取自水表时：每块水表的点位与水量（.json）、背后的全部读数（.csv，每行带校验）
  files/        附件（如有）
  manifest.json 清单：规则版本、释义选项、程序版本，每个文件的大小与摘要
  signature.json 对清单的签名（如有）：Ed25519，带公钥

怎样复核（不需要联网）
  pip install xunshui
  xunshui evidence verify 本文件.zip --trust 对方公钥.pem

  复核做四件事：文件齐全且安全；每个摘要相符；签名有效、由谁签、你是否信任；
  用站点数据重新计算，逐项与包内的评估比较；有读数时，先由读数重新算出水量。
  包里带的公钥只能说明“由持有这把钥匙的人签”；这把钥匙属于谁，须另行确认。
"""


def readme(created_at: dt.datetime, sites: Sequence[PackedSite]) -> str:
    """Return the text for a package of these sites."""
    lines = "\n".join(f"  {row.id}  {row.name}" for row in sites)
    return _TEXT.format(created_at=created_at.astimezone(dt.UTC).isoformat(timespec="seconds"), sites=lines)
