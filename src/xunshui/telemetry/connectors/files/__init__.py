"""Files: history from CSV and Excel into the spool, as if it had been received.

Long form has the columns point, time, value and quality (as `xunshui lake export` writes them, or 点位/时间/数值/质量);
wide form has the time first and one column a point. A point that is written as a channel's full name, such as
``hj212:MN/2031/w00000-Cou``, fills that channel; any other becomes a channel of a device named after the file.
Rows that cannot be read are told one by one and stop none of the others. `table` reads rows, `reading` finds what
they say, `importing` keeps it, chunk by chunk, each exactly once.

>>> from xunshui.telemetry.connectors.files.reading import layout_of
>>> layout = layout_of(["时间", "FT-101"], device="history", renamed={})
>>> [reading] = layout.read(2, ["1970-01-01 08:00:01", "7.5"], latest_us=2_000_000).readings
>>> reading.channel, reading.sample
(Channel(protocol='file', device='history', code='FT-101'), Sample(code='FT-101', at_us=1000000, value=7.5, quality=<Quality.VALID: 0>))
"""

from xunshui.telemetry.connectors.files.importing import Imported, import_file
from xunshui.telemetry.connectors.files.reading import BadRow
from xunshui.telemetry.connectors.files.table import FileUnreadable

__all__ = ["BadRow", "FileUnreadable", "Imported", "import_file"]
