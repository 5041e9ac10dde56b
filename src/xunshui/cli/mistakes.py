"""A user's mistake: its message on stderr, exit code 2, no traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click

from xunshui.cli.log import is_json
from xunshui.cli.words import system_words
from xunshui.telemetry.errors import (
    AgreedDamaged,
    CopyRefused,
    DevicesFileInvalid,
    ForeignLake,
    NotAnswered,
    PeriodMissing,
    ProfilesFileInvalid,
    SpoolDamaged,
    SpoolInUse,
    SpoolMissing,
)
from xunshui.telemetry.log import tell

TELEMETRYS = (
    AgreedDamaged,
    CopyRefused,
    SpoolDamaged,
    SpoolInUse,
    SpoolMissing,
    ForeignLake,
    PeriodMissing,
    DevicesFileInvalid,
    ProfilesFileInvalid,
    NotAnswered,
)


class UsersMistake(click.ClickException):
    """A mistake that the user can mend."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Write the message to stderr as it is, or as a line of the log."""
        if is_json():
            tell("refused", self.format_message(), level=logging.ERROR)
        else:
            click.echo(self.format_message(), err=True)


@contextmanager
def users_mistake() -> Iterator[None]:
    """Turn the errors that a user can mend, a file that cannot be written among them, into their message."""
    try:
        yield
    except ValueError as error:
        if not isinstance(error, TELEMETRYS) and not isinstance(error, _rooms()):
            raise
        raise UsersMistake(str(error)) from None
    except BrokenPipeError:
        # The reader of our output has gone (| head); click ends quietly on it.
        raise
    except OSError as error:
        raise UsersMistake(f"{error.filename or '文件'}：{system_words(error)}") from None


def _rooms() -> tuple[type[ValueError], ...]:
    """Return the mistakes of the rooms that take two seconds to load: a gateway does not wait for them."""
    from xunshui.register import OverlayInvalid  # slow import, and only where something went wrong
    from xunshui.rules import UnknownReading
    from xunshui.site import SiteFileInvalid

    return OverlayInvalid, UnknownReading, SiteFileInvalid
