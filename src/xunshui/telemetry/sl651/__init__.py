"""SL 651-2014: how hydrological stations report, in its HEX/BCD form; reports are confirmed, nothing is asked.

`frame` finds and writes frames, `message` reads their head and elements, `elements` names them, `samples` takes the
values out, `centre` confirms. The standard itself was not read: the form follows public articles and programs, and six
public frames whose checks were computed here; what rests on memory alone says so. Messages in several packets and
the arrays of even-period reports (31, 38) are framed, kept and not taken apart.
"""

from xunshui.telemetry.sl651.frame import framer
from xunshui.telemetry.sl651.message import Element, Message, read_frame
from xunshui.telemetry.sl651.samples import samples_of

__all__ = ["Element", "Message", "framer", "read_frame", "samples_of"]
