"""A simulated field beside the gateway: free addresses, the devices file, and the processes that play it."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import yaml

from xunshui.cli.watched import Child, of_ours
from xunshui.simulator.field import Field, devices_of
from xunshui.site import read_site

LOOPBACK = "127.0.0.1"
TOLD, FAULTS = "simulated", ".faults"
"""The file in the gateway's folder that remembers what was told, and the suffix of the one beside the site's."""
BROKER = """listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
log_type error
"""


def simulated_field(site: Path, spool: Path, hj212: tuple[str, int]) -> tuple[Path, list[Child]]:
    """Return the devices file of a simulated field and its processes.

    Water quality is told over MQTT only where a broker (mosquitto) is installed. What goes wrong is told by a file
    beside the site's: options of `xunshui simulate`, one word a line.
    """
    program = broker()
    field = Field(
        modbus=(LOOPBACK, free_port()),
        opcua=(LOOPBACK, free_port()),
        mqtt=(LOOPBACK, free_port()) if program else None,
    )
    devices = spool / "simulated-devices.yaml"
    devices.write_text(
        yaml.safe_dump(devices_of(read_site(site), field), allow_unicode=True), encoding="utf-8"
    )
    told = ("--told", str(spool / TOLD))
    addresses = [
        word
        for name, address in (("--modbus", field.modbus), ("--opcua", field.opcua), ("--mqtt", field.mqtt))
        if address is not None
        for word in (name, f"{address[0]}:{address[1]}")
    ]
    listens = ("--hj212", f"{hj212[0]}:{hj212[1]}")
    children = [of_ours("simulator", "simulate", str(site), *listens, *addresses, *told, *_faults(site))]
    if program and field.mqtt is not None:
        configuration = spool / "mosquitto.conf"
        configuration.write_text(BROKER.format(port=field.mqtt[1]), encoding="ascii")
        children.append(Child("broker", (program, "-c", str(configuration))))
    return devices, children


def _faults(site: Path) -> list[str]:
    file = site.with_suffix(FAULTS)
    return file.read_text("utf-8").split() if file.exists() else []


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        port: int = found.getsockname()[1]
        return port


def broker() -> str | None:
    """Return the MQTT broker of this machine, or None."""
    # Debian puts servers where ordinary users do not look.
    return shutil.which("mosquitto", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
