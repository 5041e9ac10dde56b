"""A gateway's worth of life beside a bench: 200 samples committed to the spool each half second, until killed.

python -m bench.live_writer SPOOL
"""

from __future__ import annotations

import sys
import time
from itertools import count
from pathlib import Path

from bench.month import CODES, DEVICES, reported
from xunshui.telemetry.spool import SpoolWriter

SAMPLES_A_COMMIT = 200
EVERY_S = 0.5


def main() -> None:
    """Write on and on."""
    writer = SpoolWriter(Path(sys.argv[1]))
    for number in count():
        at_us = time.time_ns() // 1000
        devices = [
            (number * SAMPLES_A_COMMIT // CODES + place) % DEVICES
            for place in range(SAMPLES_A_COMMIT // CODES)
        ]
        writer.commit([reported(device, at_us, 60.0) for device in devices], at_us)
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
