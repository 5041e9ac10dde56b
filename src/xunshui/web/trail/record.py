"""Append to a chain and check one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from xunshui.seal import Break, Head, Link, canonical_bytes, first_break, first_link, next_link
from xunshui.web.trail.models import ChainHead, Entry


@transaction.atomic(savepoint=False)
def record(
    chain: str, *, act: str, actor: str, subject: str, at: dt.datetime, detail: dict[str, Any]
) -> Entry:
    """Append one act to a chain and return its row.

    The head is read under a lock: two acts at once follow each other, they never fork the chain. An act that
    waited for the lock bears the moment of the one before it, so that time never runs backwards.
    """
    head = _head(chain)
    body = json.loads(canonical_bytes({"act": act, "actor": actor, "subject": subject, "detail": detail}))
    last = Entry.objects.filter(chain=chain, seq=head.seq).first()
    link = first_link(chain, body, at) if last is None else next_link(_link(last), body, max(at, last.at))
    entry = Entry.objects.create(
        chain=chain,
        seq=link.seq,
        at=link.at,
        actor=actor,
        act=act,
        subject=subject,
        body=body,
        previous=link.previous,
        hash=link.hash,
    )
    head.seq, head.hash = link.seq, link.hash
    head.save()
    return entry


def _head(chain: str) -> ChainHead:
    heads = ChainHead.objects.select_for_update()
    if (head := heads.filter(chain=chain).first()) is not None:
        return head
    ChainHead.objects.get_or_create(chain=chain)
    return heads.get(chain=chain)


def verify_chain(chain: str, *, noted: Head | None = None) -> Break | None:
    """Return the first broken row of a chain, or None where all of it holds.

    It must reach the head that was `noted` elsewhere or, where none is given, the one kept beside it.
    """
    if noted is None and (head := ChainHead.objects.filter(chain=chain).first()):
        noted = Head(seq=head.seq, hash=head.hash)
    return first_break(_links(chain), head=noted)


def chains() -> list[str]:
    """Return the names of all chains."""
    return list(ChainHead.objects.order_by("chain").values_list("chain", flat=True))


def _links(chain: str) -> Iterator[Link]:
    for row in Entry.objects.filter(chain=chain).order_by("seq").iterator():
        yield _link(row)


def _link(row: Entry) -> Link:
    # The columns that people search by are copies; a row whose copy was changed does not hold either.
    told = row.body | {"act": row.act, "actor": row.actor, "subject": row.subject}
    return Link(chain=row.chain, seq=row.seq, at=row.at, body=told, previous=row.previous, hash=row.hash)
