"""From the devices of a file to what runs."""

from __future__ import annotations

from collections.abc import Iterable

from xunshui.telemetry.connectors.devices import Device
from xunshui.telemetry.connectors.modbus import ModbusDevice
from xunshui.telemetry.connectors.modbus.connector import ModbusConnector
from xunshui.telemetry.connectors.mqtt import MqttDevice
from xunshui.telemetry.connectors.mqtt.connector import MqttConnector
from xunshui.telemetry.connectors.opcua.connector import OpcuaConnector
from xunshui.telemetry.connectors.supervise import Connector, DeviceState


def connectors_of(devices: Iterable[Device]) -> list[tuple[Connector, DeviceState]]:
    """Return the connector of each device, with a state that says nothing was heard yet."""
    return [
        (_connector(device), DeviceState(device.name, device.protocol, device.address)) for device in devices
    ]


def _connector(device: Device) -> Connector:
    if isinstance(device, ModbusDevice):
        return ModbusConnector(device)
    if isinstance(device, MqttDevice):
        return MqttConnector(device)
    return OpcuaConnector(device)
