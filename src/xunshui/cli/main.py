"""The command line: one file a command group, each loaded only when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from xunshui.cli.words import usage_words

COMMANDS = {
    "account": ("xunshui.cli.account", "建立部、省、协会、专家库的账号；密码从提示符或标准输入读"),
    "assess": ("xunshui.cli.assess", "评估一个站点文件或一个文件夹：去向、指标、逐条结论、差距"),
    "audit": ("xunshui.cli.audit", "核验审计记录的哈希链，给出链头"),
    "backup": ("xunshui.cli.backup", "把全部记录与文件备份成一个 zip"),
    "balance": ("xunshui.cli.balance", "校正水平衡：精确闭合、不确定度、疑有误差的水表与漏损"),
    "convert": ("xunshui.cli.convert", "在 JSON 与 Excel 工作簿之间转换站点文件"),
    "doctor": ("xunshui.cli.doctor", "检查系统库、字体与图表组件，给出补救办法"),
    "evidence": ("xunshui.cli.evidence", "打包证据、离线复核证据包"),
    "forward": ("xunshui.cli.forward", "转发：把收下的 HJ 212 报文按顺序报给监管平台，逐帧等应答"),
    "gateway": ("xunshui.cli.gateway", "采集网关：接收报文，落盘之后才应答"),
    "hj212": ("xunshui.cli.hj212", "HJ 212 报文：拆解（decode）与写出（encode）；取历史、校时、反控（ask）"),
    "lake": ("xunshui.cli.lake", "数据湖：搬入（flush）、点位（points）、取回（export）"),
    "sensing": ("xunshui.cli.sensing", "看着采集网关与搬运：谁停了就再启动谁"),
    "simulate": ("xunshui.cli.simulate", "按站点文件的点位模拟现场设备，试用平台"),
    "manage": ("xunshui.cli.manage", "Django 的管理命令，如 check_invariants、migrate"),
    "new": ("xunshui.cli.new", "生成某一行业的填报工作簿"),
    "restore": ("xunshui.cli.restore", "从备份恢复到空文件夹，逐项核验"),
    "review": ("xunshui.cli.review", "评审用的计算：专家分配"),
    "rules": ("xunshui.cli.rules", "列出条件、限值、释义选项与定额"),
    "schema": ("xunshui.cli.schema", "输出站点或评估结果的 JSON Schema"),
    "sl651": ("xunshui.cli.sl651", "SL 651 报文：拆解（decode）"),
    "szy206": ("xunshui.cli.szy206", "SZY206 报文：拆解（decode）"),
    "up": ("xunshui.cli.up", "启动平台：建库、备好页面、开始服务；--demo 带一整套虚构数据"),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xunshui", message="循水 xunshui %(version)s")
def cli() -> None:
    """循水：工业废水循环利用的开放平台。

    先试：xunshui new steel 我的工厂.xlsx，再 xunshui assess 我的工厂.xlsx --report 报告.html
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; a user's mistake ends with its message and exit code 2, without a traceback."""
    _speak_utf8()
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = cli.main(args=arguments, prog_name="xunshui", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        return _refused(usage_words(error))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _refused("已中断", code=130)
    except BrokenPipeError:
        # The reader of our output has gone (| head); nothing more can be told, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code if isinstance(code, int) else 0


def _refused(words: str, code: int = 2) -> int:
    click.echo(words, err=True)
    return code


def _speak_utf8() -> None:
    # A console with another code page would fail on Chinese; characters it lacks are replaced, never fatal.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    main()
