"""SZY206-2016: how water-resource stations report; read only, nothing is answered.

`frame` finds frames, `message` reads their head and the tail of a self-report. The standard itself was not read: the
form follows public programs and one public frame whose check was computed here. How values are written inside the
data is not known well enough to make samples of them: they come out as bytes.
"""

from xunshui.telemetry.szy206.frame import checksum, framer
from xunshui.telemetry.szy206.message import Message, read_frame

__all__ = ["Message", "checksum", "framer", "read_frame"]
