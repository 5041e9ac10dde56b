"""What is imported when: the package costs nothing until it is used, and help loads no room but the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW = (
    *("pydantic", "openpyxl", "yaml", "weasyprint", "docx", "xlsxwriter", "jinja2", "py_mini_racer"),
    *("pymodbus", "asyncua", "aiomqtt", "paho"),
)


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after running `code`."""
    tell = f"{code}\nimport json, sys; print('\\n' + json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_of_the_package_loads_nothing_slow() -> None:
    loaded = modules_after("import xunshui")

    assert loaded.isdisjoint(SLOW)
    assert {name for name in loaded if name.startswith("xunshui.")} == set()


def test_help_loads_no_room_but_the_command_line() -> None:
    loaded = modules_after(
        "from xunshui.cli.main import cli\ntry: cli(['--help'])\nexcept SystemExit: pass",
    )

    assert loaded.isdisjoint(SLOW)
    rooms = {name.split(".")[1] for name in loaded if name.startswith("xunshui.")}
    assert rooms == {"cli"}


def test_gateway_starts_without_the_rooms_that_compute() -> None:
    loaded = modules_after("import xunshui.cli.gateway, xunshui.telemetry.gateway.run")

    assert loaded.isdisjoint({*SLOW, "scipy", "deltalake", "duckdb", "django"})


def test_assess_of_json_loads_neither_workbooks_nor_documents() -> None:
    loaded = modules_after("from xunshui.cli.assess import command\nfrom xunshui.site import read_site")

    assert loaded.isdisjoint(set(SLOW) - {"pydantic", "yaml"})
    assert "xunshui.documents" not in loaded


@pytest.mark.parametrize(
    "before",
    ["", "import xunshui.assess", "from xunshui.assess import assess"],
    ids=["plain", "room", "verb"],
)
def test_assess_is_callable_before_and_after_its_room_is_imported(before: str) -> None:
    code = (
        "import xunshui as xs\n"
        f"{before}\n"
        'site = xs.site_from_json(\'{"id": "m", "name": "m", "kind": "enterprise",'
        ' "periods": [], "units": [], "streams": []}\')\n'
        "first = xs.assess(site)\n"
        "import xunshui.assess\n"
        "assert xs.assess(site) == first\n"
        "assert isinstance(first, xs.Assessment)\n"
    )

    assert "xunshui.assess" in modules_after(code)
