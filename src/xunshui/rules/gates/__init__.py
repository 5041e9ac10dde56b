"""The three gates of the notice, of which one must be met."""

from xunshui.rules.gates import efficiency, reclaimed, reuse

GATES = (reuse.judge, efficiency.judge, reclaimed.judge)

__all__ = ["GATES"]
