"""What a token may do, in four steps from reading to handing in."""

from __future__ import annotations

from django.db import models


class Scope(models.TextChoices):
    """One thing that a token may do; signing the commitment is none of them."""

    READ = "read", "读取申报与结论"
    FILL = "fill", "填写章节、用站点文件填写"
    ATTACH = "attach", "上传材料与证据包"
    SUBMIT = "submit", "提交申报"
