"""`xunshui audit`: does the trail hold, and which head to note down elsewhere."""

from __future__ import annotations

import click

from xunshui.cli.django_ready import records_answer, start_django
from xunshui.cli.mistakes import UsersMistake
from xunshui.seal import Head


class HeadType(click.ParamType[Head]):
    """A head as `audit head` prints it."""

    name = "SEQ:HASH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        """Return the head, or fail with an example of one."""
        seq, _, sealed = str(value).partition(":")
        if not seq.isdecimal() or ":" not in sealed:
            self.fail(f"“{value}”应如 128:sha256:3f…，即 xunshui audit head 给出的一段", param, ctx)
        return Head(seq=int(seq), hash=sealed)


@click.group("audit")
def command() -> None:
    """审计记录：每一步都在哈希链上，改过、删过、调换过的行会被指出。"""


@command.command("verify")
@click.option("--chain", help="只核验一条链，如 round-2024；默认全部")
@click.option("--head", "noted", type=HeadType(), help="以前记下的链头；能看出末尾被截或整体改写")
def verify(chain: str | None, noted: Head | None) -> None:
    """核验哈希链；有断处时指出第一行，退出码 1。"""
    if noted is not None and chain is None:
        raise click.UsageError("--head 属于一条链，请同时给出 --chain，如 --chain round-2024")
    start_django()
    with records_answer():
        broken = [name for name in _named(chain) if not _holds(name, noted)]
    if broken:
        raise click.exceptions.Exit(1)


@command.command("head")
def head() -> None:
    """给出每条链的链头：行数与摘要。请记在别处，以后用 audit verify --head 核对。"""
    start_django()
    from xunshui.web.trail.models import ChainHead  # slow import

    with records_answer():
        for row in ChainHead.objects.order_by("chain"):
            click.echo(f"{row.chain}  {row.seq}:{row.hash}")


def _named(chain: str | None) -> list[str]:
    from xunshui.web.trail.record import chains  # slow import

    known = chains()
    if chain is not None and chain not in known:
        raise UsersMistake(f"没有名为“{chain}”的链；现有：{'、'.join(known) or '还没有任何链'}")
    return known if chain is None else [chain]


def _holds(chain: str, noted: Head | None) -> bool:
    from xunshui.web.trail.models import ChainHead  # slow import
    from xunshui.web.trail.record import verify_chain

    found = verify_chain(chain) or (verify_chain(chain, noted=noted) if noted else None)
    if found is not None:
        click.echo(f"▲ {chain} {found}{_told(chain, found.seq)}")
        return False
    click.echo(f"● {chain} 完整，共 {ChainHead.objects.get(chain=chain).seq} 行")
    return True


def _told(chain: str, seq: int) -> str:
    """Return what the row says that it is, for whoever goes to look at it."""
    from xunshui.web.trail.models import Entry  # slow import

    row = Entry.objects.filter(chain=chain, seq=seq).first()
    return f"〔{row.act} {row.subject} {row.actor}〕" if row else ""
