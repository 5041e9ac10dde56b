"""`xunshui manage`: Django's own commands, on the records of this installation."""

from __future__ import annotations

import click

from xunshui.cli.django_ready import records_answer, start_django


@click.command(
    "manage",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """原样转给 Django 的管理命令；xunshui manage help 列出全部。"""
    start_django()
    from django.core.management import execute_from_command_line  # slow import

    with records_answer():
        execute_from_command_line(["xunshui manage", *arguments])
