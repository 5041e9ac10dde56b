"""The lake: everything the spool has kept, for years, as two Delta tables that any tool can read.

`readings` holds the values, a file or more a local day, sorted by channel and instant; `batches` holds the frames
they were read from, with the seal of each batch. Rows are only ever added: of two readings of one channel and
instant the one of the later batch counts, and the earlier stays as history.
"""

from xunshui.telemetry.lake.compact import compact, vacuum
from xunshui.telemetry.lake.flush import Flushed, flush
from xunshui.telemetry.lake.read import Reader
from xunshui.telemetry.lake.tables import lake_of

__all__ = ["Flushed", "Reader", "compact", "flush", "lake_of", "vacuum"]
