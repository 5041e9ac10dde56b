"""SL 651-2014: how hydrological stations report, in its HEX/BCD form; read only, nothing is answered.

`frame` finds frames, `message` reads their head and elements, `samples` takes the values out. The standard itself
was not read: the form follows public articles and programs, and six public frames whose checks were computed here;
what rests on memory alone says so. Messages in several packets and the arrays of even-period reports (31, 38) are
framed and not taken apart.
"""

from xunshui.telemetry.sl651.frame import framer
from xunshui.telemetry.sl651.message import Element, Message, read_frame
from xunshui.telemetry.sl651.samples import samples_of

__all__ = ["Element", "Message", "framer", "read_frame", "samples_of"]
