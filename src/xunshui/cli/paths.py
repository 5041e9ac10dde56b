"""Paths that a user names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class ExistingPath(click.ParamType[Path]):
    """A file or folder that is there already."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with what was typed."""
        path = Path(value)
        try:
            found = path.exists()
        except (OSError, ValueError):
            found = False
        return path if found else self.fail(f"“{value}”不存在；请检查路径", param, ctx)
