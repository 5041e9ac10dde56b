"""What click says of a command that was typed wrong, in the user's language."""

from __future__ import annotations

import errno

import click

_SYSTEM = {
    errno.ENOENT: "文件或文件夹不存在",
    errno.EACCES: "没有读写权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "文件名过长",
}


def system_words(error: OSError) -> str:
    """Return what the system refused, with the system's own words where we have none."""
    return _SYSTEM.get(error.errno or 0, error.strerror or str(error))


def usage_words(error: click.UsageError) -> str:
    """Return what is wrong with the command line and how to see what would be accepted."""
    command = error.ctx.command_path if error.ctx else "xunshui"
    return f"{_problem(error)}\n用法见：{command} --help"


def _problem(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            near = f"；相近的有 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            return f"缺少 {_named(error)}{_choices(error.param)}"
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.Choice):
            return f"{_named(error)} 的取值不在可选范围{_choices(error.param)}"
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.IntRange):
            return f"{_named(error)} 应为不小于 1 的整数"
        case click.BadParameter():
            hint = _named(error)
            return f"{hint}：{error.message}" if hint else error.message
    if error.message.startswith("No such command"):
        return f"没有这个命令；可用：{_commands(error)}"
    if "unexpected extra argument" in error.message:
        return f"多出的参数：{error.message.partition('(')[2].rstrip(')')}"
    return error.message


def _named(error: click.BadParameter) -> str:
    if error.param_hint:
        hint = error.param_hint
        return hint if isinstance(hint, str) else " ".join(hint)
    if error.param is None:
        return ""
    return error.param.opts[-1] if isinstance(error.param, click.Option) else (error.param.name or "").upper()


def _context(error: click.UsageError) -> click.Context:
    return error.ctx or click.Context(click.Command("xunshui"))


def _choices(param: click.Parameter | None) -> str:
    kind = getattr(param, "type", None)
    return f"；可选：{'、'.join(map(str, kind.choices))}" if isinstance(kind, click.Choice) else ""


def _commands(error: click.UsageError) -> str:
    group = error.ctx.command if error.ctx else None
    return "、".join(group.list_commands(_context(error))) if isinstance(group, click.Group) else ""
