"""The command as it is installed, run in this process: what it prints, on which stream, and its exit code."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from xunshui.cli.main import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str


def xunshui(*arguments: object) -> Told:
    """Run `xunshui` with its own handling of mistakes; an error that it does not handle fails the test."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Told(code=code, out=_text(out), err=_text(err))


def refusal(*arguments: object) -> str:
    """Return the message of a command that is refused: on stderr alone, in Chinese, with exit code 2."""
    told = xunshui(*arguments)
    assert (told.code, told.out) == (2, ""), told
    assert any("一" <= character <= "鿿" for character in told.err), told.err
    assert "Traceback" not in told.err
    return told.err


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")
