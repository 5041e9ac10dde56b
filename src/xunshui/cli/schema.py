"""`xunshui schema`: the JSON schema of what goes in and what comes out."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument("form", type=click.Choice(["site", "assessment"]))
def command(form: str) -> None:
    """输出 FORM 的 JSON Schema：site 为站点文件，assessment 为评估结果。"""
    if form == "site":
        from xunshui.site import site_schema

        schema = site_schema()
    else:
        from xunshui.assess import assessment_schema

        schema = assessment_schema()
    click.echo(json.dumps(schema, ensure_ascii=False, indent=1))
