"""The demo's data: four rounds with everything in them, all invented, the same each time.

Every case goes through the verbs that people's clicks call, with the moment given, so that its trail is
whole. Names say that they are invented: people are called after the ten stems, companies carry 示例.
"""

from xunshui.web.project.demo.calendar import MOMENT
from xunshui.web.project.demo.make import is_made, make_demo

__all__ = ["MOMENT", "is_made", "make_demo"]
