"""The rows of the trail and the head of each chain."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ChainHead(models.Model):
    """The end of one chain: what the next row hangs on."""

    chain = models.CharField(max_length=40, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        """Return the chain with its length."""
        return f"{self.chain} #{self.seq}"


class Entry(models.Model):
    """One act: who, when, what, on which thing; `body` is what was hashed."""

    chain = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    body = models.JSONField()
    previous = models.CharField(max_length=80)
    hash = models.CharField(max_length=80)

    class Meta:
        """A place in a chain is taken once."""

        ordering: ClassVar = ["chain", "seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "seq"], name="entry_place_once")]
        indexes: ClassVar = [models.Index(fields=["subject"])]

    def __str__(self) -> str:
        """Return the place and the act."""
        return f"{self.chain} #{self.seq} {self.act}"
