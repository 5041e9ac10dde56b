"""The server: gunicorn's processes with threads, on a socket that is bound already."""

from __future__ import annotations

import gc
import socket
from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn ships no types
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn ships no types

from xunshui.web.project.wsgi import application

THREADS = 4
GRACE_S = 30
"""How long a request that is being answered may go on after the server was told to stop [s]."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._settings.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return application


class _Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """What gunicorn says goes where everything else of this process goes."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def serve(listener: socket.socket, *, workers: int) -> None:
    """Serve on a bound socket until told to stop (TERM lets requests end, INT does not wait); never returns."""
    # A connection must not be shared by the processes that are forked now.
    connections.close_all()
    _Server(
        {
            "bind": f"fd://{listener.fileno()}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACE_S,
            "timeout": 120,
            "loglevel": "warning",
            "logger_class": _Log,
            "post_worker_init": lambda _: _warm(),
            # What stays frozen until the end is told on stderr as leaks of the libraries it belongs to.
            "worker_exit": lambda _server, _worker: gc.unfreeze(),
        }
    ).run()


def _warm() -> None:
    """Read the catalogue's cards before the first visitor has to wait for it."""
    from xunshui.web.catalogue.shelf import shelf  # the models are ready only now

    shelf()
    connections.close_all()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
