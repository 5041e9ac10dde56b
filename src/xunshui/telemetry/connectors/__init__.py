"""Connectors: what a gateway asks or listens to by itself — Modbus TCP, OPC UA and MQTT, one folder each.

A devices file says which; every device runs under a supervisor that starts it again when it fails. What comes is
given to the committer, and what a sender can be told (MQTT, quality of service 1) is told once that is on disk.
Channels are named ``<protocol>:<device>/<code>``. Each folder's quality.yaml says what is promised and which test
shows it.

>>> from xunshui.telemetry.connectors.devices import devices_of
>>> flow = {"code": "flow", "table": "holding", "address": 0, "type": "float32"}
>>> [plc] = devices_of({"devices": [{"name": "plc1", "protocol": "modbus", "host": "10.0.0.7", "registers": [flow]}]})
>>> plc.name, plc.listens_at, plc.every_s
('plc1', 502, 5.0)
"""
