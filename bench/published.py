"""A catalogue of many cases, made in a folder of records: a demo's published round, each case of it many times over.

Run as a process of its own: `python -m bench.published COUNT` with XUNSHUI_HOME set; prints the numbers as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

from bench.server import environment

SEED = 2000


def published_in(home: Path, count: int) -> list[str]:
    """Return the numbers of that many published cases, made in `home`, in a process of their own."""
    home.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "bench.published", str(count)],
        check=True,
        capture_output=True,
        env=environment(home),
        cwd=Path(__file__).resolve().parents[1],
    )
    return [str(number) for number in json.loads(made.stdout.splitlines()[-1])]


def _make(count: int) -> list[str]:
    from django.db import transaction  # Django is ready now

    from xunshui.review import ApplicationState
    from xunshui.web.programme.models import Application
    from xunshui.web.project.demo.calendar import day
    from xunshui.web.project.demo.experts import fill_pool
    from xunshui.web.project.demo.past import published_round
    from xunshui.web.project.demo.people import Cast
    from xunshui.web.project.demo.reviewing import Experts

    with transaction.atomic():
        cast = Cast(SEED)
        published_round(cast, Experts(fill_pool(cast, day(2021, 7, 1))))
        models = list(Application.objects.filter(state=ApplicationState.PUBLISHED))
        wanted = count - len(models)
        made = [_copied(row.pk, place) for place, row in enumerate(islice(cycle(models), wanted))]
    return [*(row.number for row in models), *made]


def _copied(key: int, place: int) -> str:
    """Copy a case and its last version under a number and a name of its own; bodies take turns."""
    from xunshui.register import bodies
    from xunshui.web.programme.models import Application

    row = Application.objects.get(pk=key)
    version = row.submission
    row.pk, row.number = None, f"2021-{place + 1000:04}"
    row.case_name, row.body = f"{row.case_name}·{place}", bodies()[place % len(bodies())].code
    row.rank = None
    row.save(force_insert=True)
    assert version is not None
    version.pk, version.application = None, row
    version.save(force_insert=True)
    return row.number


def main() -> None:
    """Make them and print them."""
    from xunshui.cli.django_ready import home, start_django
    from xunshui.web.project.demo.calendar import MOMENT
    from xunshui.web.project.demo_clock import set_demo_clock

    set_demo_clock(home() / "demo-clock", shown=MOMENT, now=dt.datetime.now(dt.UTC))
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(_make(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
