"""Settings files: the tables of a YAML text that a user wrote."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from xunshui.telemetry.errors import SettingsFileInvalid


def read_tables(path: str | Path, invalid: type[SettingsFileInvalid]) -> object:
    """Return what a YAML file says, not looked at yet.

    Raises `invalid` where it cannot be opened, is no YAML, or says a key twice.
    """
    file = Path(path)
    try:
        # _Loader is PyYAML's safe loader that also refuses a key written twice.
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise invalid(file.name, [f"打不开文件（{error.strerror}）；检查路径和权限"]) from None
    except yaml.MarkedYAMLError as error:
        raise invalid(file.name, [_of_yaml(error)]) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise invalid(file.name, ["不是 UTF-8 的 YAML 文本"]) from None


def _of_yaml(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else "某处"
    return f"{place}不是 YAML：{error.problem}"


class _Loader(yaml.SafeLoader):
    """YAML keeps the last of two equal keys; an address typed twice would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping, each key once."""
        seen: set[object] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"“{key.value}”写了两次", problem_mark=key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)
