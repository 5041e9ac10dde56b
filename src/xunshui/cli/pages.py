"""The pages' own process: what `xunshui up` starts, watches, and starts again; serves on a socket it inherits."""

from __future__ import annotations

import signal
import socket
import sys

import click

from xunshui.cli.django_ready import start_django
from xunshui.cli.log import log_option, start_log
from xunshui.cli.watched import Child

GRACE_S = 40.0
"""Longer than a request that is being answered may go on."""


def pages_child(listener: socket.socket, workers: int) -> Child:
    """Return the process that serves on `listener`."""
    handle = listener.fileno()
    words = ("-m", "xunshui.cli.pages", "--handle", str(handle), "--workers", str(workers))
    return Child("web", (sys.executable, *words), grace_s=GRACE_S, orphaned=signal.SIGQUIT, handles=(handle,))


@click.command("pages")
@click.option("--handle", type=int, required=True)
@click.option("--workers", type=int, required=True)
@log_option("web")
def command(handle: int, workers: int) -> None:
    """Serve until TERM; end at once when the process that watches has gone."""
    # Ctrl-C reaches the whole group; who watches asks this one to end, in its turn.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    start_django()
    from xunshui.web.project.serve import serve  # slow import

    start_log("web")  # Django has set up a log of its own
    serve(socket.socket(fileno=handle), workers=workers)


if __name__ == "__main__":
    command()
