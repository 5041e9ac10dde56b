"""/health and /metrics of the pages, for whoever watches: no login, no session, whatever name the server was asked by.

/health says 503 where the records do not answer. That the sensing stands still it says too, but the pages are healthy
without. Everyone learns whether the pages are healthy; the rest is told to this machine alone, and not through a proxy.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from xunshui.telemetry.forward.status import read_all
from xunshui.telemetry.gateway.status import STALE_S, read_status
from xunshui.telemetry.lake.status import read_flushed

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
FLUSH_STALE_S = 300.0
"""A round of the flusher may tidy a large lake."""
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


def watched(application: Application) -> Application:
    """Return an application that answers /health and /metrics itself."""

    def answer(environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/health":
            return _health(start, whole=_is_near(environ))
        if path == "/metrics" and _is_near(environ):
            return _answer(start, "200 OK", "text/plain; version=0.0.4", metrics(state(time.time())))
        return application(environ, start)

    return answer


def state(now: float) -> dict[str, Any]:
    """Return how records and sensing do; ages in seconds, None where there is nothing."""
    began = time.perf_counter()
    answers = _records_answer()
    took_s = time.perf_counter() - began
    gateway, flushed = read_status(settings.SENSING), read_flushed(settings.SENSING)
    return {
        "healthy": answers,
        "records": {"answer": answers, "took_s": round(took_s, 6)},
        "gateway": _of_a_process(gateway, now, STALE_S),
        "flusher": _of_a_process(flushed, now, FLUSH_STALE_S)
        | {"flush_age_s": _age(flushed, "flushed_at", now), "behind_batches": (flushed or {}).get("behind")},
        "forwarders": [
            {
                "name": told["name"],
                "connected": told["connected"],
                "behind_batches": told["behind_batches"],
                **_of_a_process(told, now, STALE_S),
            }
            for told in read_all(settings.SENSING)
        ],
    }


def metrics(state: Mapping[str, Any]) -> str:
    """Return the state in Prometheus' text format."""
    return "\n".join([*_lines(state), ""])


def _lines(state: Mapping[str, Any]) -> Iterator[str]:
    yield from _gauge("records_up", "1 where the records' database answers", {"": state["records"]["answer"]})
    yield from _gauge(
        "records_answer_seconds", "how long it took to answer", {"": state["records"]["took_s"]}
    )
    parts = {f'{{process="{name}"}}': state[name] for name in ("gateway", "flusher")}
    parts |= {_label(each["name"]): each for each in state["forwarders"]}
    running = {labels: part["state"] == "running" for labels, part in parts.items()}
    yield from _gauge("sensing_up", "1 where a process of the sensing writes its status", running)
    ages = {labels: part["age_s"] for labels, part in parts.items()}
    yield from _gauge("sensing_status_age_seconds", "age of a process's last status", ages)
    yield from _gauge("flush_age_seconds", "age of the last flush", {"": state["flusher"]["flush_age_s"]})
    behind = {labels: part.get("behind_batches") for labels, part in parts.items()}
    yield from _gauge("behind_batches", "batches not carried or forwarded yet", behind)


def _gauge(name: str, words: str, values: Mapping[str, Any]) -> Iterator[str]:
    known = {labels: value for labels, value in values.items() if value is not None}
    if known:
        yield f"# HELP xunshui_web_{name} {words}"
        yield f"# TYPE xunshui_web_{name} gauge"
    for labels, value in known.items():
        yield f"xunshui_web_{name}{labels} {float(value):g}"


def _label(forwarder: str) -> str:
    return f'{{process="forward-{forwarder}"}}'


def _health(start: Start, *, whole: bool) -> Iterable[bytes]:
    told = state(time.time())
    shown = told if whole else {"healthy": told["healthy"]}
    code = "200 OK" if told["healthy"] else "503 Service Unavailable"
    return _answer(start, code, "application/json", json.dumps(shown, ensure_ascii=False) + "\n")


def _answer(start: Start, code: str, kind: str, body: str) -> Iterable[bytes]:
    content = body.encode()
    headers = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Content-Length": str(len(content)),
        "Cache-Control": "no-store",
    }
    start(code, list(headers.items()))
    return [content]


def _is_near(environ: Environ) -> bool:
    """Return whether this machine itself asks, and not a proxy on it for someone else."""
    return environ.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not any(map(environ.get, FORWARDED))


def _records_answer() -> bool:
    try:
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
    except DatabaseError:
        connection.close()
        return False
    return True


def _of_a_process(told: Mapping[str, Any] | None, now: float, stale_s: float) -> dict[str, Any]:
    age_s = _age(told, "written_at", now)
    if age_s is None:
        return {"state": "absent", "age_s": None}
    return {"state": "running" if age_s <= stale_s else "stopped", "age_s": age_s}


def _age(told: Mapping[str, Any] | None, name: str, now: float) -> float | None:
    return round(now - told[name], 1) if told and told.get(name) else None
