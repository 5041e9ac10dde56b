"""Telemetry: readings from meters and loggers to a lake that can be asked, with nothing acknowledged ever lost.

A device sends frames to a gateway; the gateway answers once they are in the spool, on disk; the flusher carries
the spool into the lake; volumes per hour, day and month come out of it::

    device ──frame──▶ gateway ──ack after commit──▶ spool ──flusher──▶ lake ──▶ volumes
"""
