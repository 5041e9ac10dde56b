"""The spool: where a gateway keeps what it acknowledges. A commit returns once the batch is on disk.

One SQLite file, one writer, any number of readers; batches are numbered without a gap, so that whoever carries them
further can say how far it came and repeat itself without harm.
"""

from xunshui.telemetry.spool.prune import note_read, place_of, prune
from xunshui.telemetry.spool.read import (
    Channel,
    batches_after,
    channels_of,
    newest_of,
    samples_after,
    source_of,
)
from xunshui.telemetry.spool.schema import holds_spool, open_to_read, open_to_write
from xunshui.telemetry.spool.write import Kept, SpoolWriter

__all__ = [
    "Channel",
    "Kept",
    "SpoolWriter",
    "batches_after",
    "channels_of",
    "holds_spool",
    "newest_of",
    "note_read",
    "open_to_read",
    "open_to_write",
    "place_of",
    "prune",
    "samples_after",
    "source_of",
]
