"""A simulated field: devices that tell the water of a site over real protocols, from its own file.

What flows follows from the volumes of the file and a seed, so that two runs tell the same water.
"""

from xunshui.simulator.field import Field
from xunshui.simulator.plant import Plant
from xunshui.simulator.run import simulate

__all__ = ["Field", "Plant", "simulate"]
