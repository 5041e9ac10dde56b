"""`manage check_invariants`: everything that must hold of the records, checked against them."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from xunshui.web.programme.invariants import LAWS, violations


class Command(BaseCommand):
    """Tell every violation; exit code 1 where there is one."""

    help = "核对记录必须满足的不变式；有不符时逐条列出，退出码 1"

    def handle(self, *args: Any, **options: Any) -> None:
        """Check them all."""
        found = list(violations())
        for sentence in found:
            self.stdout.write(f"▲ {sentence}")
        if found:
            sys.exit(1)
        self.stdout.write(f"● {len(LAWS)} 条不变式全部成立")
