"""SZY206-2016: how water-resource stations report; nothing is asked, and nothing confirmed unless that was agreed.

`frame` finds and writes frames, `message` reads their head and the parts of a self-report, `values` its numbers,
`time_label` its instant, `samples` puts them together, `centre` confirms. The standard itself was not read: the form
follows public programs, three public frames whose checks were computed here, and a public text of its heir SL/T
427-2021. Only what they agree on becomes a number: rain, level, flow and total, speed, pressure; the rest stays bytes.
"""

from xunshui.telemetry.szy206.frame import checksum, framer
from xunshui.telemetry.szy206.message import Message, read_frame
from xunshui.telemetry.szy206.samples import samples_of

__all__ = ["Message", "checksum", "framer", "read_frame", "samples_of"]
