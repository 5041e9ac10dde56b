"""Choices and checks made from the tables of `review`, so that the database knows the same states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from xunshui.review import Machine


def state_field(machine: Machine[Any]) -> models.CharField[str, str]:
    """Return the column that holds a machine's state."""
    return models.CharField(
        "状态",
        max_length=20,
        choices=list(machine.states.items()),
        default=str(machine.initial),
        db_index=True,
    )


def known_state(machine: Machine[Any]) -> models.CheckConstraint:
    """Return the check that a state is one of the machine's."""
    return models.CheckConstraint(
        condition=models.Q(state__in=[str(state) for state in machine.states]),
        name=f"{machine.name}_state_known",
    )


def needs(name: str, states: Iterable[str], **facts: Any) -> models.CheckConstraint:
    """Return the check that in these states the facts hold, as `submitted_at__isnull=False`."""
    return models.CheckConstraint(
        condition=~models.Q(state__in=[str(state) for state in states]) | models.Q(**facts), name=name
    )
