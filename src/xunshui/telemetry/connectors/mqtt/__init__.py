"""MQTT: JSON messages read by a template, and Sparkplug B; acknowledged once they are on disk.

>>> from xunshui.telemetry.connectors.mqtt.json_template import read_json
>>> topic = JsonTopic(topic="plant/+/flow", format="json", device="{1}", values={"flow": "data.flow"}, time="ts")
>>> reading = read_json(topic, "plant/P3/flow", b'{"ts": 1700000000, "data": {"flow": 12.5}}', device="broker")
>>> reading.parts[0].device, reading.parts[0].samples[0][:3]
('P3', ('flow', 1700000000000000, 12.5))
"""

from xunshui.telemetry.connectors.mqtt.settings import (
    PARTS,
    JsonTopic,
    MqttDevice,
    SparkplugTopic,
    mistakes_of,
)

__all__ = ["PARTS", "JsonTopic", "MqttDevice", "SparkplugTopic", "mistakes_of"]
