"""What a long-running process tells: an event of a stable name, a sentence for people, and the facts as fields.

    tell("gateway_listening", "HJ 212 监听 127.0.0.1:9212", protocol="hj212", address="127.0.0.1:9212")

Where it goes, and in which form, is for the command line to say; a program that uses the package says it with Python's
own `logging`, whose logger is `xunshui`. No secret and nothing of a frame may be told.
"""

from __future__ import annotations

import logging
import re

LOGGER = "xunshui"
LONGEST = 400
_QUOTED = re.compile("“.*”|'.*'|\".*\"", re.DOTALL)


def tell(event: str, words: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Tell of an event; DEBUG is what only machines read."""
    logging.getLogger(LOGGER).log(level, words, extra={"event": event, "facts": facts})


def without_quotes(reason: str) -> str:
    """Return a reason without what it quotes: that came from a device, and may be anything.

    >>> without_quotes("“PW123456”应写作 名称=值")
    '“…”应写作 名称=值'
    """
    return _QUOTED.sub("“…”", reason)[:LONGEST]
