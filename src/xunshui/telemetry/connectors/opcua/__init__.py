"""OPC UA: one connection and one subscription to a server, which tells what changes.

>>> from xunshui.telemetry.connectors.opcua.reading import quality_of
>>> quality_of(0x40900000).name  # UncertainLastUsableValue
'UNCERTAIN'
"""

from xunshui.telemetry.connectors.opcua.settings import PARTS, Node, OpcuaDevice, mistakes_of

__all__ = ["PARTS", "Node", "OpcuaDevice", "mistakes_of"]
